"""Who is to be called follows from what happened, in whatever order it is told, in whatever batches, and however often."""

import random

import asyncpg
import pytest

from app.callbacks.derive_callbacks import _ANSWERED, derive_callbacks
from app.event_log.call_store import store
from app.event_log.records import CallFact, FactKind, fact
from tests import cast
from tests.event_log import facts

pytestmark = pytest.mark.anyio


async def stored(database: asyncpg.Connection, *told: CallFact) -> None:
    await store(database, told, derive_callbacks)


async def to_be_called(database: asyncpg.Connection) -> list[tuple[str, str]]:
    rows = await database.fetch("SELECT number, reason FROM callback WHERE state = 'open' ORDER BY number")
    return [(row["number"], row["reason"]) for row in rows]


def missed(number: int, seconds: float, code: str = "queue") -> list[CallFact]:
    """Uma calls and gives up after half a minute."""
    call = facts.call_id(number)
    told = [facts.incoming(call, seconds), facts.ended(call, seconds + 30)]
    return told if code == "queue" else [*told, facts.redecided(call, seconds + 1, "queue", code)]


def taken(number: int, seconds: float) -> list[CallFact]:
    """Uma calls and is answered after ten seconds."""
    call = facts.call_id(number)
    return [facts.incoming(call, seconds), facts.answered(call, seconds + 10), facts.ended(call, seconds + 60)]


async def test_a_missed_caller_is_to_be_called_until_they_are_answered(database_url: str) -> None:
    database = await facts.connected(database_url)
    await stored(database, *missed(1, 0))
    assert await to_be_called(database) == [(cast.UMA, "missed")]
    await stored(database, *missed(2, 100))
    assert await to_be_called(database) == [(cast.UMA, "missed")], "one for a number"
    await stored(database, *taken(3, 200))
    assert await to_be_called(database) == []
    kinds = await database.fetch("SELECT kind FROM call_event WHERE kind LIKE 'callback%' ORDER BY position")
    assert [row["kind"] for row in kinds] == ["callback.opened", "callback.changed", "callback.done"]
    await database.close()


async def test_a_missed_vip_is_told_apart_and_has_a_deadline(database_url: str) -> None:
    database = await facts.connected(database_url)
    await stored(database, *missed(1, 0))
    await stored(database, *missed(2, 100, "vip"))
    assert await to_be_called(database) == [(cast.UMA, "missed_vip")]
    due = await database.fetchval("SELECT due_at FROM callback")
    assert (due - facts.at(130)).total_seconds() == 15 * 60
    assert await database.fetchval("SELECT count(*) FROM call_event WHERE kind = 'vip.missed'") == 1
    await database.close()


async def test_whoever_asked_for_it_in_a_queue_is_to_be_called(database_url: str) -> None:
    database, call = await facts.connected(database_url), facts.call_id(1)
    asked = fact(facts.TENANT, call, FactKind.CALLBACK_OPENED, facts.at(20), {"queue_id": "q-main"})
    await stored(database, facts.incoming(call), asked, facts.ended(call, 25))
    assert await to_be_called(database) == [(cast.UMA, "queue")]
    assert await database.fetchval("SELECT queue_id FROM callback") == "q-main"
    await database.close()


async def test_a_caller_who_was_reached_from_here_is_done(database_url: str) -> None:
    database = await facts.connected(database_url)
    await stored(database, *missed(1, 0))
    row = await database.fetchrow("SELECT id FROM callback")
    assert row is not None
    told = {"callback_id": row["id"], "reached": True}
    await stored(database, fact(facts.TENANT, "CA outgoing", FactKind.CALLBACK_DONE, facts.at(500), told))
    assert await to_be_called(database) == []
    await database.close()


STORIES = {
    "missed twice, answered in between": [*missed(1, 0), *taken(2, 100), *missed(3, 300)],
    "answered at last": [*missed(1, 0), *missed(2, 100, "vip"), *taken(3, 300)],
    "blacklisted meanwhile": [*missed(1, 0), facts.redecided(facts.call_id(1), 20, "fake_queue", "blacklisted")],
    "answered, and missed while talking": [*taken(1, 0), *missed(2, 5)],
}
EXPECTED = {
    "missed twice, answered in between": ["missed"], "answered at last": [], "blacklisted meanwhile": [],
    "answered, and missed while talking": ["missed"],
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
async def test_every_order_and_every_repetition_leaves_the_same_to_be_done(database_url: str, story: str) -> None:
    database, random_ = await facts.connected(database_url), random.Random(14)
    for _ in range(60):
        await database.execute("TRUNCATE call_event, call, callback CASCADE")
        told = random_.sample(STORIES[story], len(STORIES[story]))
        told += random_.choices(told, k=random_.randint(0, 4))
        while told:
            size = random_.randint(1, len(told))
            await stored(database, *told[:size])
            told = told[size:]
        assert [reason for _, reason in await to_be_called(database)] == EXPECTED[story]
    await database.close()


async def test_an_answered_call_finds_its_call_backs_in_indexes(database_url: str) -> None:
    """Compared with every open call-back, storing takes longer than calls come: what a host has acknowledged seconds ago is
    not in the database when it is destroyed."""
    database = await facts.connected(database_url)
    await stored(database, *missed(1, 0))
    await database.execute("""
        INSERT INTO callback (tenant_id, id, number, call_id, client_id, reason, due_at)
        SELECT tenant_id, 'more-' || n, '+33' || (644600000 + n), 'earlier-' || n, 'client-' || n, reason, due_at
        FROM callback, generate_series(1, 2000) AS n
    """)
    await database.execute("ANALYZE callback")
    await database.execute("SET enable_seqscan = off")
    plan = await database.fetch(f"EXPLAIN {_ANSWERED}", [facts.TENANT], [facts.call_id(1)])
    conditions = [line[0] for line in plan if "Index Cond" in line[0]]
    for column in ("caller_number", "client_id"):
        assert any(f"answered.{column}" in one or f"answered_1.{column}" in one for one in conditions), plan
    await database.close()
