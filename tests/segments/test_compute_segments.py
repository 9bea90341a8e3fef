"""Segments in SQL are those of plain Python, borders and ties included."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.sales.borders import Borders
from app.segments.compute_segments import Asked, compute_segments
from models import ClientCard, ClientSegment, Sale, SegmentMovement, SegmentState
from tests.office import Office
from tests.segments.plain_segments import Plain, PlainSale, months_later, plain_segments, stage

pytestmark = pytest.mark.anyio
TODAY = date(2026, 7, 24)
CLIENTS = [f"c{place}" for place in range(8)]
BORDERS = st.sampled_from(
    [
        Borders(), Borders(rates={"USD": Decimal("0.5")}), Borders(months=3, new_months=1, lost_months=2),
        Borders(abc_a=Decimal(20), abc_b=Decimal("66.67"), xyz_x=Decimal("0"), xyz_y=Decimal("100"), lost_months=6),
    ]
)  # fmt: skip
DAYS = st.one_of(
    st.dates(date(2024, 1, 1), TODAY + timedelta(days=2)),
    st.sampled_from(
        [TODAY, months_later(TODAY, -3), months_later(TODAY, -6), date(2026, 4, 30), date(2025, 11, 30), date(2026, 6, 30),
         date(2025, 8, 1), date(2025, 7, 31)],
    ),
)  # fmt: skip
SALES = st.lists(
    st.builds(
        PlainSale, st.sampled_from(CLIENTS), DAYS,
        st.one_of(
            st.sampled_from([Fraction(100), Fraction(50), Fraction(29), Fraction(-100), Fraction(90), Fraction(110)]),
            st.integers(-5000, 20000).map(lambda cents: Fraction(cents, 100)),
        ),
        st.sampled_from(["EUR", "EUR", "EUR", "USD"]),
    ),
    max_size=60,
)  # fmt: skip


async def found(session: AsyncSession, office: Office, sales: list[PlainSale], borders: Borders) -> dict[str, Plain]:
    """What the database says, in a transaction that nobody commits."""
    mine = {"tenant_id": office.company.tenant}
    await session.execute(delete(ClientCard).where(ClientCard.tenant_id == office.company.tenant))
    await session.execute(insert(ClientCard), [mine | {"id": one, "name": one} for one in CLIENTS])
    rows = [
        mine | {
            "import_id": "i", "line": place, "client_id": one.client, "day": one.day, "currency": one.currency,
            "amount": Decimal(one.amount.numerator) / one.amount.denominator,
        } for place, one in enumerate(sales)
    ]  # fmt: skip
    if rows:
        await session.execute(insert(Sale), rows)
    asked = Asked(office.company.tenant, TODAY, datetime(2026, 7, 24, 8, tzinfo=UTC), "EUR")
    await compute_segments(session, asked, borders)
    result = await session.scalars(select(ClientSegment).where(ClientSegment.tenant_id == office.company.tenant))
    return {
        one.client_id: Plain(
            one.abc, one.xyz, one.life_cycle, one.loyalty,
            None if one.repeat_share is None else Fraction(one.repeat_share), one.relation_days,
        )
        for one in result
    }  # fmt: skip


def rounded(one: Plain) -> Plain:
    """With what the database keeps of a percentage: two decimals, halves up."""
    repeat = None if one.repeat is None else Fraction(floor(one.repeat * 100 + Fraction(1, 2)), 100)
    return Plain(one.abc, one.xyz, one.life_cycle, one.loyalty, repeat, one.relation)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(sales=SALES, borders=BORDERS)
async def test_segments_are_those_of_plain_python(office: Office, sales: list[PlainSale], borders: Borders) -> None:
    async with office.board.sessions() as session:
        computed = await found(session, office, sales, borders)
        moved = SegmentMovement
        rows = await session.execute(select(moved.month, moved.after, moved.abc, moved.stage, moved.clients))
        movement = Counter[tuple[date, str, str, str]]()
        for month, after, abc, now_at, clients in rows:
            movement[month, after, abc, now_at] += clients
        await session.rollback()
    plain = plain_segments(sales, TODAY, borders)
    assert computed == {name: rounded(one) for name, one in plain.items()}
    settled = {client: [one.day for one in sales if one.client == client and one.amount > 0] for client in CLIENTS}
    last_month_ended = date(2026, 6, 30)
    for point in (last_month_ended, TODAY):
        month = point.replace(day=1)
        stages = Counter(
            (month, stage(days, point, borders), plain[client].abc or "", plain[client].life_cycle)
            for client, days in settled.items()
            if client in plain
        )
        left = {kind: clients for kind, clients in movement.items() if kind[0] == month and kind[1] != "potential"}
        assert left == {kind: clients for kind, clients in stages.items() if kind[1] != "potential"}


def sale(client: str, amount: int, day: date = TODAY) -> PlainSale:
    return PlainSale(client, day, Fraction(amount))


async def told(office: Office, *sales: PlainSale, borders: Borders | None = None) -> dict[str, Plain]:
    async with office.board.sessions() as session:
        return await found(session, office, list(sales), borders or Borders())


async def test_borders_belong_to_the_better_class_and_ties_are_one(office: Office) -> None:
    exact = await told(office, sale("c0", 50), sale("c1", 29), sale("c2", 21))
    assert [exact[one].abc for one in ("c0", "c1", "c2")] == ["A", "B", "C"]
    above = await told(office, sale("c0", 60), sale("c1", 25), sale("c2", 15))
    assert [above[one].abc for one in ("c0", "c1", "c2")] == ["A", "C", "C"], "the most revenue is always A"
    ties = await told(office, sale("c0", 40), sale("c1", 20), sale("c2", 20), sale("c3", 20), sale("c4", -5))
    assert [ties[f"c{place}"].abc for place in range(5)] == ["A", "C", "C", "C", "C"]


async def test_months_without_a_sale_are_zeros_and_the_current_one_is_not_looked_at(office: Office) -> None:
    def monthly(client: str, *amounts: int) -> list[PlainSale]:
        return [
            sale(client, one, months_later(TODAY, place - len(amounts))) for place, one in enumerate(amounts) if one
        ]

    same = await told(
        office, *monthly("c0", 90, 110), *monthly("c1", 75, 125), *monthly("c2", 100, 0, 100), *monthly("c3", 100),
        sale("c0", 5000),
    )  # fmt: skip
    assert [same[f"c{place}"].xyz for place in range(4)] == ["X", "Y", "Z", "Z"]


async def test_what_is_told_of_the_whole(office: Office) -> None:
    async with office.board.sessions() as session:
        sales = [sale("c0", 100, date(2026, 6, 1)), sale("c0", 50), PlainSale("c1", TODAY, Fraction(9), "USD")]
        await found(session, office, sales, Borders())
        state = await session.get_one(SegmentState, office.company.tenant)
    assert (state.sales, state.not_counted, state.clients) == (3, 1, 2)
    assert (state.revenue, state.paid, state.repeated) == (Decimal(150), Decimal(150), Decimal(50))
    assert state.since == date(2025, 8, 1)
