"""The provider repeats itself: every request arrives five times at once, over several workers; callbacks are doubled,
reordered or lost. One call stays one decision, one card, one record."""

import asyncio
import random
import secrets
from pathlib import Path

import asyncpg
import pytest

from routing.lifecycle import RANK, CallState, state_for
from tests.chaos.conftest import Company
from tests.chaos.load import CALLERS, Load, first_verb, number_of
from tests.chaos.promise import ACTIONS, Recorder
from tests.chaos.scale import scaled
from tests.event_log.facts import dsn_of
from tests.service import running_service

pytestmark = pytest.mark.anyio
TIMES = 5
STATUSES = ("ringing", "in-progress", "completed")
LOST = 0.2
AT_ONCE = 8


async def place(load: Load, who: str, call_id: str, chance: random.Random) -> str:
    """One call, every request of it five times; returns the state that the callbacks which were not lost lead to."""
    load.calls[call_id] = who
    caller = number_of(who, len(load.calls))
    copies = (load.request("/twilio/voice", caller, call_id, CallStatus="ringing") for _ in range(TIMES))
    replies = await asyncio.gather(*copies)
    assert {reply.status for reply in replies} == {200}
    verbs = {first_verb(reply.body) for reply in replies}
    assert verbs <= CALLERS[who], "two workers may differ in whether the fake queue is full, or a manager rings"
    delivered = [one for one in STATUSES for _ in range(TIMES) if chance.random() > LOST]
    chance.shuffle(delivered)
    callbacks = (
        load.request("/twilio/status", caller, call_id, CallStatus=one, SequenceNumber=str(STATUSES.index(one)))
        for one in delivered
    )
    assert {reply.status for reply in await asyncio.gather(*callbacks)} <= {204}
    reported = [known[0] for one in delivered if (known := state_for(one)) is not None]
    return max(reported, key=RANK.__getitem__, default=CallState.RINGING).value


async def test_five_copies_of_everything_over_several_workers_are_one_record_each(
    company: Company, data_dir: Path, record_property: Recorder
) -> None:
    chance, calls = random.Random(5), scaled(40, 1000)
    expected: dict[str, tuple[set[str], str]] = {}
    async with running_service(data_dir, company.url, workers=2) as service:
        load, places = Load(service.port, 0), asyncio.Semaphore(AT_ONCE)

        async def one_call(caller: str) -> None:
            call_id = "CA" + secrets.token_hex(16)
            async with places:
                expected[call_id] = ACTIONS[caller], await place(load, caller, call_id, chance)

        await asyncio.gather(*(one_call(list(CALLERS)[number % len(CALLERS)]) for number in range(calls)))
        load.hang_up()
    # The service has been stopped, so everything that it acknowledged has been shipped.
    connection = await asyncpg.connect(dsn_of(company.url))
    rows = await connection.fetch("SELECT call_id, action, state FROM call")
    facts = await connection.fetch("SELECT call_id, kind, payload ->> 'status' AS status FROM call_event")
    await connection.close()
    assert {row["call_id"]: row["state"] for row in rows} == {
        call_id: state for call_id, (_, state) in expected.items()
    }
    assert [row["action"] for row in rows if row["action"] not in expected[row["call_id"]][0]] == []
    assert len(rows) == calls
    assert len(facts) == len({tuple(fact) for fact in facts})
    assert sum(fact["kind"] == "call.incoming" for fact in facts) == calls
    record_property("chaos", load.figures(f"everything {TIMES} times at once") | {"calls": calls, "doubled": 0})
