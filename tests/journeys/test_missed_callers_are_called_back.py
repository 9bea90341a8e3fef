"""A caller whom nobody answered: the list knows, the owner's telephone rings, then the caller's, and it is done."""

from typing import Any

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, fault, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def the_callback(office: Office) -> dict[str, Any]:
    await office.settled()
    (item,) = (await office.api.get(f"{API}/callbacks")).json()["items"]
    assert isinstance(item, dict)
    return item


async def missed(office: Office, number: str = cast.UMA) -> dict[str, Any]:
    call = await office.phones.place_call(number, cast.LINE)
    await call.hang_up_after(20)
    return await the_callback(office)


async def test_the_owner_is_rung_then_the_caller_and_it_is_done(office: Office) -> None:
    item = await missed(office)
    olga = await office.add_operator()
    await office.api.patch(f"{API}/callbacks/{item['id']}", json={"owner_id": olga["id"]})
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(60)
    office.phones.phone(cast.UMA).never_answers()
    assert (await office.api.post(f"{API}/callbacks/{item['id']}/call")).status_code == 202
    await office.phones.let_pass(120)
    tried = await the_callback(office)
    assert (tried["state"], tried["attempts"]) == ("open", 1), "the caller did not answer"
    office.phones.phone(cast.UMA).answers_after(5).talks_for(20)
    assert (await office.api.post(f"{API}/callbacks/{item['id']}/call")).status_code == 202
    await office.phones.let_pass(120)
    done = await the_callback(office)
    assert (done["state"], done["closed_by"], done["attempts"]) == ("done", "call", 2)


async def test_an_owner_who_does_not_pick_up_calls_nobody(office: Office) -> None:
    item = await missed(office)
    olga = await office.add_operator()
    await office.api.patch(f"{API}/callbacks/{item['id']}", json={"owner_id": olga["id"]})
    office.phones.phone(cast.OLGA).never_answers()
    office.phones.phone(cast.UMA).answers_after(1).talks_for(20)
    await office.api.post(f"{API}/callbacks/{item['id']}/call")
    await office.phones.let_pass(120)
    assert (await the_callback(office))["state"] == "open"


async def test_whoever_calls_again_and_is_answered_is_done(office: Office) -> None:
    await missed(office)
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(10)
    again = await office.phones.place_call(cast.UMA, cast.LINE)
    await again.ended()
    done = await the_callback(office)
    assert (done["state"], done["closed_by"]) == ("done", "call")


async def test_without_a_key_for_the_api_the_number_is_dialled_by_hand(office: Office) -> None:
    item = await missed(office)
    olga = await office.add_operator()
    await office.api.patch(f"{API}/callbacks/{item['id']}", json={"owner_id": olga["id"]})
    office.board.telephones.makers = {}
    office.board.telephones._made.clear()
    assert fault(await office.api.post(f"{API}/callbacks/{item['id']}/call"))[:2] == (409, "conflict")
    async with signed_in(office, Role.OPERATOR) as olga_s:
        assert f'href="tel:{cast.UMA}"' in (await olga_s.get("/callbacks")).text


async def test_a_caller_who_was_blacklisted_meanwhile_is_never_rung(office: Office) -> None:
    item = await missed(office)
    olga = await office.add_operator()
    await office.api.patch(f"{API}/callbacks/{item['id']}", json={"owner_id": olga["id"]})
    office.phones.phone(cast.OLGA).answers_after(10).talks_for(30)
    office.phones.phone(cast.UMA).answers_after(1).talks_for(20)
    assert (await office.api.post(f"{API}/callbacks/{item['id']}/call")).status_code == 202
    await office.add_blacklisted(cast.UMA)
    await office.phones.let_pass(120)
    assert (await the_callback(office))["state"] == "open"
    assert fault(await office.api.post(f"{API}/callbacks/{item['id']}/call"))[:2] == (409, "conflict")
