"""Callbacks come twice, in any order or never; webhooks are repeated. One call stays one call."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.answering.sweep_lost_calls import sweep_lost_calls
from models import CallEvent, CallRecord
from routing.lifecycle import Outcome
from simulator import PhoneCompany
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio


async def stored_calls(office: Office) -> list[CallRecord]:
    await office.settled()
    async with office.board.sessions() as session:
        return list(await session.scalars(select(CallRecord).order_by(CallRecord.started_at)))


async def test_a_repeated_webhook_gets_the_same_answer_and_makes_no_second_record(office: Office) -> None:
    call_id = "CA" + "7" * 32
    first = await office.webhook("/twilio/voice", cast.UMA, CallSid=call_id)
    await office.settled()
    office.board.open_calls.forget_old(office.clock.now() + timedelta(days=1))
    again = [await office.webhook("/twilio/voice", cast.UMA, CallSid=call_id) for _ in range(50)]
    assert {answer.text for answer in again} == {first.text}
    assert len(await stored_calls(office)) == 1
    async with office.board.sessions() as session:
        assert await session.scalar(select(func.count()).where(CallEvent.kind == "call.incoming")) == 1


async def test_five_webhooks_at_once_are_one_call(office: Office) -> None:
    call_id = "CA" + "8" * 32
    answers = await asyncio.gather(*(office.webhook("/twilio/voice", cast.UMA, CallSid=call_id) for _ in range(5)))
    assert len({answer.text for answer in answers}) == 1
    assert len(await stored_calls(office)) == 1


async def test_a_repeated_webhook_keeps_its_decision_though_the_lists_have_changed(office: Office) -> None:
    call_id = "CA" + "9" * 32
    first = await office.webhook("/twilio/voice", cast.UMA, CallSid=call_id)
    await office.add_blacklisted(cast.UMA)
    assert (await office.webhook("/twilio/voice", cast.UMA, CallSid=call_id)).text == first.text


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_shuffled_callbacks_end_in_the_same_state(office: Office, seed: int) -> None:
    await office.add_operator()
    async with PhoneCompany(
        cast.BASE_URL, cast.ACCOUNT_SID, cast.AUTH_TOKEN, clock=office.clock, transport=office.transport,
        shuffle_status_callbacks=seed, duplicate_webhooks=1,
    ) as phones:  # fmt: skip
        phones.phone(cast.OLGA).answers_after(3).talks_for(20)
        call = await phones.place_call(cast.UMA, cast.LINE)
        await call.ended()
        assert call.errors == []
    [stored] = await stored_calls(office)
    assert (stored.state, stored.outcome) == ("ended", "completed")
    assert stored.answered_by is not None


async def test_a_call_whose_end_was_lost_is_swept(office: Office) -> None:
    async with PhoneCompany(
        cast.BASE_URL, cast.ACCOUNT_SID, cast.AUTH_TOKEN, clock=office.clock, transport=office.transport,
        drop_status_callbacks=True,
    ) as phones:  # fmt: skip
        menu = await office.add_menu("Accueil", {"1": {"kind": "queue", "id": office.company.queue_id}})
        await office.change_line(menu_id=menu["id"])
        call = await phones.place_call(cast.UMA, cast.LINE)
        await call.hang_up_after(4)
    [stored] = await stored_calls(office)
    assert stored.state == "ringing"
    assert await sweep_lost_calls(office.board) == 0
    office.board.clock = lambda: office.clock.now() + timedelta(minutes=20)
    assert await sweep_lost_calls(office.board) == 1
    [stored] = await stored_calls(office)
    assert (stored.state, stored.outcome) == ("ended", Outcome.LOST)


async def test_somebody_who_waits_an_hour_is_not_taken_for_lost(office: Office) -> None:
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    for _ in range(12):
        await office.phones.let_pass(300)
        await office.settled()
        assert await sweep_lost_calls(office.board) == 0
    await call.hang_up()
    assert call.errors == []
    [stored] = await stored_calls(office)
    assert stored.state == "ended"


async def test_a_status_for_a_call_that_nobody_knows_is_kept_and_pops_no_card(office: Office) -> None:
    answer = await office.webhook("/twilio/status", cast.UMA, CallStatus="completed", CallDuration="3")
    assert answer.status_code == 204
    assert await stored_calls(office) == []
    async with office.board.sessions() as session:
        assert set(await session.scalars(select(CallEvent.kind))) == {"call.status", "call.ended"}
