"""Matters as they are shown: what it is, whose, by when, and who sees to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.rights import can_judge
from app.calls.call_outcome import operator_name
from app.matters.edit_matter import known_as_now
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.words.actor_words import person
from app.words.matter_words import matter_kind_words, matter_state_words, matter_text
from models import ClientCard, Matter
from models.matter import MatterState

OF_EACH_STATE: Final = 60
"""How many the board shows of a state: those that are due first, or were settled last. The rest is a number."""
ORDER: Final = tuple(MatterState)


@dataclass(frozen=True, slots=True)
class MatterRow:
    """``is_mine`` is whether whoever looks has it; ``owner`` is a name, empty while nobody has taken it. ``client`` is the
    card of whoever it is for, None without one and for one that is gone."""

    matter: Matter
    client: Row | None
    zone: ZoneInfo
    owner: str
    is_mine: bool
    is_late: bool

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return matter_kind_words(self.matter.kind)

    @property
    def state(self) -> str:
        """How far it has come, in words."""
        return matter_state_words(self.matter.state)

    @property
    def text(self) -> str:
        """What it is about."""
        return matter_text(self.matter.text, self.matter.satisfaction)

    @property
    def opened_by(self) -> str:
        """Who has opened it."""
        return person(self.matter.opened_by)

    @property
    def before(self) -> MatterState | None:
        """The state before this one."""
        place = ORDER.index(MatterState(self.matter.state))
        return ORDER[place - 1] if place else None

    @property
    def next(self) -> MatterState | None:
        """The state after this one."""
        place = ORDER.index(MatterState(self.matter.state)) + 1
        return ORDER[place] if place < len(ORDER) else None


@dataclass(frozen=True, slots=True)
class Column:
    """A state of the board with the first of its rows; ``count`` is how many there are."""

    state: MatterState
    rows: list[MatterRow]
    count: int

    @property
    def words(self) -> str:
        """The state."""
        return matter_state_words(self.state.value)

    @property
    def left(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


def is_late(now: datetime) -> ColumnElement[bool]:
    """It should have been seen to."""
    return and_(Matter.state != MatterState.CLOSED.value, Matter.due_at < now)


def is_mine(who: Principal) -> ColumnElement[bool]:
    """Whoever looks has taken it, or was given it."""
    mine = [Matter.taken_by == who.actor]
    if who.operator_id is not None:
        mine.append(Matter.owner_id == who.operator_id)
    return or_(*mine)


async def board_of(
    session: AsyncSession, who: Principal, tenant: TenantRows, now: datetime, *conditions: ColumnElement[bool]
) -> list[Column]:
    """The columns, in the order of the states."""
    mine = (Matter.tenant_id == tenant.tenant_id, *conditions)
    counted = await session.execute(
        select(Matter.state, func.count().label("number")).where(*mine).group_by(Matter.state)
    )
    counts = {row.state: row.number for row in counted}
    columns = []
    for state in MatterState:
        order = (Matter.closed_at.desc(),) if state is MatterState.CLOSED else (Matter.due_at, Matter.id)
        found = select(Matter).where(*mine, Matter.state == state.value).order_by(*order).limit(OF_EACH_STATE)
        rows = await rows_of(session, list(await session.scalars(found)), who, tenant, now)
        columns.append(Column(state, rows, counts.get(state.value, 0)))
    return columns


async def overdue_rows(
    session: AsyncSession, who: Principal, tenant: TenantRows, now: datetime, at_most: int
) -> list[MatterRow]:
    """What ``who`` should have seen to; whoever judges is also shown what nobody has taken."""
    mine = or_(is_mine(who), Matter.taken_by.is_(None)) if can_judge(who.role) else is_mine(who)
    found = select(Matter).where(Matter.tenant_id == tenant.tenant_id, is_late(now), mine)
    late = await session.scalars(found.order_by(Matter.due_at, Matter.id).limit(at_most))
    return await rows_of(session, list(late), who, tenant, now)


async def rows_of(
    session: AsyncSession, matters: Sequence[Matter], who: Principal, tenant: TenantRows, now: datetime
) -> list[MatterRow]:
    """As ``who`` sees them."""
    clients = await clients_of(session, {one.client_id for one in matters if one.client_id}, tenant)
    rows = []
    for one in matters:
        owner = operator_name(one.owner_id, tenant) or (person(one.taken_by) if one.taken_by else "")
        mine = one.taken_by == who.actor or (who.operator_id is not None and one.owner_id == who.operator_id)
        late = one.state != MatterState.CLOSED and one.due_at < now
        rows.append(MatterRow(one, clients.get(one.client_id or ""), zone_of_company(tenant), owner, mine, late))
    return rows


async def clients_of(session: AsyncSession, ids: set[str], tenant: TenantRows) -> Mapping[str, Row]:
    """The cards of these clients as they are known now, by the ids under which they were known."""
    cards = tenant.rows[ClientCard.__tablename__]
    known = {one: one if one in cards else await known_as_now(session, tenant.tenant_id, one) for one in ids}
    return {one: cards[now] for one, now in known.items() if now in cards}
