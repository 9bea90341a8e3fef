"""Whoever has recorded signed requests and sends them again puts no ghost before real callers."""

import re
from datetime import timedelta

import pytest

from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio
UMAS, CLARAS = "CA" + "1" * 32, "CA" + "2" * 32


async def steps_of(office: Office, call_id: str, caller: str) -> list[str]:
    """The paths that the answer to a call names."""
    answer = await office.webhook("/twilio/voice", caller, CallSid=call_id)
    assert "~owner~" not in answer.text
    return [path.replace("&amp;", "&") for path in re.findall(r"/twilio/step/[^\"<]+", answer.text)]


async def waiting(office: Office) -> set[str]:
    """The calls in the company's queue."""
    queue_id = office.company.queue_id
    return {one.call_id for one in office.board.open_calls.waiting_in(office.company.tenant, queue_id)}


async def test_a_step_is_good_for_its_own_call_only(office: Office) -> None:
    await office.add_operator(available=True)
    umas = await steps_of(office, UMAS, cast.UMA)
    claras = await steps_of(office, CLARAS, cast.CLARA)
    assert len(umas) == len(claras) > 0
    assert not set(umas) & set(claras), "in the same second, and yet each its own"
    tick = umas[0]
    stolen = await office.webhook(tick, cast.CLARA, CallSid=CLARAS, QueueTime="0")
    assert stolen.status_code == 200
    assert "<Hangup" in stolen.text
    assert CLARAS not in await waiting(office)
    own = await office.webhook(tick, cast.UMA, CallSid=UMAS, QueueTime="0")
    assert own.status_code == 200
    assert "<Hangup" not in own.text


async def test_a_step_of_yesterday_is_answered_and_changes_nothing(office: Office) -> None:
    await office.add_operator(available=True)
    steps = await steps_of(office, UMAS, cast.UMA)
    await office.webhook("/twilio/status", cast.UMA, CallSid=UMAS, CallStatus="completed")
    await office.clock.sleep(timedelta(hours=25).total_seconds())
    for path in steps:
        answer = await office.webhook(path, cast.UMA, CallSid=UMAS, QueueTime="0")
        assert answer.status_code == 200
        assert "<Hangup" in answer.text
    assert await waiting(office) == set()


async def test_a_step_written_before_steps_had_owners_still_goes_on(office: Office) -> None:
    """While an update is rolled out, calls are running."""
    await office.add_operator(available=True)
    (path, *_) = await steps_of(office, UMAS, cast.UMA)
    unowned = path.replace(path.rpartition("/")[2], path.rpartition(".")[2])
    answer = await office.webhook(unowned, cast.UMA, CallSid=UMAS, QueueTime="0")
    assert answer.status_code == 200
    assert "<Hangup" not in answer.text
