"""The figures behind the pictures of segments: of all clients with sales, or of those of a category, a class, a stage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.clients.clients_by_page import NO_CATEGORY
from app.matters.counts import counts_by_client
from app.sales.clients_of_segment import SegmentWanted, of_segment
from models import CategoryRule, ClientCard, ClientSegment, SegmentMovement
from models.segment import LifeCycle

CONTACTS_OF: Final = timedelta(days=30)
"""So far back calls and complaints are counted."""
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
            mine = select(ClientCard.id).where(ClientCard.tenant_id == tenant_id, self._of_category())
            found.append(ClientSegment.client_id.in_(mine))
        if self.abc:
            found.append(ClientSegment.abc == self.abc)
        if self.stage:
            found.append(ClientSegment.life_cycle == self.stage)
        return found

    def of_cards(self, tenant_id: str) -> list[ColumnElement[bool]]:
        """Of a query of :class:`ClientCard`, whether or not the client has sales."""
        found = of_segment(tenant_id, SegmentWanted(abc=self.abc, stage=self.stage))
        return [*found, self._of_category()] if self.category else found

    def _of_category(self) -> ColumnElement[bool]:
        column = ClientCard.category_id
        return column.is_(None) if self.category == NO_CATEGORY else column == self.category


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
class Contacts:
    """The calls of a segment's clients, those of them that were answered, and the complaints that were opened."""

    segment: str
    calls: int
    answered: int
    complaints: int

    @property
    def for_hundred(self) -> float | None:
        """Complaints for a hundred calls, None without calls."""
        return 100 * self.complaints / self.calls if self.calls else None


async def contacts_by_segment(session: AsyncSession, tenant_id: str, wanted: Wanted, now: datetime) -> list[Contacts]:
    """The calls and complaints of the last :data:`CONTACTS_OF` by class and stage. Clients without sales are potential, and
    of no class."""
    counts = counts_by_client(tenant_id, now - CONTACTS_OF)
    stage = func.coalesce(ClientSegment.life_cycle, LifeCycle.POTENTIAL.value)
    rows = await session.execute(
        select(
            ClientSegment.abc,
            stage,
            func.sum(counts.c.calls),
            func.sum(counts.c.answered),
            func.sum(counts.c.complaints),
        )
        .select_from(counts)
        .join(ClientCard, (ClientCard.tenant_id == tenant_id) & (ClientCard.id == counts.c.client_id))
        .outerjoin(ClientSegment, (ClientSegment.tenant_id == tenant_id) & (ClientSegment.client_id == ClientCard.id))
        .where(*wanted.of_cards(tenant_id))
        .group_by(ClientSegment.abc, stage)
    )
    found: dict[str, Contacts] = {}
    for abc, of_stage, *counted in rows:
        for segment in filter(None, (abc, of_stage)):
            before = found.get(segment, Contacts(segment, 0, 0, 0))
            calls, answered, complaints = (int(one) for one in counted)
            found[segment] = Contacts(
                segment, before.calls + calls, before.answered + answered, before.complaints + complaints
            )
    order = (*"ABC", *(stage.value for stage in LifeCycle))
    return [found[one] for one in order if one in found]


@dataclass(frozen=True, slots=True)
class Moved:
    """How many clients came from one stage into another during a month (``2026-07``), or stayed."""

    month: str
    before: str
    after: str
    clients: int


async def movement_of(session: AsyncSession, tenant_id: str, wanted: Wanted) -> list[Moved]:
    """Of the clients with sales who are meant, the earliest month first."""
    moved = SegmentMovement
    steps = (moved.month, moved.before, moved.after)
    found = (
        select(*steps, func.sum(moved.clients)).where(moved.tenant_id == tenant_id).group_by(*steps).order_by(*steps)
    )
    if wanted.category:
        found = found.where(moved.category_id == ("" if wanted.category == NO_CATEGORY else wanted.category))
    if wanted.abc:
        found = found.where(moved.abc == wanted.abc)
    if wanted.stage:
        found = found.where(moved.stage == wanted.stage)
    rows = await session.execute(found)
    return [Moved(f"{month:%Y-%m}", before, after, clients) for month, before, after, clients in rows]


def stages_by_month(movement: Sequence[Moved]) -> list[tuple[str, list[tuple[str, float]]]]:
    """For each month how many clients it left at each stage, as a picture's groups."""
    months: dict[str, dict[str, float]] = {}
    for one in movement:
        stages = months.setdefault(one.month, {stage.value: 0.0 for stage in LifeCycle})
        stages[one.after] += one.clients
    return [(month, [(f"stage-{stage}", count) for stage, count in stages.items()]) for month, stages in months.items()]
