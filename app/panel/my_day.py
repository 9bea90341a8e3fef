"""How the day goes for somebody, in one line, and what they may look at of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.rights import can_judge
from app.auth.roles import Role
from app.base.language import gettext as _
from app.base.language import ngettext
from app.calls.missed_calls import WANTED_SOMEBODY, missed
from app.calls.pieces import midnight
from app.event_log.records import BOOTH
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from models import CallRecord

_COUNTS: Final = (0, 1, 2, 3, 5, 11, 21)
"""Numbers that between them have every plural form of our languages, and more."""


class Show(StrEnum):
    """Which calls of today are shown. The page hides the others by its style sheet, so that calls that end meanwhile obey
    it too."""

    ALL = "all"
    MISSED = "missed"
    MINE = "mine"
    BLACKLISTED = "blacklisted"


@dataclass(frozen=True, slots=True)
class Day:
    """``calls`` taken and ``missed``: somebody's own, or everybody's."""

    calls: int
    missed: int
    of_everybody: bool

    @property
    def sentence(self) -> str:
        """``My day: 14 answered · 2 missed``."""
        return self._said(_taken(self.calls), _missed(self.missed))

    @property
    def words(self) -> dict[str, object]:
        """The sentence and its counts, with ``{n}`` for a number, by numbers of which they are said: the page counts on
        with them."""
        return {
            "day": self._said("{calls}", "{missed}"),
            "calls": {number: _taken(number).replace(str(number), "{n}") for number in _COUNTS},
            "missed": {number: _missed(number).replace(str(number), "{n}") for number in _COUNTS},
        }

    def _said(self, calls: str, missed: str) -> str:
        if self.of_everybody:
            return _("Team today: %(calls)s · %(missed)s", calls=calls, missed=missed)
        return _("My day: %(calls)s · %(missed)s", calls=calls, missed=missed)


def filters_for(role: Role) -> list[tuple[str, str]]:
    """What somebody may choose to see of the day."""
    choices = [
        (Show.ALL.value, _("All calls")), (Show.MISSED.value, _("Missed calls")), (Show.MINE.value, _("My calls")),
    ]  # fmt: skip
    return [*choices, (Show.BLACKLISTED.value, _("Blacklisted calls"))] if can_judge(role) else choices


async def my_day(session: AsyncSession, who: Principal, tenant: TenantRows, now: datetime) -> Day:
    """The calls that ``who`` has taken since midnight and those that were missed in their queues; of everybody for those
    who take none themselves."""
    today = and_(
        CallRecord.tenant_id == who.tenant_id,
        CallRecord.started_at >= midnight(tenant, now),
        CallRecord.provider != BOOTH,
    )
    operator = tenant.rows["operator"].get(who.operator_id or "")
    mine, ours = _by(operator)
    counts = select(func.count().filter(mine), func.count().filter(missed(), ours)).where(today)
    return Day(*(await session.execute(counts)).one(), of_everybody=operator is None)


def _by(operator: Row | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    if operator is None:
        return and_(CallRecord.answered_at.is_not(None), CallRecord.action.in_(WANTED_SOMEBODY)), true()
    # Whoever gave up in a menu wanted anybody.
    in_my_queues = or_(CallRecord.queue_id.in_(operator["queue_ids"]), CallRecord.queue_id.is_(None))
    return CallRecord.answered_by == operator["id"], in_my_queues


def _taken(number: int) -> str:
    return ngettext("%(num)s answered", "%(num)s answered", number)


def _missed(number: int) -> str:
    return ngettext("%(num)s missed", "%(num)s missed", number)
