"""What the people at the panel are told when something does not work: in words, with what it means for their calls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.clients.client_card import zone_of_company
from app.degradation import Degradation, Part
from app.panel.drawing import draw
from app.plan.tenant_rows import TenantRows

_OF_THE_DATABASE: Final = frozenset({Part.PLAN, Part.JOURNAL, Part.FEED})
"""What follows from a silent database is not worth a notice of its own beside the one about the database."""


@dataclass(frozen=True, slots=True)
class Notice:
    """``before`` and ``after`` stand around how long it has lasted."""

    before: str
    since: datetime
    lasting: str
    after: str


def notices_of(degradation: Degradation, tenant: TenantRows) -> list[Notice]:
    """What to tell the tenant's people; nothing when all is well."""
    now, since = degradation.board.clock(), degradation.since
    hidden = _OF_THE_DATABASE if Part.DATABASE in since else frozenset()
    fresh = degradation.board.live_plan.fresh_at.astimezone(zone_of_company(tenant))
    lists_of = fresh.strftime("%H:%M" if fresh.date() == now.astimezone(fresh.tzinfo).date() else "%d %b, %H:%M")
    return [
        Notice(before, since[part], lasting((now - since[part]).total_seconds()), after.format(lists_of=lists_of))
        for part, (before, after) in _WORDS.items()
        if part in since and part not in hidden
    ]


def draw_notices(degradation: Degradation, tenant: TenantRows) -> str:
    """Their markup."""
    return draw("operator_panel/notices.html", notices=notices_of(degradation, tenant))


def lasting(seconds: float) -> str:
    """A duration as people say it; :file:`static/live.js` counts on in the same words."""
    if seconds < 60:
        return "less than a minute"
    minutes = int(seconds // 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


_WORDS: Final = {
    Part.DATABASE: (
        "The database has not answered for ",
        ": calls are still decided, with the lists as of {lists_of}; new cards may be late, and changes cannot be saved.",
    ),
    Part.PLAN: (
        "The lists could not be renewed for ",
        ": calls are still decided, with the lists as of {lists_of}; later changes do not count yet.",
    ),
    Part.DISK: (
        "The disk has refused records for ",
        ": calls are still answered, and their records kept in memory until the database has them.",
    ),
    Part.JOURNAL: ("Records of calls have waited for the database for ", ": new cards may be late."),
    Part.FEED: ("The event log could not be read for ", ": new cards may be late."),
}
