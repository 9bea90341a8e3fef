"""Whoever is first gets whoever becomes free, at once, whatever else rings; and nobody is lost on the way."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.answering.offer_calls import OfferCalls
from app.base.one_of_all import OneOfAll
from app.plan.phrases import DEFAULTS
from routing.actions import Phrase
from simulator import Call, ConnectedTo
from tests import cast
from tests.api import API
from tests.journeys.offering import offering
from tests.office import Office

pytestmark = pytest.mark.anyio
STRANGERS = [f"+3363998005{number}" for number in range(5)]


@pytest.fixture(autouse=True)
async def offers(office: Office) -> AsyncIterator[OfferCalls]:
    """Nobody serves but whom a test adds, and a worker offers calls."""
    await office.send_nina_home()
    async with offering(office) as running:
        yield running


async def calls(office: Office, *callers: str) -> list[Call]:
    """They come two seconds after each other."""
    placed = []
    for caller in callers:
        placed.append(await office.phones.place_call(caller, cast.LINE))
        await office.phones.let_pass(2)
    return placed


async def queue_rings(office: Office, **rules: object) -> None:
    assert (await office.api.patch(f"{API}/queues/{office.company.queue_id}", json=rules)).status_code == 200


async def hang_up(*over: Call) -> None:
    for call in over:
        await call.hang_up()
        assert call.errors == []


async def test_a_free_operator_rings_within_two_seconds(office: Office) -> None:
    olga = await office.add_operator(available=False)
    await office.add_operator(cast.OSCAR, name="Oscar")
    office.phones.phone(cast.OSCAR).answers_after(1).talks_for(600)
    office.phones.phone(cast.OLGA).answers_after(0).talks_for(600)
    talks, waits = await calls(office, cast.CLARA, cast.UMA)
    await office.phones.let_pass(41)
    assert (talks.connected_to, waits.connected_to) == (cast.OSCAR, None)
    await office.api.put(f"{API}/operators/{olga['id']}/presence", json={"state": "available"})
    await office.phones.let_pass(2)
    assert waits.connected_to == cast.OLGA
    await hang_up(talks, waits)


async def test_callers_of_one_second_are_served_in_the_order_in_which_they_came(office: Office) -> None:
    olga = await office.add_operator(available=False)
    await office.add_operator(cast.OSCAR, name="Oscar")
    office.phones.phone(cast.OSCAR).answers_after(0).talks_for(600)
    office.phones.phone(cast.OLGA).answers_after(0).talks_for(3)
    (talks,) = await calls(office, cast.CLARA)
    waiting = []
    for caller in STRANGERS:
        waiting.append(await office.phones.place_call(caller, cast.LINE))
        await office.phones.let_pass(0.1)
    await office.api.put(f"{API}/operators/{olga['id']}/presence", json={"state": "available"})
    await office.phones.let_pass(60)
    answered = [next(one.at for one in call.heard if isinstance(one, ConnectedTo)) + call.began for call in waiting]
    assert answered == sorted(answered)
    assert [call.connected_to for call in waiting] == [cast.OLGA] * len(waiting)
    await hang_up(talks)


async def test_a_vip_overtakes_five_and_gets_the_first_who_becomes_free_while_others_ring_in_vain(
    office: Office,
) -> None:
    """Olga talks, Oscar and the manager do not pick up, five wait; then a VIP calls, and Olga becomes free."""
    await office.add_operator()
    await office.add_operator(cast.OSCAR, name="Oscar", ring_seconds=60)
    await office.add_manager(ring_seconds=10)
    await office.add_vip()
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(60)
    (first,) = await calls(office, cast.CLARA)
    waiting = await calls(office, *STRANGERS)
    assert first.connected_to == cast.OLGA
    (vera,) = await calls(office, cast.VERA)
    await office.phones.let_pass(25)
    assert vera.connected_to is None
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(600)
    await first.ended()
    await office.phones.let_pass(4)
    assert vera.connected_to == cast.OLGA
    assert [call.connected_to for call in waiting] == [None] * 5
    await hang_up(vera, *waiting)


async def test_patience_outweighs_priority(office: Office) -> None:
    """Ageing saves the ordinary caller: ten minutes are worth a priority of 100."""
    olga = await office.add_operator(available=False)
    await office.add_operator(cast.OSCAR, name="Oscar")
    office.phones.phone(cast.OSCAR).answers_after(1).talks_for(3000)
    gold = await office.add_category("Gold", priority=100)
    await office.add_client(category_id=gold["id"])
    (_,) = await calls(office, STRANGERS[0])
    (patient,) = await calls(office, cast.UMA)
    await office.phones.let_pass(610)
    (late,) = await calls(office, cast.CLARA)
    office.phones.phone(cast.OLGA).answers_after(0).talks_for(600)
    await office.api.put(f"{API}/operators/{olga['id']}/presence", json={"state": "available"})
    await office.phones.let_pass(3)
    assert (patient.connected_to, late.connected_to) == (cast.OLGA, None)
    await hang_up(patient, late)


@pytest.mark.parametrize("how", ["longest_idle", "in_order"])
async def test_a_decline_moves_on_at_once(office: Office, how: str) -> None:
    await queue_rings(office, ring=how)
    await office.add_operator(position=1)
    await office.add_operator(cast.OSCAR, name="Oscar", position=2)
    office.phones.phone(cast.OLGA).busy()
    office.phones.phone(cast.OSCAR).answers_after(1).talks_for(60)
    (uma,) = await calls(office, cast.UMA)
    await office.phones.let_pass(4)
    assert uma.connected_to == cast.OSCAR
    await hang_up(uma)


async def test_a_group_that_rings_in_vain_is_not_frozen(office: Office) -> None:
    """Two telephones ring for Uma and nobody picks up; Clara gets one of them after some seconds."""
    await office.add_operator(ring_seconds=100)
    await office.add_operator(cast.OSCAR, name="Oscar", ring_seconds=100)
    uma, clara = await calls(office, cast.UMA, cast.CLARA)
    await office.phones.let_pass(10)
    offers = [one["offered_to"] for one in (await waiting_in(office))]
    assert [len(one) for one in offers] == [1, 1]
    assert offers[0] != offers[1]
    await hang_up(uma, clara)


async def waiting_in(office: Office) -> list[dict[str, list[str]]]:
    path = f"{API}/queues/{office.company.queue_id}/waiting"
    items: list[dict[str, list[str]]] = (await office.api.get(path)).json()["items"]
    return items


async def test_whoever_goes_on_a_break_rings_no_longer(office: Office) -> None:
    olga = await office.add_operator(ring_seconds=100)
    await office.add_operator(cast.OSCAR, name="Oscar", ring_seconds=100)
    (uma,) = await calls(office, cast.UMA)
    await office.api.put(f"{API}/operators/{olga['id']}/presence", json={"state": "break"})
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(60)
    await office.phones.let_pass(5)
    assert uma.connected_to is None
    assert [len(one["offered_to"]) for one in await waiting_in(office)] == [1]
    await hang_up(uma)


async def test_closing_time_with_three_waiting(office: Office) -> None:
    await office.add_operator(ring_seconds=10)
    await office.keep_hours(friday=["09:00-10:01"])
    three = await calls(office, *STRANGERS[:3])
    await office.phones.let_pass(120)
    for call in three:
        await call.ended()
        assert call.errors == []
        assert DEFAULTS[Phrase.CLOSED]["fr"] in call.said()


async def test_an_entry_removed_mid_wait_releases_the_caller(office: Office) -> None:
    """Out of the fake queue, into the real one, to the operator."""
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(60)
    entry = await office.add_blacklisted()
    boris = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(20)
    assert boris.connected_to is None
    await office.api.delete(f"{API}/blacklist/{entry['id']}")
    await office.phones.let_pass(60)
    assert boris.connected_to == cast.OLGA
    await hang_up(boris)


async def test_whoever_is_blacklisted_while_operators_are_rung_reaches_none(office: Office) -> None:
    await office.add_operator(ring_seconds=60)
    (boris,) = await calls(office, cast.BORIS)
    await office.add_blacklisted()
    await office.add_operator(cast.OSCAR, name="Oscar")
    office.phones.phone(cast.OSCAR).answers_after(1).talks_for(60)
    await office.phones.let_pass(200)
    assert boris.connected_to is None
    await hang_up(boris)


async def test_the_api_away_for_a_minute_makes_it_slower_and_no_more(office: Office, offers: OfferCalls) -> None:
    olga = await office.add_operator(available=False)
    await office.add_operator(cast.OSCAR, name="Oscar", available=True)
    office.phones.phone(cast.OSCAR).answers_after(1).talks_for(3000)
    talks, waits = await calls(office, cast.CLARA, cast.UMA)
    await office.phones.let_pass(30)
    office.phones.trouble.away = True
    office.phones.phone(cast.OLGA).answers_after(0).talks_for(600)
    await office.api.put(f"{API}/operators/{olga['id']}/presence", json={"state": "available"})
    await office.phones.let_pass(50)
    assert waits.connected_to == cast.OLGA
    await hang_up(talks, waits)


async def test_another_worker_takes_over_and_nobody_loses_their_place(office: Office, offers: OfferCalls) -> None:
    olga = await office.add_operator(available=False)
    await office.add_operator(cast.OSCAR, name="Oscar")
    office.phones.phone(cast.OSCAR).answers_after(1).talks_for(3000)
    talks, first, second = await calls(office, STRANGERS[0], cast.UMA, cast.CLARA)
    await office.phones.let_pass(20)
    offers.turn.is_mine = offers.turn.is_taken = False  # the worker that offered is dead
    await office.phones.let_pass(20)
    office.phones.phone(cast.OLGA).answers_after(0).talks_for(600)
    await office.api.put(f"{API}/operators/{olga['id']}/presence", json={"state": "available"})
    offers.turn.is_mine = offers.turn.is_taken = True
    await office.phones.let_pass(3)
    assert (first.connected_to, second.connected_to) == (cast.OLGA, None)
    await hang_up(talks, first, second)


async def test_whoever_waits_hears_their_place_as_it_is(office: Office) -> None:
    await office.add_operator(ring_seconds=100)
    first, second = await calls(office, cast.CLARA, cast.UMA)
    await office.phones.let_pass(20)
    place = DEFAULTS[Phrase.PLACE]["fr"]
    assert place.replace("{place}", "2") in second.said()
    await first.hang_up()
    await office.phones.let_pass(150)
    assert place.replace("{place}", "1") in second.said()
    await hang_up(second)


async def test_the_worker_that_has_the_lock_offers_by_itself(office: Office, offers: OfferCalls) -> None:
    """As it runs in the service: with the database's lock, in its own time."""
    offers.turn.is_mine = False
    await office.add_operator(ring_seconds=100)
    (uma,) = await calls(office, cast.UMA)
    turn = OneOfAll(office.board.settings.database_url or "", 4714)
    running = asyncio.create_task(OfferCalls(office.board, turn).run())
    async with asyncio.timeout(10):
        while not any(one["offered_to"] for one in await waiting_in(office)):
            await asyncio.sleep(0.05)
    running.cancel()
    turn.drop()
    await hang_up(uma)


async def test_telephones_that_could_not_be_withdrawn_ring_on_for_the_same_caller(office: Office) -> None:
    """Olga and Oscar are rung; Oscar goes on a break, but the API, which would stop his telephone, is away. Olga's rings on:
    nobody may ring it for Uma, who comes first."""
    urgent = await office.add_category("Urgent", priority=90)
    await office.add_client(cast.UMA, "Uma", category_id=urgent["id"])
    await office.add_operator(ring_seconds=60)
    oscar = await office.add_operator(cast.OSCAR, name="Oscar", ring_seconds=60)
    await queue_rings(office, ring="all", ring_seconds=60)
    (first,) = await calls(office, cast.CLARA)
    assert {leg.to for leg in first.legs} == {cast.OLGA, cast.OSCAR}
    office.phones.trouble.away = True
    with office.clock.busy():
        await office.api.put(f"{API}/operators/{oscar['id']}/presence", json={"state": "break"})
    (uma,) = await calls(office, cast.UMA)
    await office.phones.let_pass(32)
    assert [leg.is_over for leg in first.legs] == [False, False]
    assert uma.legs == []
    office.phones.trouble.away = False
    await hang_up(first, uma)
