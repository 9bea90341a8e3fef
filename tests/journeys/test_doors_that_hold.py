"""What one caller may hold, whose telephone is left alone, and keys that mean what was pressed."""

import xml.etree.ElementTree as ET
from contextlib import suppress

import pytest

from app.plan.phrases import DEFAULTS
from routing.actions import Phrase, QueuePriority
from routing.step import Step, StepKind, encode
from simulator import Call, Prompt, Rejected
from simulator.errors import CallIsOver
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio


async def stored(office: Office, call: Call) -> dict[str, object]:
    await office.settled()
    found: dict[str, object] = (await office.api.get(f"/api/v1/calls/{call.sid}")).json()
    return found


async def placed(office: Office, caller: str, times: int) -> list[Call]:
    calls = [await office.phones.place_call(caller, cast.LINE) for _ in range(times)]
    await office.phones.let_pass(5)
    return calls


def was_refused(call: Call) -> bool:
    return any(isinstance(event, Rejected) for event in call.heard) and not call.billed


async def test_the_fourth_call_of_one_number_at_once_is_refused_and_the_next_one_after_an_end_is_not(
    office: Office,
) -> None:
    await office.add_operator()
    calls = await placed(office, cast.UMA, 5)
    assert [was_refused(call) for call in calls] == [False, False, False, True, True]
    assert (await stored(office, calls[3]))["decision"]["reason"]["code"] == "too_many_calls"  # type: ignore[index]
    await calls[0].hang_up()
    (another,) = await placed(office, cast.UMA, 1)
    assert not was_refused(another)
    (somebody_else,) = await placed(office, cast.CLARA, 1)
    assert not was_refused(somebody_else)
    for call in (*calls[1:3], another, somebody_else):
        await call.hang_up()


@pytest.mark.parametrize("caller", [cast.OLGA, cast.VERA, "anonymous"])
async def test_whoever_may_call_often_may_call_often(office: Office, caller: str) -> None:
    await office.add_manager(cast.OLGA, name="Olga")
    await office.add_vip()
    calls = await placed(office, caller, 6)
    assert not [call for call in calls if was_refused(call)]
    for call in calls:
        await call.hang_up()


async def test_calls_that_were_never_heard_of_again_keep_nobody_out(office: Office) -> None:
    await office.add_operator()
    answers = [(await office.webhook("/twilio/voice", cast.UMA)).text for _ in range(4)]
    assert ["<Reject" in answer for answer in answers] == [False, False, False, True]
    await office.phones.let_pass(400)
    assert "<Enqueue" in (await office.webhook("/twilio/voice", cast.UMA)).text


async def test_the_fake_queue_holds_so_many_at_once(office: Office) -> None:
    await office.add_blacklisted("+336399801", match="prefix", label="village")
    await office.api.patch("/api/v1/company", json={"treatments": {"fake_queue_at_once": 2}})
    calls = [await office.phones.place_call(f"+3363998010{place}", cast.LINE) for place in range(4)]
    await office.phones.let_pass(400)
    assert [was_refused(call) for call in calls] == [False, False, True, True]
    await calls[0].hang_up()
    (another,) = await placed(office, "+33639980109", 1)
    assert not was_refused(another)
    for call in (calls[1], another):
        await call.hang_up()


async def test_a_menu_is_not_repeated_for_ever(office: Office) -> None:
    await office.add_operator()
    menu = await office.add_menu("Accueil", {"9": {"kind": "repeat"}})
    await office.change_line(menu_id=menu["id"])
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    for _ in range(30):
        await office.phones.let_pass(1)
        await call.press("9")
    await office.phones.let_pass(30)
    assert sum(isinstance(event, Prompt) for event in call.heard) == 30
    assert any("Enqueue" in ET.tostring(one.root, "unicode") for one in call.documents if one.root is not None)
    await call.hang_up()


async def test_a_manager_whose_mobile_is_forwarded_to_the_office_is_not_rung_again(office: Office) -> None:
    await office.add_manager()
    await office.add_operator()
    await office.add_vip()
    office.phones.phone(cast.MARTIN).answers_after(1)
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(10)
    call = await office.phones.place_call(cast.VERA, cast.LINE, forwarded_from=cast.MARTIN)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA
    called_by_himself = await office.phones.place_call(cast.MARTIN, cast.LINE)
    await called_by_himself.ended()
    assert called_by_himself.connected_to == cast.OLGA


async def test_a_manager_who_takes_a_call_whose_caller_has_gone_hears_so_and_the_vip_was_missed(office: Office) -> None:
    martin = await office.add_manager(confirm=True)
    await office.add_vip()
    answer = await office.webhook("/twilio/voice", cast.VERA, CallSid=(call_id := "CA" + "7" * 32))
    url = answer.text.partition('url="')[2].partition('"')[0]
    leg = {"CallSid": "CA" + "8" * 32, "ParentCallSid": call_id, "CallStatus": "in-progress"}
    asked = (await office.webhook(url, cast.VERA, cast.MARTIN, **leg)).text
    assert DEFAULTS[Phrase.CALLEE_CONFIRM]["fr"] in asked
    await office.webhook("/twilio/status", cast.VERA, CallSid=call_id, CallStatus="no-answer")
    pressed = asked.partition('action="')[2].partition('"')[0]
    told = (await office.webhook(pressed, cast.VERA, cast.MARTIN, Digits="1", **leg)).text
    assert (
        DEFAULTS[Phrase.CALLER_GONE]["fr"].replace("'", "&apos;") in told or DEFAULTS[Phrase.CALLER_GONE]["fr"] in told
    )
    await office.settled()
    call = (await office.api.get(f"/api/v1/calls/{call_id}")).json()
    assert (call["state"], call["answered_by"]) == ("ended", None)
    assert martin["id"]


@pytest.mark.parametrize(
    ("pressed", "chosen"),
    [("1", "one"), ("1#", "one"), ("12", "twelve"), ("2", "two"), ("21", "two"), ("2#", "two"), ("12#", "twelve")],
)
async def test_keys_of_one_digit_and_of_two(office: Office, pressed: str, chosen: str) -> None:
    keys = {"1": "one", "12": "twelve", "2": "two"}
    menu = await office.add_menu("Accueil", {key: {"kind": "message", "text": text} for key, text in keys.items()})
    await office.change_line(menu_id=menu["id"])
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hears(Prompt)
    began = office.clock.now()
    for key in pressed:
        with suppress(CallIsOver):  # what is pressed after the choice is heard by nobody
            await call.press(key)
        await office.phones.let_pass(0.5)
    await call.ended()
    assert call.errors == []
    assert call.said().endswith(chosen)
    assert (office.clock.now() - began).total_seconds() < 5


async def test_a_full_queue_of_the_provider_does_not_keep_a_vip_from_the_operators(office: Office) -> None:
    await office.add_operator()
    began = int(office.clock.now().timestamp())
    for priority, verb in ((QueuePriority.VIP, "<Dial"), (QueuePriority.ORDINARY, "<Say")):
        step = Step(StepKind.LEFT_QUEUE, cast.LINE, began, office.company.queue_id, priority=priority, language="fr")
        url = f"/twilio/step/{encode(step, office.board.step_key)}"
        assert verb in (await office.webhook(url, cast.VERA, QueueResult="queue-full")).text
