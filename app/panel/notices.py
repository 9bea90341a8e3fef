"""What the people at the panel are told when something does not work: in words, with what it means for their calls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.base.language import clock_time, day_and_time
from app.base.language import gettext as _
from app.health.degradation import Degradation, Part
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.web.drawing import draw

_OF_THE_DATABASE: Final = frozenset({Part.PLAN, Part.JOURNAL, Part.FEED})
"""What follows from a silent database is not worth a notice of its own beside the one about the database."""
_HERE: Final = "\0"


@dataclass(frozen=True, slots=True)
class Notice:
    """``before`` and ``after`` stand around how long it has lasted."""

    before: str
    since: datetime
    lasting: str
    after: str


def notices_of(degradation: Degradation, tenant: TenantRows) -> list[Notice]:
    """What to tell the tenant's people; nothing when all is well."""
    now, since, zone = degradation.board.clock(), degradation.since, zone_of_company(tenant)
    hidden = _OF_THE_DATABASE if Part.DATABASE in since else frozenset()
    fresh = degradation.board.live_plan.fresh_at
    same_day = fresh.astimezone(zone).date() == now.astimezone(zone).date()
    lists_of = clock_time(fresh, zone) if same_day else day_and_time(fresh, zone)
    notices = []
    for part in Part:
        if part is Part.TELEPHONE:
            away = degradation.board.telephones.means.reach.of(tenant.tenant_id)
            if away is not None:
                before, _mark, after = _words(part, lists_of).partition(_HERE)
                notices.append(Notice(before, away, lasting((now - away).total_seconds()), after))
        elif part in since and part not in hidden:
            before, _mark, after = _words(part, lists_of).partition(_HERE)
            notices.append(Notice(before, since[part], lasting((now - since[part]).total_seconds()), after))
    return notices


def draw_notices(degradation: Degradation, tenant: TenantRows) -> str:
    """Their markup."""
    return draw("operator_panel/notices.html", notices=notices_of(degradation, tenant))


def lasting(seconds: float) -> str:
    """A duration as people say it; :file:`static/live/clock.js` counts on in the same words."""
    if seconds < 60:
        return _("less than a minute")
    hours, minutes = divmod(int(seconds // 60), 60)
    return (
        _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
        if hours
        else _("%(minutes)s min", minutes=minutes)
    )


def _words(part: Part, lists_of: str) -> str:
    match part:
        case Part.DATABASE:
            return _(
                "The database has not responded for %(lasting)s. Calls are still answered, with the lists as of "
"%(lists_of)s. New cards may be late, and changes cannot be saved.",
                lasting=_HERE, lists_of=lists_of,
            )  # fmt: skip
        case Part.PLAN:
            return _(
                "The lists could not be refreshed for %(lasting)s. Calls are still answered, with the lists as "
"of %(lists_of)s. Later changes do not apply yet.",
                lasting=_HERE, lists_of=lists_of,
            )  # fmt: skip
        case Part.DISK:
            return _(
                "The disk has refused records for %(lasting)s. Calls are still answered, and their records stay "
                "in memory until the database has them.",
                lasting=_HERE,
            )
        case Part.JOURNAL:
            return _(
                "Call records have been waiting for the database for %(lasting)s. New cards may be late.", lasting=_HERE
            )
        case Part.FEED:
            return _("The event log could not be read for %(lasting)s. New cards may be late.", lasting=_HERE)
        case Part.TELEPHONE:
            return _(
                "The provider has taken no commands for %(lasting)s. Calls come in and are answered; taking, transferring "
                "and hanging up work more slowly.",
                lasting=_HERE,
            )
        case Part.SET_ASIDE:
            return _(
                "Some call records have been set aside for %(lasting)s, since the database refuses them. Calls are "
                "answered; please tell whoever runs the service.",
                lasting=_HERE,
            )
