"""Calls that are sent on and answered by nobody, or whose caller is blocked meanwhile: whoever waits keeps a place of which
everybody knows, and nobody waits behind a place that is empty. With the worker that offers calls."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.answering.offer_calls import OfferCalls
from app.auth.roles import Role
from simulator import Call, ConnectedTo
from tests import cast
from tests.api import API, fault, signed_in
from tests.journeys.offering import offering
from tests.office import Office

pytestmark = pytest.mark.anyio
OLGA, OSCAR, MARY = cast.OLGA, cast.OSCAR, "client:mary"


@pytest.fixture(autouse=True)
async def offers(office: Office) -> AsyncIterator[OfferCalls]:
    await office.send_nina_home()
    async with offering(office) as running:
        yield running


async def waiting(office: Office, queue_id: str = "") -> list[dict[str, Any]]:
    await office.settled()
    page = await office.api.get(f"{API}/queues/{queue_id or office.company.queue_id}/waiting")
    return list(page.json()["items"])


async def transfer(office: Office, call: Call, **to: str) -> None:
    await office.settled()
    answer = await office.api.post(f"{API}/calls/{call.sid}/transfer", json={"to": to})
    assert answer.status_code == 200, answer.text


def talks(call: Call) -> list[str]:
    return [one.target for one in call.heard if isinstance(one, ConnectedTo)]


async def busy_with(office: Office) -> dict[str, str | None]:
    await office.settled()
    return {one["name"]: one["busy_with"] for one in (await office.api.get(f"{API}/operators")).json()["items"]}


async def test_whoever_is_transferred_in_vain_waits_again_and_is_next(office: Office) -> None:
    await office.add_operator()
    oscar = await office.add_operator(OSCAR, name="Oscar", queue_ids=[])
    office.phones.phone(OLGA).answers_after(1).talks_for(60)
    office.phones.phone(OSCAR).never_answers()
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(5)
    clara = await office.phones.place_call(cast.CLARA, cast.LINE)  # Olga has her as soon as she has sent Uma on
    await office.phones.let_pass(10)
    await transfer(office, uma, operator_id=oscar["id"])
    await office.phones.let_pass(40)
    assert [(one["call_id"], one["position"]) for one in await waiting(office)] == [(uma.sid, 1)]
    newcomer = await office.phones.place_call("+33639980063", cast.LINE)
    await clara.ended()
    await office.phones.let_pass(5)
    assert (talks(uma), talks(newcomer)) == ([OLGA, OLGA], [])


async def test_a_caller_whom_somebody_wanted_to_take_in_vain_keeps_the_place(office: Office) -> None:
    oscar = await office.add_operator(OSCAR, name="Oscar", queue_ids=[])
    office.phones.phone(OSCAR).never_answers()
    await office.add_operator()
    office.phones.phone(OLGA).answers_after(1).talks_for(100)
    first = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(2)
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(5)
    async with signed_in(office, Role.OPERATOR, oscar["id"]) as browser:
        (before,) = await waiting(office)
        assert (await browser.post(f"{API}/calls/{uma.sid}/take")).status_code == 200
    await office.phones.let_pass(40)
    (after,) = await waiting(office)
    assert (after["call_id"], after["since"]) == (uma.sid, before["since"])
    await first.ended()
    await office.phones.let_pass(5)
    assert uma.connected_to == OLGA


async def test_a_word_that_ends_with_nobody_brings_the_caller_back(office: Office) -> None:
    olga = await office.add_operator()
    oscar = await office.add_operator(OSCAR, name="Oscar", queue_ids=[])
    office.phones.phone(OLGA).answers_after(1).talks_for(900)
    office.phones.phone(OSCAR).never_answers()
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(10)
    await office.settled()
    async with signed_in(office, Role.OPERATOR, olga["id"]) as browser:
        word = {"to": {"operator_id": oscar["id"]}, "word_first": True}
        assert (await browser.post(f"{API}/calls/{uma.sid}/transfer", json=word)).status_code == 200
        await office.phones.let_pass(5)
        await office.settled()
        again = await browser.post(f"{API}/calls/{uma.sid}/transfer", json=word)
        assert fault(again)[0] == 409, "two are not asked at once"
        assert (await browser.post(f"{API}/calls/{uma.sid}/transfer/complete")).status_code == 204
    await office.phones.let_pass(60)
    assert talks(uma) == [OLGA, OLGA], "who is free again, and whom everybody knows to be"


@pytest.mark.parametrize("how", ["the caller hangs up", "the caller is sent on"])
async def test_two_who_talk_about_a_caller_who_has_gone_are_not_rung(office: Office, how: str) -> None:
    olga = await office.add_operator()
    oscar = await office.add_operator(OSCAR, name="Oscar")
    mary = await office.add_operator(MARY, name="Mary", queue_ids=[])
    for address in (OLGA, OSCAR, MARY):
        office.phones.phone(address).answers_after(1).talks_for(900)
        office.phones.phone(address).accepts_several = True
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    talker, other = (olga, oscar) if uma.connected_to == OLGA else (oscar, olga)
    async with signed_in(office, Role.OPERATOR, talker["id"]) as browser:
        word = {"to": {"operator_id": other["id"]}, "word_first": True}
        assert (await browser.post(f"{API}/calls/{uma.sid}/transfer", json=word)).status_code == 200
        await office.phones.let_pass(10)
    if how == "the caller hangs up":
        await uma.hang_up()
    else:
        await transfer(office, uma, operator_id=mary["id"])
    await office.phones.let_pass(5)
    clara = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(30)
    assert talks(clara) == []
    busy = await busy_with(office)
    assert busy["Olga"] is not None
    assert busy["Olga"] == busy["Oscar"]


async def test_nobody_waits_behind_a_caller_who_was_blocked_while_waiting(office: Office) -> None:
    await office.add_operator(MARY, name="Mary")
    office.phones.phone(MARY).answers_after(1).talks_for(30)
    talking = await office.phones.place_call("+33639980063", cast.LINE)
    await office.phones.let_pass(2)
    spammer = await office.phones.place_call("+33639980064", cast.LINE)
    await office.phones.let_pass(1)
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    assert (await office.api.post(f"{API}/calls/{spammer.sid}/block")).status_code == 201
    await talking.ended()
    await office.phones.let_pass(30)
    assert (uma.connected_to, talks(spammer)) == (MARY, [])
    assert spammer.sid not in (await busy_with(office)).values()
    assert await waiting(office) == []
    await uma.ended()
    newcomer = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(30)
    assert (newcomer.connected_to, talks(spammer)) == (MARY, [])


async def test_a_vip_who_is_transferred_is_still_one_and_hears_their_language(office: Office) -> None:
    second = await office.add_queue("Second")
    await office.add_operator()
    await office.add_operator(MARY, name="Mary", queue_ids=[second["id"]])
    office.phones.phone(OLGA).answers_after(1).talks_for(600)
    office.phones.phone(MARY).never_answers()
    await office.add_vip()
    await office.add_client(cast.UMA, "Uma", language="ru")
    for number in (cast.UMA, cast.VERA):
        call = await office.phones.place_call(number, cast.LINE)
        await office.phones.let_pass(10)
        assert talks(call), "somebody talks"
        await transfer(office, call, queue_id=second["id"])
        await office.phones.let_pass(5)
    first, behind = await waiting(office, second["id"])
    assert (first["from"], first["class"]) == (cast.VERA, "vip")
    assert (behind["from"], behind["class"]) == (cast.UMA, "ordinary")
    assert behind["since"] > first["since"][:16], "a talk is not waiting"


async def test_nobody_takes_a_call_while_another_one_is_theirs(office: Office) -> None:
    olga = await office.add_operator()
    oscar = await office.add_operator(OSCAR, name="Oscar", queue_ids=[])
    office.phones.phone(OLGA).answers_after(1).talks_for(600)
    office.phones.phone(OSCAR).answers_after(4).talks_for(600)
    await office.phones.place_call("+33639980063", cast.LINE)
    await office.phones.let_pass(5)
    calls = [await office.phones.place_call(number, cast.LINE) for number in (cast.UMA, cast.CLARA)]
    await office.phones.let_pass(5)
    await office.settled()
    async with (
        signed_in(office, Role.OPERATOR, olga["id"]) as at_olgas,
        signed_in(office, Role.OPERATOR, oscar["id"]) as at_oscars,
    ):
        assert fault(await at_olgas.post(f"{API}/calls/{calls[0].sid}/take"))[0] == 409
        assert (await at_oscars.post(f"{API}/calls/{calls[0].sid}/take")).status_code == 200
        assert fault(await at_oscars.post(f"{API}/calls/{calls[1].sid}/take"))[0] == 409
    await office.phones.let_pass(10)
    assert (talks(calls[0]), talks(calls[1])) == ([OSCAR], [])


async def test_who_wanted_to_take_a_call_that_somebody_answered_is_not_rung_after_the_talk(office: Office) -> None:
    await office.add_vip()
    await office.add_manager()
    oscar = await office.add_operator(OSCAR, name="Oscar", queue_ids=[])
    office.phones.phone(OSCAR).answers_after(1).talks_for(60)
    office.phones.phone(cast.MARTIN).answers_after(8).talks_for(30)
    vera = await office.phones.place_call(cast.VERA, cast.LINE)
    await office.phones.let_pass(3)
    await office.settled()
    async with signed_in(office, Role.OPERATOR, oscar["id"]) as browser:
        taken = await browser.post(f"{API}/calls/{vera.sid}/take")
    assert taken.json() == {"when": "soon"}, "a call that is not answered yet cannot be moved"
    await vera.ended()
    assert talks(vera) == [cast.MARTIN]
