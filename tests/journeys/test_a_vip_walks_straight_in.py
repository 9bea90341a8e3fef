"""VIPs: no message, no menu, no hours; management first, then the very front of the queue."""

import asyncio
from collections import Counter

import pytest

from app.auth.roles import Role
from models import HolidayRecord
from routing.step import StepKind, decode, split_owner
from simulator import Call, Prompt, Said
from tests import cast
from tests.api import signed_in
from tests.office import CHRISTMAS_NIGHT, Office

pytestmark = pytest.mark.anyio


async def close_everything(office: Office) -> None:
    await office.keep_hours()
    await office.add(HolidayRecord(name="Jours fériés", country="FR"))
    menu = await office.add_menu("Accueil", {"1": {"kind": "queue", "id": office.company.queue_id}})
    await office.change_line(menu_id=menu["id"], greeting="Bonjour.", closed_text="Nous sommes fermés.")


def rung(calls: list[Call]) -> Counter[str]:
    """How often each telephone was rung."""
    return Counter(leg.to for call in calls for leg in call.legs)


async def test_vera_reaches_the_manager_at_three_at_night_on_christmas(office: Office) -> None:
    await close_everything(office)
    await office.add_manager()
    await office.add_vip()
    office.phones.phone(cast.MARTIN).answers_after(5).talks_for(30)
    await office.phones.let_pass((CHRISTMAS_NIGHT - office.clock.now()).total_seconds())
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.MARTIN
    assert not [event for event in call.heard if isinstance(event, Said | Prompt)]


async def test_the_chain_goes_on_when_the_first_manager_does_not_answer(office: Office) -> None:
    await office.add_manager(position=1, ring_seconds=12)
    await office.add_manager("sip:director@example.org", name="Diane", position=2)
    await office.add_vip()
    office.phones.phone("sip:director@example.org").answers_after(3).talks_for(30)
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == "sip:director@example.org"


async def test_two_vips_at_once_ring_two_managers_and_nobody_twice(office: Office) -> None:
    await office.add_manager(position=1)
    await office.add_manager("sip:director@example.org", name="Diane", position=2)
    await office.add_operator()
    for number in (cast.VERA, "+33639981099", "+33639981098"):
        await office.add_vip(number)
    martin, diane, olga = [office.phones.phone(one) for one in (cast.MARTIN, "sip:director@example.org", cast.OLGA)]
    for phone in (martin, diane, olga):
        phone.accepts_several = True  # the telephone would take a second call: it is we who must not ring it
        phone.answers_after(6).talks_for(30)
    calls = await asyncio.gather(
        *(office.phones.place_call(one, cast.LINE) for one in (cast.VERA, "+33639981099", "+33639981098"))
    )
    for call in calls:
        await call.ended()
    assert all(call.errors == [] for call in calls)
    assert {call.connected_to for call in calls} == {martin.address, diane.address, olga.address}
    assert rung(calls) == {martin.address: 1, diane.address: 1, olga.address: 1}
    await office.settled()
    late = next(call for call in calls if call.connected_to == olga.address)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        told = (await sofia.get(f"/calls/{late.sid}")).text
    assert "Passed over: on the telephone already" in told
    assert "Martin, Diane" in told


async def test_a_manager_who_talks_is_not_rung_and_the_next_vip_is_first_in_the_queue(office: Office) -> None:
    await office.add_manager()
    await office.add_operator()
    await office.add_vip()
    await office.add_vip("+33639981099")
    office.phones.phone(cast.MARTIN).answers_after(2).talks_for(300)
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(30)
    vera = await office.phones.place_call(cast.VERA, cast.LINE)
    await office.phones.let_pass(10)
    assert vera.connected_to == cast.MARTIN
    other = await office.phones.place_call("+33639981099", cast.LINE)
    await office.phones.let_pass(30)
    assert other.connected_to == cast.OLGA
    assert rung([vera, other]) == {cast.MARTIN: 1, cast.OLGA: 1}


async def test_a_managers_voicemail_never_gets_the_vip(office: Office) -> None:
    await office.add_manager(confirm=True)
    await office.add_operator()
    await office.add_vip()
    office.phones.phone(cast.MARTIN).voicemail_answers_after(8)
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(30)
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA


async def test_a_manager_confirms_with_a_key(office: Office) -> None:
    martin = await office.add_manager(confirm=True)
    await office.add_vip()
    office.phones.phone(cast.MARTIN).answers_after(4).presses("1").talks_for(30)
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.MARTIN
    await office.settled()
    stored = (await office.api.get(f"/api/v1/calls/{call.sid}")).json()
    assert stored["state"] == "ended"
    assert stored["answered_by"] == martin["id"]


async def test_vera_is_served_before_everybody_who_waited_longer(office: Office) -> None:
    await office.add_manager(ring_seconds=10)
    await office.add_vip()
    await office.add_operator(cast.OSCAR, name="Oscar", ring_seconds=5)  # does not answer
    early = [await office.phones.place_call(f"+3363998005{n}", cast.LINE) for n in range(3)]
    await office.phones.let_pass(200)
    vera = await office.phones.place_call(cast.VERA, cast.LINE)
    await office.phones.let_pass(15)
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(300)
    await office.phones.let_pass(60)
    assert vera.connected_to == cast.OLGA
    assert [call.connected_to for call in early] == [None, None, None]
    for call in [vera, *early]:
        await call.hang_up()
        assert call.errors == []


async def test_a_forged_vera_waits_near_the_front_and_is_marked(office: Office) -> None:
    await office.add_manager()
    await office.add_operator()
    await office.add_vip()
    office.phones.phone(cast.MARTIN).answers_after(1)
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(30)
    call = await office.phones.place_call(cast.VERA, cast.LINE, attestation="failed")
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA
    await office.settled()
    assert (await office.api.get(f"/api/v1/calls/{call.sid}")).json()["decision"]["reason"]["code"] == "vip_unconfirmed"


async def test_no_document_of_a_vips_call_is_a_menu_or_the_fake_queue(office: Office) -> None:
    await close_everything(office)
    await office.add_manager(confirm=True, ring_seconds=10)
    await office.add_vip()
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await call.hang_up_after(300)
    assert call.errors == []
    for document in call.documents:
        assert not (document.leg == "caller" and document.root is not None and document.root.findall(".//Gather"))
        if "/twilio/step/" in document.url:
            kind = decode(split_owner(document.url.rpartition("/")[2])[1], office.board.step_key).kind
            assert kind not in {StepKind.FAKE_QUEUE, StepKind.MENU_KEY, StepKind.MENU_SILENCE}
