"""The promise that every case here ends with: 0 calls unanswered, 0 acknowledged records lost or doubled, 0 wrong
decisions. And the figures that a long run prints."""

import asyncio
import math
from collections.abc import Callable

import asyncpg

from tests import cast
from tests.chaos.load import Fact, Load
from tests.chaos.scale import LONG
from tests.event_log.facts import dsn_of

Recorder = Callable[[str, object], None]
ACTIONS = {cast.VERA: {"connect"}, cast.BORIS: {"fake_queue", "reject"}, cast.UMA: {"queue"}}
DRAIN_SECONDS = 120.0


async def promise_kept(
    load: Load, database_url: str, record: Recorder, case: str, *, second_tries: float = 0.0, p99_ms: float = math.inf
) -> None:
    """Wait until everything acknowledged is in the database, then compare. ``second_tries`` is the share of requests that
    may have needed another try, as the provider makes it; ``p99_ms`` is looked at in the long form, which has the machine
    to itself."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    connection = await asyncpg.connect(dsn_of(database_url), timeout=10)
    try:
        facts = await facts_in(connection)
        while not load.acknowledged <= set(facts) and loop.time() - began < DRAIN_SECONDS:
            await asyncio.sleep(0.1)
            facts = await facts_in(connection)
        drained = loop.time() - began
        decided = await connection.fetch("SELECT call_id, action, state FROM call")
    finally:
        await connection.close()
    figures = load.figures(case) | {
        "acknowledged": len(load.acknowledged),
        "in the database": len(load.acknowledged & set(facts)),
        "doubled": len(facts) - len(set(facts)),
        "drained after s": round(drained, 1),
    }
    record("chaos", figures)
    assert load.unanswered[:3] == [], figures
    assert load.wrong[:3] == [], figures
    assert load.acknowledged - set(facts) == set(), figures
    assert len(facts) == len(set(facts)), figures
    assert len({row["call_id"] for row in decided}) == len(decided)
    mine = [row for row in decided if row["call_id"] in load.calls]
    wrong = [row for row in mine if row["action"] not in ACTIONS[load.calls[row["call_id"]]]]
    assert wrong == []
    assert {row["call_id"] for row in decided} >= set(load.calls)
    assert load.second_tries <= second_tries * len(load.replies), figures
    assert load.p99_ms < p99_ms or not LONG, figures


async def facts_in(connection: asyncpg.Connection) -> list[Fact]:
    """All that the event log holds, as often as it holds it."""
    rows = await connection.fetch("SELECT call_id, kind, coalesce(payload ->> 'status', '') AS status FROM call_event")
    return [(row["call_id"], row["kind"], row["status"]) for row in rows]
