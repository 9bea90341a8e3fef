"""A mark is kept once, in whatever order it and its call are told, in whatever batches, and however often."""

import itertools

import asyncpg
import pytest

from app.event_log.call_store import store
from app.event_log.records import CallFact, FactKind, fact
from app.matters.derive_marks import derive_marks
from tests.event_log import facts

pytestmark = pytest.mark.anyio


def mark(call: str, key: int) -> CallFact:
    return fact(facts.TENANT, call, FactKind.NOTED, facts.at(70), {"satisfaction": key}, "mark")


async def kept(database: asyncpg.Connection) -> list[tuple[str, int]]:
    rows = await database.fetch("SELECT call_id, satisfaction FROM call_note ORDER BY call_id")
    return [(row["call_id"], row["satisfaction"]) for row in rows]


async def test_in_every_order(database_url: str) -> None:
    database = await facts.connected(database_url)
    told_of = {}
    for number, order in enumerate(itertools.permutations(range(4))):
        call = facts.call_id(number)
        told = [facts.incoming(call), facts.ended(call, 60), mark(call, 2), mark(call, 5)]
        first = next(
            one.payload["satisfaction"] for one in (told[place] for place in order) if "satisfaction" in one.payload
        )
        for place in (*order, *order):
            await store(database, [told[place]], derive_marks)
        told_of[call] = first
    assert await kept(database) == sorted(told_of.items())
    matters = await database.fetch("SELECT call_id, satisfaction, opened_by, state FROM matter ORDER BY call_id")
    bad = sorted(call for call, first in told_of.items() if first == 2)
    assert [tuple(row) for row in matters] == [(call, 2, "caller", "registered") for call in bad]
    audited = await database.fetchval("SELECT count(*) FROM audit_entry WHERE subject = 'matter'")
    assert audited == len(bad)
    await database.close()


async def test_a_panel_that_is_drawn_anew_is_no_mark(database_url: str) -> None:
    database = await facts.connected(database_url)
    call = facts.call_id(1)
    noted = fact(facts.TENANT, call, FactKind.NOTED, facts.at(70), {}, "drawn")
    await store(database, [facts.incoming(call), noted], derive_marks)
    assert await kept(database) == []
    await database.close()


@pytest.mark.parametrize(("key", "touched", "left"), [(5, 0, []), (5, 1, [5]), (2, 0, [2])])
async def test_the_callers_own_mark_stands_over_the_operators(
    database_url: str, key: int, touched: int, left: list[int]
) -> None:
    database = await facts.connected(database_url)
    call = facts.call_id(1)
    await store(database, [facts.incoming(call), facts.ended(call, 60)], derive_marks)
    await database.execute(
        "INSERT INTO matter (tenant_id, id, kind, call_id, due_at, satisfaction, opened_by, opened_at, updated_at)"
        " VALUES ($1, 'm', 'complaint', $2, $3, 1, 'user:olga', $3, $4)",
        facts.TENANT, call, facts.at(60), facts.at(60 + touched),
    )  # fmt: skip
    await store(database, [mark(call, key)], derive_marks)
    assert [row["satisfaction"] for row in await database.fetch("SELECT satisfaction FROM matter")] == left
    audited = await database.fetchval("SELECT count(*) FROM audit_entry WHERE act LIKE 'delete %'")
    assert audited == (not left)
    await database.close()
