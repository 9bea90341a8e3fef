"""The report about calls: one SQL over the table of calls, grouped by what is asked for.

Every call is one of four things: *blocked* (the blacklist ended it, or it was refused to protect the others),
*answered*, *abandoned* (missed, by the one definition in :mod:`app.calls.missed_calls`) or *other*: it heard an
announcement, was refused, or still goes on. Whoever is blocked or refused wanted nobody who failed to answer, so
neither counts for the service level."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Double, Integer, Select, and_, case, cast, func, not_, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.calls.missed_calls import hidden, missed
from app.event_log.records import BOOTH
from models import CallRecord, ClientCard
from routing.reasons import OF_VIPS, ReasonCode

SERVICE_LEVEL_SECONDS: Final = 20
"""Within so many seconds four of five callers should be answered: the usual aim of a switchboard."""
LONGEST_REPORT: Final = timedelta(days=3660)
_DAYS_FILLED: Final = 400
"""In a longer report, days without calls are left out."""
_HOURS: Final = range(24)


class By(StrEnum):
    """What the calls are grouped by. Days and hours are the company's."""

    DAY = "day"
    HOUR = "hour"
    QUEUE = "queue"
    OPERATOR = "operator"
    CATEGORY = "category"
    REASON = "reason"


class Period(NamedTuple):
    """From the first moment until before the last (UTC)."""

    begin: datetime
    end: datetime

    @classmethod
    def of_days(cls, first: date, last: date, zone: ZoneInfo) -> "Period":
        """Whole days by the clock of ``zone``, both included; some have 23 or 25 hours."""
        begin = datetime.combine(first, time(), zone).astimezone(UTC)
        return cls(begin, datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Figures:
    """What some calls come to. ``waited`` are the seconds that ``answered`` and ``abandoned`` callers waited together,
    from the beginning of the call, and ``longest_wait`` the most of one; ``in_time`` were answered within the service
    level."""

    calls: int = 0
    answered: int = 0
    abandoned: int = 0
    missed_vips: int = 0
    blocked: int = 0
    waited: float = 0.0
    longest_wait: float = 0.0
    in_time: int = 0

    @property
    def other(self) -> int:
        """Neither answered nor abandoned nor blocked."""
        return self.calls - self.answered - self.abandoned - self.blocked

    @property
    def average_wait(self) -> float | None:
        """Seconds; None where nobody waited for anybody."""
        wanted = self.answered + self.abandoned
        return self.waited / wanted if wanted else None

    @property
    def service_level(self) -> float | None:
        """The share, from 0 to 1, of those who wanted somebody and were answered in time; None where nobody did."""
        wanted = self.answered + self.abandoned
        return self.in_time / wanted if wanted else None

    def __add__(self, other: "Figures") -> "Figures":
        """Both together."""
        return Figures(
            self.calls + other.calls, self.answered + other.answered, self.abandoned + other.abandoned,
            self.missed_vips + other.missed_vips, self.blocked + other.blocked, self.waited + other.waited,
            max(self.longest_wait, other.longest_wait), self.in_time + other.in_time,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """The calls of one day, hour, queue and so on. ``key`` is the day (``2026-07-24``), the hour (``9``), an id or a
    reason's code; empty for calls without one."""

    key: str
    figures: Figures


async def call_report(
    session: AsyncSession, tenant_id: str, by: By, period: Period, zone: ZoneInfo, within: int = SERVICE_LEVEL_SECONDS
) -> list[Group]:
    """The groups: days and hours in their order, also those without calls; others by their number of calls."""
    rows = await session.execute(_query(tenant_id, by, period, zone, within))
    found = {"" if row[0] is None else str(row[0]): Figures(*row[1:]) for row in rows}
    if by is By.DAY or by is By.HOUR:
        return [Group(key, found.get(key, Figures())) for key in _keys(by, period, zone, [*found])]
    in_order = sorted(found.items(), key=lambda one: (-one[1].calls, one[0]))
    return [Group(key, figures) for key, figures in in_order]


def total(groups: Sequence[Group]) -> Figures:
    """All groups together."""
    return sum((group.figures for group in groups), Figures())


def _query(tenant_id: str, by: By, period: Period, zone: ZoneInfo, within: int) -> Select[tuple[object, ...]]:
    blocked, abandoned = _blocked(), missed()
    answered = and_(CallRecord.answered_at.is_not(None), not_(blocked))
    until = func.coalesce(CallRecord.answered_at, CallRecord.ended_at)
    wait = func.greatest(func.extract("epoch", until - CallRecord.started_at), 0)
    wanted = or_(answered, abandoned)
    query = select(
        _key(by, zone).label("key"),
        func.count(),
        func.count().filter(answered),
        func.count().filter(abandoned),
        func.count().filter(and_(abandoned, CallRecord.reason_code.in_(OF_VIPS))),
        func.count().filter(blocked),
        cast(func.coalesce(func.sum(wait).filter(wanted), 0), Double),
        cast(func.coalesce(func.max(wait).filter(wanted), 0), Double),
        func.count().filter(and_(answered, wait <= within)),
    ).where(
        CallRecord.tenant_id == tenant_id,
        CallRecord.started_at >= period.begin,
        CallRecord.started_at < period.end,
        CallRecord.provider != BOOTH,
    )
    if by is By.CATEGORY:
        mine = and_(ClientCard.tenant_id == CallRecord.tenant_id, ClientCard.id == CallRecord.client_id)
        query = query.outerjoin(ClientCard, mine)
    return query.group_by("key")


def _blocked() -> ColumnElement[bool]:
    """Whom the blacklist kept away, and whoever called too often at once."""
    return or_(hidden(), CallRecord.reason_code == ReasonCode.TOO_MANY_CALLS.value)


def _key(by: By, zone: ZoneInfo) -> ColumnElement[Any]:
    local = func.timezone(zone.key, CallRecord.started_at)
    match by:
        case By.DAY:
            return cast(local, Date)
        case By.HOUR:
            return cast(func.extract("hour", local), Integer)
        case By.QUEUE:
            return CallRecord.queue_id.expression
        case By.OPERATOR:
            return case((CallRecord.answered_at.is_not(None), CallRecord.answered_by), else_=null())
        case By.CATEGORY:
            return ClientCard.category_id.expression
        case By.REASON:
            return CallRecord.reason_code.expression


def _keys(by: By, period: Period, zone: ZoneInfo, found: list[str]) -> list[str]:
    if by is By.HOUR:
        return [str(hour) for hour in _HOURS]
    first = period.begin.astimezone(zone).date()
    last = (period.end - timedelta(microseconds=1)).astimezone(zone).date()
    days = (last - first).days + 1
    return [str(first + timedelta(days=day)) for day in range(days)] if days <= _DAYS_FILLED else sorted(found)
