"""Whoever looks after a client is rung first, where the category says so, and the others after one ring."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.answering.offer_calls import OfferCalls
from simulator import Call
from tests import cast
from tests.api import API, made
from tests.journeys.offering import offering
from tests.office import Office

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["an engine offers", "the queue's ticks offer"])
async def offers(office: Office, request: pytest.FixtureRequest) -> AsyncIterator[OfferCalls | None]:
    """Both ways in which callers are offered."""
    await office.send_nina_home()
    if request.param.startswith("an engine"):
        async with offering(office) as running:
            yield running
    else:
        yield None


async def furnish(office: Office, **category: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Clara is looked after by Olga, who comes last in the order; Oscar is free too."""
    await office.add_operator(cast.OSCAR, name="Oscar", position=1, ring_seconds=20)
    olga = await office.add_operator(name="Olga", position=2, ring_seconds=20)
    kind = await made(office, "categories", name="Dealers", **{"responsible_first": True} | category)
    await made(
        office, "clients", name="Clara", numbers=[cast.CLARA], category="Dealers", responsible_operator_id=olga["id"]
    )
    for number in (cast.OLGA, cast.OSCAR):
        office.phones.phone(number).answers_after(2).talks_for(600)
    return olga, kind


async def called(office: Office, number: str = cast.CLARA, seconds: int = 45) -> Call:
    call = await office.phones.place_call(number, cast.LINE)
    await office.phones.let_pass(seconds)
    return call


async def test_the_own_operator_answers(office: Office, offers: OfferCalls | None) -> None:
    await furnish(office)
    clara = await called(office)
    assert clara.connected_to == cast.OLGA
    await clara.hang_up()
    await office.settled()
    told = (await office.api.get(f"{API}/calls/{clara.sid}")).json()["decision"]["trace"]
    assert [one["text"] for one in told if one["question"] == "category_says"] == [
        "Dealers: priority 0; Olga is rung first"
    ]
    assert clara.errors == []


async def test_after_one_ring_the_others_are_rung(office: Office, offers: OfferCalls | None) -> None:
    await furnish(office)
    office.phones.phone(cast.OLGA).answers_after(500)
    clara = await called(office, seconds=20)
    assert clara.connected_to is None
    await office.phones.let_pass(60)
    assert clara.connected_to == cast.OSCAR
    await clara.hang_up()


async def test_nobody_waits_for_who_cannot_be_rung(office: Office, offers: OfferCalls | None) -> None:
    olga, _kind = await furnish(office)
    await office.api.put(f"{API}/operators/{olga['id']}/presence", json={"state": "break"})
    clara = await called(office)
    assert clara.connected_to == cast.OSCAR
    await clara.hang_up()


async def test_without_the_flag_everybody_is_rung(office: Office, offers: OfferCalls | None) -> None:
    await furnish(office, responsible_first=False)
    office.phones.phone(cast.OLGA).answers_after(500)
    clara = await called(office, seconds=20 if offers else 45)
    assert clara.connected_to == cast.OSCAR
    await clara.hang_up()
