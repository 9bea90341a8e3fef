"""Facts become the same row in whatever order and batches they arrive."""

import json
import random
from collections.abc import AsyncIterator, Sequence
from itertools import permutations
from typing import Any

import asyncpg
import pytest

from app.event_log.call_store import store
from app.event_log.records import CallFact
from tests.event_log import facts

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A database with two companies."""
    connection = await facts.connected(database_url, facts.TENANT, "other")
    yield connection
    await connection.close()


async def row(database: asyncpg.Connection, call: str, tenant: str = facts.TENANT) -> dict[str, Any]:
    found = await database.fetchrow("SELECT * FROM call WHERE tenant_id = $1 AND call_id = $2", tenant, call)
    return {key: value for key, value in dict(found or {}).items() if key != "call_id"}


def plain_call(call: str) -> list[CallFact]:
    """Two keys in menus, an answer, and the end."""
    return [
        facts.incoming(call), facts.menu(call, 5, "1 Sales"), facts.menu(call, 8, "3 Spare parts"),
        facts.answered(call, 20), facts.ended(call, 60),
    ]  # fmt: skip


def troubled_call(call: str) -> list[CallFact]:
    """Blacklisted while waiting, taken for lost, and then heard of after all."""
    return [
        facts.incoming(call), facts.queued(call, 3, "q-main"), facts.redecided(call, 30, "fake_queue", "blacklisted"),
        facts.ended(call, 900, "lost"), facts.status(call, 950, "canceled", 4),
    ]  # fmt: skip


def contested_call(call: str) -> list[CallFact]:
    """Two people pick up at once, the lists change twice, and the callback knows more than we do."""
    return [
        facts.incoming(call), facts.answered(call, 20, "oscar"), facts.answered(call, 20, "olga"),
        facts.redecided(call, 30, "fake_queue", "blacklisted"), facts.redecided(call, 31, "queue", "queue"),
    ]  # fmt: skip


def call_that_was_rung_in_vain(call: str) -> list[CallFact]:
    """Olga's mailbox picks up and is not put through; Oscar has the call in the end."""
    return [
        facts.incoming(call), facts.answered(call, 20, "olga", "CA1"), facts.in_vain(call, 10, 25),
        facts.answered(call, 40, "oscar", "CA2"), facts.ended(call, 60),
    ]  # fmt: skip


def call_that_two_pick_up(call: str) -> list[CallFact]:
    """Oscar is the first to pick up, and the first to hear that it was too late."""
    return [
        facts.incoming(call), facts.answered(call, 20, "oscar", "CA1"), facts.answered(call, 21, "olga", "CA2"),
        facts.hung_up(call, 22, "CA1"), facts.hung_up(call, 59, "CA2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "story", [plain_call, troubled_call, contested_call, call_that_was_rung_in_vain, call_that_two_pick_up]
)
async def test_every_order_of_five_facts_in_any_batches_is_the_same_row(
    database: asyncpg.Connection, story: Any
) -> None:
    random_ = random.Random(5)
    rows = []
    for number, order in enumerate(permutations(range(5))):
        call = facts.call_id(number)
        recorded = [story(call)[position] for position in order]
        while recorded:
            size = random_.randint(1, len(recorded))
            await store(database, recorded[:size])
            recorded = recorded[size:]
        rows.append(await row(database, call))
    assert len(rows) == 120
    assert all(one == rows[0] for one in rows)


async def test_the_rows_say_what_happened(database: asyncpg.Connection) -> None:
    plain, troubled, contested = (facts.call_id(number) for number in range(3))
    await store(database, [*plain_call(plain), *troubled_call(troubled), *contested_call(contested)])
    found = await row(database, plain)
    assert (found["state"], found["outcome"], found["menu_choice"]) == ("ended", "completed", "3 Spare parts")
    assert (found["answered_by"], found["answered_at"], found["ended_at"]) == ("olga", facts.at(20), facts.at(60))
    found = await row(database, troubled)
    assert (found["state"], found["outcome"], found["queue_id"]) == ("ended", "canceled", "q-main")
    assert (found["action"], found["reason_code"], found["ended_at"]) == ("fake_queue", "blacklisted", facts.at(900))
    assert found["last_seen_at"] == facts.at(950)
    found = await row(database, contested)
    assert (found["answered_by"], found["action"], json.loads(found["decision"])["action"]) == (
        "olga",
        "queue",
        "queue",
    )


@pytest.mark.parametrize(
    ("story", "has_it"), [(call_that_was_rung_in_vain, ("oscar", 40)), (call_that_two_pick_up, ("olga", 21))]
)
async def test_whoever_talked_has_the_call_and_not_whoever_picked_up(
    database: asyncpg.Connection, story: Any, has_it: tuple[str, int]
) -> None:
    await store(database, story(facts.call_id(1)))
    stored = await row(database, facts.call_id(1))
    assert (stored["answered_by"], stored["answered_at"]) == (has_it[0], facts.at(has_it[1]))


async def test_what_is_reported_before_the_call_itself_counts_once_the_call_is_stored(
    database: asyncpg.Connection,
) -> None:
    call = facts.call_id(1)
    for early in (facts.ended(call, 9, "no-answer"), facts.status(call, 9, "no-answer"), facts.menu(call, 4, "1")):
        assert await store(database, [early]) == 1
    assert await row(database, call) == {}
    assert await store(database, [facts.incoming(call)]) == 1
    found = await row(database, call)
    assert (found["state"], found["outcome"], found["menu_choice"]) == ("ended", "no-answer", "1")


async def test_one_company_s_early_report_never_touches_another_s_call_of_the_same_id(
    database: asyncpg.Connection,
) -> None:
    call = facts.call_id(1)
    await store(database, [facts.ended(call, 9), facts.menu(call, 4, "1")])
    await store(database, [facts.incoming(call, tenant="other")])
    found = await row(database, call, "other")
    assert (found["state"], found["menu_choice"]) == ("ringing", None)


async def test_facts_that_come_again_are_stored_and_applied_once(database: asyncpg.Connection) -> None:
    call = facts.call_id(1)
    story = plain_call(call)
    assert await store(database, [*story, *story]) == 5
    before = await row(database, call)
    for repeated in ([story[3]], story, [*story[::-1]]):
        assert await store(database, repeated) == 0
    assert await row(database, call) == before
    assert await database.fetchval("SELECT count(*) FROM call_event") == 5


async def test_positions_follow_the_order_of_the_facts(database: asyncpg.Connection) -> None:
    story = plain_call(facts.call_id(1))
    await store(database, story)
    kinds = [one["kind"] for one in await database.fetch("SELECT kind FROM call_event ORDER BY position")]
    assert kinds == [fact.kind.value for fact in story]


HOSTILE = {
    "A\x00B": "AB",
    "\x00": "",
    "A\\u0000B": "A\\u0000B",
    "A\\\x00B": "A\\B",
    "A\\\\u0000\x00B": "A\\\\u0000B",
    "\\" * 7 + "\x00" + "\\" * 8 + "u0000": "\\" * 15 + "u0000",
    "lone \ud800 surrogate": "lone ? surrogate",
    "\u2028 \ufffe \U0001f600 é": "\u2028 \ufffe \U0001f600 é",
    "'; DROP TABLE call;--": "'; DROP TABLE call;--",
    '"}]': '"}]',
}


@pytest.mark.parametrize(("name", "stored"), HOSTILE.items())
async def test_no_character_holds_up_the_facts_behind_it(database: asyncpg.Connection, name: str, stored: str) -> None:
    call = facts.call_id(1)
    story: Sequence[CallFact] = [
        facts.incoming(call, name=name, line=name),
        facts.menu(call, 1, name),
        facts.ended(call, 9),
    ]
    assert await store(database, story) == 3
    found = await row(database, call)
    assert (found["caller_name"], found["line_number"], found["menu_choice"]) == (stored, stored, stored)
    payload = await database.fetchval("SELECT payload FROM call_event WHERE kind = 'call.incoming'")
    assert json.loads(payload)["call"]["caller"]["name"] == stored
    assert found["state"] == "ended"


async def test_looking_for_early_reports_uses_the_index(database: asyncpg.Connection) -> None:
    """A scan of the whole log for every new call would make each call slower than the one before."""
    from app.event_log.call_store import _EARLIER_FACTS

    await database.execute("SET enable_seqscan = off")
    plan = await database.fetch(f"EXPLAIN {_EARLIER_FACTS}", [facts.TENANT], [facts.call_id(1)])
    conditions = [line[0] for line in plan if "Index Cond" in line[0]]
    assert any("tenant_id" in condition and "call_id" in condition for condition in conditions)
