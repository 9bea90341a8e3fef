"""Call-backs that two see to at once, that are seen to meanwhile, or whose rings nobody hears of: the caller's telephone
rings once, and only while it is wanted."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.answering.offer_calls import OfferCalls
from app.auth.roles import Role
from app.telephone.fault import Fault, TelephoneFault
from routing.step import Step
from tests import cast
from tests.api import API, fault, signed_in
from tests.journeys.offering import offering
from tests.journeys.test_a_call_back_keeps_its_place import asked, call_from, callbacks, one_who_talks, queue_says
from tests.office import Office

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def offers(office: Office) -> AsyncIterator[OfferCalls]:
    """Nobody serves but whom a test adds, and the queue offers a call-back after half a minute."""
    await office.send_nina_home()
    await queue_says(office, offer_callback_after_seconds=30)
    async with offering(office) as running:
        yield running


async def olga_is_rung(office: Office) -> str:
    """Uma has asked twice, from two calls; Olga's telephone rings for twenty seconds before she picks up. The call-back's
    id."""
    talks = await one_who_talks(office)
    await asked(office)
    await asked(office)
    (item,) = await callbacks(office)
    office.phones.phone(cast.OLGA).answers_after(20).talks_for(100)
    office.phones.phone(cast.UMA).answers_after(1).talks_for(60)
    await talks.hang_up()
    await office.phones.let_pass(5)
    return str(item["id"])


async def operator_ids(office: Office) -> dict[str, str]:
    return {one["name"]: one["id"] for one in (await office.api.get(f"{API}/operators")).json()["items"]}


async def all_at_work(office: Office, *names: str) -> None:
    ids = await operator_ids(office)
    for name in names:
        await office.api.put(f"{API}/operators/{ids[name]}/presence", json={"state": "available"})


def rung(office: Office, address: str) -> int:
    """How many calls the telephone is in."""
    return office.phones.phone(address).calls


async def test_what_was_cancelled_while_it_rang_rings_nobody(office: Office) -> None:
    callback_id = await olga_is_rung(office)
    with office.clock.busy():
        await office.api.patch(f"{API}/callbacks/{callback_id}", json={"state": "cancelled"})
    await office.phones.let_pass(25)
    assert rung(office, cast.UMA) == 0
    await office.phones.let_pass(120)
    (left,) = await callbacks(office)
    assert (left["state"], left["attempts"]) == ("cancelled", 0), "the second time that she asked gave no second place"


async def test_whoever_calls_at_that_moment_is_not_called(office: Office) -> None:
    await olga_is_rung(office)
    again = await call_from(office, cast.UMA)
    await office.phones.let_pass(25)
    assert rung(office, cast.UMA) == 0
    await again.hang_up()


async def test_a_vip_takes_an_operator_who_is_rung_for_a_call_back(office: Office) -> None:
    await office.add_vip()
    await office.add_manager(available=False, ring_seconds=5)
    await olga_is_rung(office)
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(30)
    vera = await call_from(office, cast.VERA)
    await office.phones.let_pass(14)
    assert vera.connected_to == cast.OLGA
    await vera.ended()
    await office.phones.let_pass(60)
    (one,) = await callbacks(office)
    assert (one["state"], one["attempts"]) == ("done", 1), "and Uma has kept her place"


async def test_nobody_rings_by_hand_while_the_queue_rings(office: Office) -> None:
    await office.add_operator(cast.OSCAR, name="Oscar", position=9, available=False)
    oscar = (await operator_ids(office))["Oscar"]
    async with signed_in(office, Role.OPERATOR, operator_id=oscar) as his:
        callback_id = await olga_is_rung(office)
        with office.clock.busy():
            refused = await his.post(f"{API}/callbacks/{callback_id}/call")
    assert fault(refused)[:2] == (409, "conflict")
    assert "calling them back" in refused.json()["detail"]


async def test_a_ring_whose_answer_was_lost_is_one_ring(office: Office) -> None:
    talks = await one_who_talks(office)
    await asked(office)
    await office.api.put(f"{API}/operators/{(await operator_ids(office))['Olga']}/presence", json={"state": "break"})
    await talks.hang_up()
    await office.phones.let_pass(10)
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(300)
    office.phones.phone(cast.UMA).answers_after(2).talks_for(200)
    office.phones.trouble.answers_lost = 1
    with office.clock.busy():
        await all_at_work(office, "Olga")
    await office.phones.let_pass(15)
    with office.clock.busy():
        await office.board.telephones.look_again()
    await office.phones.let_pass(45)
    assert (rung(office, cast.UMA), rung(office, cast.OLGA)) == (1, 1)
    (one,) = await callbacks(office)
    assert one["attempts"] in (0, 1), "what rang was not known to be its turn"


async def test_an_operator_whom_the_provider_refuses_leaves_the_place_to_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks = await one_who_talks(office)
    await office.add_operator(cast.OSCAR, name="Oscar", position=0, available=False)
    await asked(office)
    olga = (await operator_ids(office))["Olga"]
    await office.api.put(f"{API}/operators/{olga}/presence", json={"state": "break"})
    await talks.hang_up()
    await office.phones.let_pass(10)
    telephone = office.board.telephone(office.company.tenant, cast.LINE)
    assert telephone is not None
    ring = telephone.ring

    async def ring_all_but_oscar(self: object, to: str, shown: str, step: Step, seconds: int) -> str:
        if to == cast.OSCAR:
            raise TelephoneFault(Fault.REFUSED)
        return await ring(to, shown, step, seconds)

    monkeypatch.setattr(type(telephone), "ring", ring_all_but_oscar)
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(30)
    office.phones.phone(cast.UMA).answers_after(1).talks_for(20)
    with office.clock.busy():
        await all_at_work(office, "Oscar", "Olga")
    await office.phones.let_pass(200)
    (one,) = await callbacks(office)
    assert (one["state"], one["attempts"]) == ("done", 1)


async def test_nobody_is_rung_for_a_call_of_their_own(office: Office) -> None:
    await office.add_operator()
    await office.add_operator(cast.OSCAR, name="Oscar")
    office.phones.phone(cast.OSCAR).answers_after(1).talks_for(600)
    talks = await call_from(office, cast.CLARA)
    await office.phones.let_pass(40)
    assert talks.connected_to == cast.OSCAR
    await asked(office, cast.OLGA)
    await office.phones.let_pass(60)
    (one,) = await callbacks(office)
    assert (one["number"], one["attempts"], rung(office, cast.OLGA)) == (cast.OLGA, 0, 0)
    await talks.hang_up()


async def test_a_note_on_an_earlier_call_leaves_the_place(office: Office) -> None:
    await office.add_operator()
    olga = (await operator_ids(office))["Olga"]
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(20)
    first = await call_from(office, cast.UMA)
    await first.ended()
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(600)
    talks = await call_from(office, cast.CLARA)
    await office.phones.let_pass(15)
    await asked(office)
    later = (office.clock.now() + timedelta(days=3)).isoformat()
    async with signed_in(office, Role.OPERATOR, operator_id=olga) as hers:
        with office.clock.busy():
            noted = await hers.post(f"{API}/calls/{first.sid}/note", json={"next_contact_at": later})
    assert noted.status_code in (200, 204), noted.text
    office.phones.phone(cast.UMA).answers_after(1).talks_for(20)
    await talks.hang_up()
    await office.phones.let_pass(120)
    (one,) = await callbacks(office)
    assert (one["reason"], one["attempts"]) == ("queue", 1)


@pytest.mark.parametrize("when", ["9999-12-31T23:30:00Z", "9999-12-31T23:59:59-12:00", "2040-01-01T00:00:00Z"])
async def test_dates_that_nobody_means_are_refused(office: Office, when: str) -> None:
    refused = await office.api.post(f"{API}/callbacks", json={"number": cast.UMA, "due_at": when})
    assert fault(refused)[0] == 422
    assert "due_at" in refused.text
    await asked_by_a_call(office)
    (item,) = await callbacks(office)
    changed = await office.api.patch(f"{API}/callbacks/{item['id']}", json={"due_at": when})
    assert fault(changed)[0] == 422
    noted = await office.api.post(f"{API}/calls/{item['call_id']}/note", json={"next_contact_at": when})
    assert fault(noted)[0] == 422
    assert "next_contact_at" in noted.text


async def asked_by_a_call(office: Office) -> None:
    call = await call_from(office, cast.UMA)
    await call.hang_up_after(5)
