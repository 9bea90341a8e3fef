"""Whoever would rather not wait presses a key, hangs up, and is rung when it is their turn."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.answering.offer_calls import OfferCalls
from app.auth.roles import Role
from app.plan.build_plan import WEEKDAYS
from app.plan.phrases import DEFAULTS
from routing.actions import Phrase
from simulator import Call
from simulator.heard import Dialled
from tests import cast
from tests.api import API, made, signed_in
from tests.journeys.offering import offering
from tests.office import Office

pytestmark = pytest.mark.anyio
OFFER, TAKEN = DEFAULTS[Phrase.CALLBACK_OFFER]["fr"], DEFAULTS[Phrase.CALLBACK_TAKEN]["fr"]
BEFORE, BEHIND = "+33639980050", "+33639980051"


@pytest.fixture(autouse=True)
async def offers(office: Office) -> AsyncIterator[OfferCalls]:
    """Nobody serves but whom a test adds, and the queue offers a call-back after half a minute."""
    await office.send_nina_home()
    await queue_says(office, offer_callback_after_seconds=30)
    async with offering(office) as running:
        yield running


async def queue_says(office: Office, **rules: object) -> None:
    changed = await office.api.patch(f"{API}/queues/{office.company.queue_id}", json=rules)
    assert changed.status_code == 200, changed.text


async def call_from(office: Office, caller: str) -> Call:
    call = await office.phones.place_call(caller, cast.LINE)
    await office.phones.let_pass(2)
    return call


async def asked(office: Office, caller: str = cast.UMA, seconds: float = 60) -> Call:
    """Somebody who waits so long, asks to be called back, and has hung up."""
    call = await call_from(office, caller)
    await office.phones.let_pass(seconds)
    await call.press("1")
    await call.ended()
    assert call.errors == []
    await office.settled()
    return call


async def callbacks(office: Office) -> list[dict[str, Any]]:
    await office.settled()
    items: list[dict[str, Any]] = (await office.api.get(f"{API}/callbacks")).json()["items"]
    return items


async def one_who_talks(office: Office) -> Call:
    """Olga, the only one, talks to somebody for ten minutes."""
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(600)
    call = await call_from(office, cast.CLARA)
    await office.phones.let_pass(3)
    assert call.connected_to == cast.OLGA
    return call


async def test_it_is_offered_once_the_wait_is_long_enough(office: Office) -> None:
    talks = await one_who_talks(office)
    uma = await call_from(office, cast.UMA)
    await office.phones.let_pass(20)
    assert OFFER not in uma.said()
    await office.phones.let_pass(30)
    assert OFFER in uma.said()
    await uma.press("7")
    await office.phones.let_pass(5)
    assert not uma.is_over, "another key changes nothing"
    await uma.hang_up()
    assert [one["reason"] for one in await callbacks(office)] == ["missed"]
    await talks.hang_up()


async def test_a_call_back_keeps_its_place(office: Office) -> None:
    """One in front of Uma, who asks to be called back, and one behind: each is served in the order in which they came."""
    talks = await one_who_talks(office)
    before = await call_from(office, BEFORE)
    uma = await asked(office)
    assert uma.said().endswith(TAKEN)
    behind = await call_from(office, BEHIND)
    (open_one,) = await callbacks(office)
    waiting = (await office.api.get(f"{API}/queues/{office.company.queue_id}/waiting")).json()["items"]
    assert [(one["call_id"], one["callback_id"], one["position"]) for one in waiting] == [
        (before.sid, None, 1), (uma.sid, open_one["id"], 2), (behind.sid, None, 3),
    ]  # fmt: skip
    assert (open_one["reason"], open_one["number"], open_one["queue_id"]) == (
        "queue",
        cast.UMA,
        office.company.queue_id,
    )
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(30)
    office.phones.phone(cast.UMA).answers_after(2).talks_for(20)
    await talks.hang_up()
    await office.phones.let_pass(4)
    assert (before.connected_to, behind.connected_to) == (cast.OLGA, None)
    await before.ended()
    await office.phones.let_pass(10)
    assert behind.connected_to is None, "it is Uma's turn"
    (done,) = await callbacks(office)
    await office.phones.let_pass(30)
    (done,) = await callbacks(office)
    assert (done["state"], done["closed_by"], done["attempts"]) == ("done", "call", 1)
    assert behind.connected_to == cast.OLGA
    await behind.hang_up()


async def test_nobody_rings_twice_while_somebody_is_called_back(office: Office) -> None:
    talks = await one_who_talks(office)
    await asked(office)
    office.phones.phone(cast.UMA).answers_after(20).talks_for(3000)
    await talks.hang_up()
    await office.phones.let_pass(10)
    late = await call_from(office, BEHIND)
    await office.phones.let_pass(40)
    assert late.connected_to is None
    assert not [event for event in late.heard if isinstance(event, Dialled)]
    (olga,) = (await office.api.get(f"{API}/operators")).json()["items"]
    assert olga["busy_with"]["talking"] is True
    await late.hang_up()


async def test_an_operator_who_does_not_pick_up_leaves_the_place_to_the_next(office: Office) -> None:
    talks = await one_who_talks(office)
    await office.add_operator(cast.OSCAR, name="Oscar", position=9, available=False)
    await asked(office)
    office.phones.phone(cast.OLGA).never_answers()
    office.phones.phone(cast.OSCAR).answers_after(1).talks_for(30)
    office.phones.phone(cast.UMA).answers_after(1).talks_for(20)
    await talks.hang_up()
    await office.phones.let_pass(20)
    oscar = next(one for one in (await office.api.get(f"{API}/operators")).json()["items"] if one["name"] == "Oscar")
    await office.api.put(f"{API}/operators/{oscar['id']}/presence", json={"state": "available"})
    await office.phones.let_pass(90)
    (done,) = await callbacks(office)
    assert (done["state"], done["attempts"]) == ("done", 1)


async def test_a_caller_who_is_not_reached_stays_on_the_list(office: Office) -> None:
    talks = await one_who_talks(office)
    await asked(office)
    office.phones.phone(cast.UMA).never_answers()
    await talks.hang_up()
    await office.phones.let_pass(200)
    (tried,) = await callbacks(office)
    assert (tried["state"], tried["attempts"]) == ("open", 1)


async def test_whoever_was_blacklisted_meanwhile_is_not_rung(office: Office) -> None:
    talks = await one_who_talks(office)
    await asked(office)
    await office.add_blacklisted(cast.UMA)
    await talks.hang_up()
    await office.phones.let_pass(60)
    (left,) = await callbacks(office)
    assert left["attempts"] == 0


@pytest.mark.parametrize("what", ["taken", "closed", "called again"])
async def test_a_place_is_given_up_when_somebody_sees_to_it(office: Office, what: str) -> None:
    talks = await one_who_talks(office)
    await asked(office)
    (item,) = await callbacks(office)
    olga = item["owner_id"] or (await office.api.get(f"{API}/operators")).json()["items"][0]["id"]
    again = None
    match what:
        case "taken":
            await office.api.patch(f"{API}/callbacks/{item['id']}", json={"owner_id": olga})
        case "closed":
            await office.api.patch(f"{API}/callbacks/{item['id']}", json={"state": "cancelled"})
        case _:
            again = await call_from(office, cast.UMA)
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(600)
    await talks.hang_up()
    await office.phones.let_pass(40)
    (left,) = await callbacks(office)
    assert left["attempts"] == 0
    if again is not None:
        assert again.connected_to == cast.OLGA
        await again.hang_up()


async def test_a_line_that_is_closed_rings_nobody(office: Office) -> None:
    talks = await one_who_talks(office)
    await asked(office)
    await office.keep_hours(monday=[])
    await talks.hang_up()
    await office.phones.let_pass(60)
    (left,) = await callbacks(office)
    assert (left["state"], left["attempts"]) == ("open", 0)


async def test_whose_category_keeps_other_hours_is_called_back_in_those(office: Office) -> None:
    always = await made(office, "hours", name="Always", days={day: ["00:00-24:00"] for day in WEEKDAYS})
    partners = await office.add_category("Partners", hours_id=always["id"])
    await office.add_client(cast.UMA, "Uma", category_id=partners["id"])
    talks = await one_who_talks(office)
    await asked(office)
    await office.keep_hours(monday=[])
    await talks.hang_up()
    await office.phones.let_pass(60)
    assert max(one["attempts"] for one in await callbacks(office)) == 1


async def test_a_withheld_number_and_a_vip_are_offered_nothing(office: Office) -> None:
    talks = await one_who_talks(office)
    await office.add_vip()
    hidden, vera = await call_from(office, "anonymous"), await call_from(office, cast.VERA)
    await office.phones.let_pass(120)
    assert OFFER not in hidden.said() + vera.said()
    for call in (hidden, vera, talks):
        await call.hang_up()


async def test_a_blacklisted_caller_who_presses_the_key_is_where_nobody_is(office: Office) -> None:
    talks = await one_who_talks(office)
    uma = await call_from(office, cast.UMA)
    await office.phones.let_pass(60)
    with office.clock.busy():  # the same round of music listens still
        await office.add_blacklisted(cast.UMA)
    await uma.press("1")
    await office.phones.let_pass(60)
    assert (uma.connected_to, uma.errors) == (None, [])
    await uma.hang_up()
    assert await callbacks(office) == []
    await talks.hang_up()


async def test_without_the_provider_s_api_the_list_has_it_and_nobody_is_held_up(office: Office) -> None:
    talks = await one_who_talks(office)
    await asked(office)
    behind = await call_from(office, BEHIND)
    office.board.telephones.makers = {}
    office.board.telephones._made.clear()
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(600)
    await talks.hang_up()
    await office.phones.let_pass(60)
    assert behind.connected_to == cast.OLGA
    (left,) = await callbacks(office)
    assert (left["state"], left["attempts"]) == ("open", 0)
    await behind.hang_up()


async def test_the_wait_is_told_once_the_queue_s_pace_is_known(office: Office) -> None:
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(50)
    about = DEFAULTS[Phrase.WAIT_ABOUT]["fr"].replace("{minutes}", "2")
    for _ in range(5):
        call = await call_from(office, cast.CLARA)
        await call.ended()
    office.phones.phone(cast.OLGA).never_answers()
    uma = await call_from(office, cast.UMA)
    await office.phones.let_pass(10)
    assert about in uma.said()
    await uma.hang_up()


async def test_a_queue_whose_callers_go_to_the_list_says_so(office: Office) -> None:
    await queue_says(office, otherwise={"do": "callback"})
    call = await call_from(office, cast.UMA)
    await call.ended()
    assert call.said() == DEFAULTS[Phrase.WILL_CALL_BACK]["fr"]
    hidden = await call_from(office, "anonymous")
    await hidden.ended()
    assert hidden.said() == DEFAULTS[Phrase.NOBODY_SERVES]["fr"]


async def test_the_list_says_for_whom_a_telephone_rings(office: Office) -> None:
    talks = await one_who_talks(office)
    await asked(office)
    (olga,) = (await office.api.get(f"{API}/operators")).json()["items"]
    office.phones.phone(cast.OLGA).answers_after(10).talks_for(60)
    office.phones.phone(cast.UMA).answers_after(1).talks_for(400)
    async with signed_in(office, Role.OPERATOR, operator_id=olga["id"]) as hers, signed_in(office, Role.ADMIN) as adams:
        await talks.hang_up()
        await office.phones.let_pass(5)
        with office.clock.busy():
            assert "your telephone rings for this" in (await hers.get("/callbacks")).text
            assert "Olga is calling" in (await adams.get("/callbacks")).text
        await office.phones.let_pass(20)
        with office.clock.busy():
            assert "you are calling" in (await hers.get("/callbacks")).text
