"""Callbacks come twice, in any order or never; webhooks are repeated. One call stays one call."""

import asyncio
import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.answering.sweep_lost_calls import sweep_lost_calls
from models import CallEvent, CallRecord
from routing.lifecycle import Outcome
from simulator import PhoneCompany
from tests import cast
from tests.api import API
from tests.office import Office

pytestmark = pytest.mark.anyio
OTHER = "+33639980077"


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


class Ring:
    """Uma's call rings Olga and Oscar, and everything that is told of it is told by hand."""

    def __init__(self, office: Office, call_id: str) -> None:
        self.office, self.call_id = office, call_id
        self.url = self.tick = ""
        self.legs = {cast.OLGA: "CA" + "a" * 32, OTHER: "CA" + "b" * 32}

    @classmethod
    async def begin(cls, office: Office) -> "Ring":
        ring = cls(office, "CA" + "6" * 32)
        text = (await office.webhook("/twilio/voice", cast.UMA, CallSid=ring.call_id)).text
        ring.url = named(text, "action")
        await ring.goes_on(named(text, "waitUrl"), QueueTime="0")
        await ring.goes_on(ring.url, QueueTime="0", QueueResult="leave")
        return ring

    async def goes_on(self, url: str, **parameters: str) -> str:
        told = {"CallSid": self.call_id, "CallStatus": "in-progress"} | parameters
        answer = await self.office.webhook(url, cast.UMA, **told)
        self.url = named(answer.text, "action") or self.url
        self.tick = named(answer.text, "waitUrl") or self.tick
        return answer.text

    async def told_of(self, to: str, *states: str) -> None:
        for state in states:
            await self.office.webhook(
                "/twilio/status", cast.UMA, to, CallSid=self.legs[to], ParentCallSid=self.call_id, CallStatus=state
            )

    async def passes(self, seconds: float) -> None:
        await self.office.phones.let_pass(seconds)

    async def talks_to(self, operator_id: str) -> bool:
        return (await self.office.api.get(f"{API}/operators/{operator_id}")).json()["busy_with"] is not None


def named(text: str, attribute: str) -> str:
    found = re.search(f'{attribute}="([^"]+)"', text)
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize("comes", ["in time", "late"])
async def test_who_picked_up_and_never_talked_is_not_the_one_who_answered(office: Office, comes: str) -> None:
    await office.send_nina_home()
    olga = await office.add_operator(ring_seconds=10)
    ring = await Ring.begin(office)
    await ring.told_of(cast.OLGA, "ringing")
    await ring.passes(9)
    if comes == "in time":
        await ring.told_of(cast.OLGA, "in-progress", "completed")
        await ring.passes(1)
    await ring.goes_on(ring.url, DialCallStatus="completed", DialBridged="false")
    await ring.goes_on(ring.tick, QueueTime="0")
    await ring.passes(1)
    if comes == "late":
        await ring.told_of(cast.OLGA, "in-progress", "completed")
    assert not await ring.talks_to(olga["id"])
    await ring.passes(9)
    assert "Leave" in await ring.goes_on(ring.tick, QueueTime="10"), "rung again, as after any ring in vain"
    await ring.goes_on(ring.url, QueueTime="10", QueueResult="hangup", CallStatus="completed")
    [stored] = await stored_calls(office)
    assert (stored.state, stored.answered_by, stored.answered_at) == ("ended", None, None)
    callbacks = (await office.api.get(f"{API}/callbacks")).json()["items"]
    assert [(one["reason"], one["state"]) for one in callbacks] == [("missed", "open")]


@pytest.mark.parametrize("first", [cast.OLGA, OTHER])
async def test_of_two_who_pick_up_the_one_who_stays_has_the_call(office: Office, first: str) -> None:
    olga = (await office.add_operator(ring_seconds=10))["id"]
    other = (await office.add_operator(OTHER, name="Oscar", ring_seconds=10))["id"]
    ring = await Ring.begin(office)
    for to in (first, cast.OLGA if first == OTHER else OTHER):
        await ring.told_of(to, "in-progress")
        await ring.passes(1)
    await ring.told_of(OTHER, "completed")
    assert (await ring.talks_to(olga), await ring.talks_to(other)) == (True, False)
    [stored] = await stored_calls(office)
    assert (stored.state, stored.answered_by) == ("answered", olga)


@pytest.mark.parametrize(
    "spelt",
    [
        "sip:Sam@PBX.example.org", "sips:sam@pbx.example.org", "sip:sam@pbx.example.org:5060;transport=udp",
        "sip:sam@pbx.example.org?x-card=1",
    ],
)  # fmt: skip
async def test_a_sip_telephone_is_known_however_its_address_is_spelt(office: Office, spelt: str) -> None:
    sam = await office.add_operator("sip:sam@pbx.example.org", name="Sam")
    ring = await Ring.begin(office)
    ring.legs[spelt] = "CA" + "c" * 32
    await ring.told_of(spelt, "in-progress")
    assert await ring.talks_to(sam["id"])


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
