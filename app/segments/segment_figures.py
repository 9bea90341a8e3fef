"""The figures behind the pictures of segments: of all clients with sales, or of those of a category, a class, a stage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.event_log.records import BOOTH
from models import CallRecord, CategoryRule, ClientCard, ClientSegment, GoneClient, SegmentMovement
from models.segment import LifeCycle

CALLS_OF: Final = timedelta(days=30)
"""So far back calls are counted."""
NO_CATEGORY: Final = "none"
"""The filter for clients without a category."""
_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which clients: of a ``category`` (an id, or :data:`NO_CATEGORY`), of a class (``abc``), at a ``stage``; empty: all."""

    category: str = ""
    abc: str = ""
    stage: str = ""

    def conditions(self, tenant_id: str) -> list[ColumnElement[bool]]:
        """Of a query of :class:`ClientSegment`."""
        found = [ClientSegment.tenant_id == tenant_id]
        if self.category:
            category = None if self.category == NO_CATEGORY else self.category
            mine = select(ClientCard.id).where(
                ClientCard.tenant_id == tenant_id,
                ClientCard.category_id.is_(None) if category is None else ClientCard.category_id == category,
            )
            found.append(ClientSegment.client_id.in_(mine))
        if self.abc:
            found.append(ClientSegment.abc == self.abc)
        if self.stage:
            found.append(ClientSegment.life_cycle == self.stage)
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """Clients who have the category, the classes and the stage in common; ``name`` is the category's, empty without one."""

    category: str
    name: str
    abc: str
    xyz: str
    stage: str
    clients: int
    revenue: float


@dataclass(frozen=True, slots=True)
class Sum:
    """The clients of a segment or category (``key``), and what they bring; ``name`` is a category's."""

    key: str
    clients: int
    revenue: float
    name: str = ""


async def parts_of(session: AsyncSession, tenant_id: str, wanted: Wanted) -> list[Part]:
    """The clients with sales, in as many parts as differ."""
    kind = (ClientCard.category_id, CategoryRule.name, ClientSegment.abc, ClientSegment.xyz, ClientSegment.life_cycle)
    rows = await session.execute(
        select(*kind, func.count(), func.coalesce(func.sum(ClientSegment.revenue), 0))
        .select_from(ClientSegment)
        .join(ClientCard, (ClientCard.tenant_id == tenant_id) & (ClientCard.id == ClientSegment.client_id))
        .outerjoin(CategoryRule, (CategoryRule.tenant_id == tenant_id) & (CategoryRule.id == ClientCard.category_id))
        .where(*wanted.conditions(tenant_id))
        .group_by(*kind)
    )
    return [
        Part(category or NO_CATEGORY, name or "", abc or "", xyz or "", stage, clients, float(revenue or 0))
        for category, name, abc, xyz, stage, clients, revenue in rows
    ]


def segment_sums(parts: Sequence[Part]) -> list[Sum]:
    """By class, steadiness and stage, in this order."""
    stages = [stage.value for stage in LifeCycle]
    by_class = _sums(parts, lambda one: one.abc)
    by_steadiness = _sums(parts, lambda one: one.xyz)
    by_stage = _sums(parts, lambda one: one.stage)
    return [
        *(by_class[key] for key in "ABC" if key in by_class),
        *(by_steadiness[key] for key in "XYZ" if key in by_steadiness),
        *(by_stage[key] for key in stages if key in by_stage),
    ]


def category_sums(parts: Sequence[Part]) -> list[Sum]:
    """By category, the most revenue first."""
    found = _sums(parts, lambda one: one.category).values()
    return sorted(found, key=lambda one: (-one.revenue, one.name, one.key))


def _sums(parts: Sequence[Part], key_of: Callable[[Part], str]) -> dict[str, Sum]:
    sums: dict[str, Sum] = {}
    for one in parts:
        key = key_of(one)
        before = sums.get(key, Sum(key, 0, 0.0))
        sums[key] = Sum(key, before.clients + one.clients, before.revenue + one.revenue, one.name)
    return sums


async def revenue_curve(session: AsyncSession, tenant_id: str, wanted: Wanted) -> list[tuple[float, float]]:
    """How much of the revenue the first clients bring, whoever brings most first: percents of the clients, and of the
    revenue; at most a hundred points. Empty without revenue."""
    positive = func.greatest(ClientSegment.revenue, 0)
    order = (ClientSegment.revenue.desc(), ClientSegment.client_id)
    ordered = (
        select(
            func.row_number().over(order_by=order).label("place"),
            func.sum(positive).over(order_by=order, rows=(None, 0)).label("sum"),
            func.count().over().label("clients"), func.sum(positive).over().label("total"),
        )
        .where(*wanted.conditions(tenant_id), ClientSegment.revenue.is_not(None))
        .subquery()
    )  # fmt: skip
    tenth = func.ceil(ordered.c.place * float(_POINTS) / ordered.c.clients)
    rows = await session.execute(
        select(func.max(ordered.c.place), func.max(ordered.c.sum), ordered.c.clients, ordered.c.total)
        .where(ordered.c.total > 0)
        .group_by(tenth, ordered.c.clients, ordered.c.total)
        .order_by(func.max(ordered.c.place))
    )
    return [(100 * place / clients, float(100 * some / total)) for place, some, clients, total in rows]


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of a segment's clients, and those of them that were answered."""

    segment: str
    calls: int
    answered: int


async def calls_by_segment(session: AsyncSession, tenant_id: str, wanted: Wanted, now: datetime) -> list[Calls]:
    """The calls of the last :data:`CALLS_OF` by class and stage. Those of somebody who was merged are the other's."""
    client_id = func.coalesce(GoneClient.into_id, CallRecord.client_id)
    rows = await session.execute(
        select(
            ClientSegment.abc, ClientSegment.life_cycle, func.count(CallRecord.call_id), func.count(CallRecord.answered_at)
        )
        .select_from(CallRecord)
        .outerjoin(
            GoneClient,
            (GoneClient.tenant_id == tenant_id) & (GoneClient.client_id == CallRecord.client_id)
            & GoneClient.into_id.is_not(None),
        )
        .join(ClientSegment, (ClientSegment.tenant_id == tenant_id) & (ClientSegment.client_id == client_id))
        .where(
            CallRecord.tenant_id == tenant_id, CallRecord.provider != BOOTH, CallRecord.started_at > now - CALLS_OF,
            *wanted.conditions(tenant_id),
        )
        .group_by(ClientSegment.abc, ClientSegment.life_cycle)
    )  # fmt: skip
    found: dict[str, tuple[int, int]] = {}
    for abc, stage, calls, answered in rows:
        for segment in filter(None, (abc, stage)):
            before = found.get(segment, (0, 0))
            found[segment] = before[0] + calls, before[1] + answered
    order = (*"ABC", *(stage.value for stage in LifeCycle))
    return [Calls(one, *found[one]) for one in order if one in found]


@dataclass(frozen=True, slots=True)
class Moved:
    """How many clients came from one stage into another during a month (``2026-07``), or stayed."""

    month: str
    before: str
    after: str
    clients: int


async def movement_of(session: AsyncSession, tenant_id: str) -> list[Moved]:
    """Of all clients with sales, the earliest month first."""
    rows = await session.execute(
        select(SegmentMovement.month, SegmentMovement.before, SegmentMovement.after, SegmentMovement.clients)
        .where(SegmentMovement.tenant_id == tenant_id)
        .order_by(SegmentMovement.month, SegmentMovement.before, SegmentMovement.after)
    )
    return [Moved(f"{month:%Y-%m}", before, after, clients) for month, before, after, clients in rows]


def stages_by_month(movement: Sequence[Moved]) -> list[tuple[str, list[tuple[str, float]]]]:
    """For each month how many clients it left at each stage, as a picture's groups."""
    months: dict[str, dict[str, float]] = {}
    for one in movement:
        stages = months.setdefault(one.month, {stage.value: 0.0 for stage in LifeCycle})
        stages[one.after] += one.clients
    return [(month, [(f"stage-{stage}", count) for stage, count in stages.items()]) for month, stages in months.items()]
