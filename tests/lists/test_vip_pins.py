"""The PIN of a VIP entry: set and taken away through the API and on the page, and read back nowhere."""

from typing import Any

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, fault, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

PIN = "84629"


async def with_pin(office: Office) -> dict[str, Any]:
    """Vera's entry."""
    return await made(office, "vip", number=cast.VERA, label="Vera", pin=PIN)


async def has_pin(office: Office, entry: dict[str, Any]) -> bool:
    """What the API tells, which is what calls are decided by."""
    read = (await office.api.get(f"{API}/vip/{entry['id']}")).json()
    (listed,) = (await office.api.get(f"{API}/vip", params={"number": cast.VERA})).json()["items"]
    plan = office.board.live_plan.plan_of(office.company.tenant)
    assert plan is not None
    assert read["has_pin"] is listed["has_pin"] is (entry["id"] in plan.pins)
    return bool(read["has_pin"])


async def test_a_pin_goes_in_and_never_comes_out(office: Office) -> None:
    entry = await with_pin(office)
    assert (entry["has_pin"], entry["pin_locked_until"]) == (True, None)
    assert await has_pin(office, entry)
    for path in (f"{API}/vip", f"{API}/vip/{entry['id']}", f"{API}/audit", "/lists/vip/file.csv"):
        told = (await office.api.get(path)).text
        assert PIN not in told, path
        assert "sealed" not in told, path


async def test_a_change_of_something_else_leaves_it_and_null_takes_it_away(office: Office) -> None:
    entry = await with_pin(office)
    path = f"{API}/vip/{entry['id']}"
    assert (await office.api.patch(path, json={"label": "Vera F."})).json()["has_pin"] is True
    plan = office.board.live_plan.plan_of(office.company.tenant)
    before = plan.pins[entry["id"]] if plan else ""
    assert (await office.api.patch(path, json={"pin": "7305"})).json()["has_pin"] is True
    plan = office.board.live_plan.plan_of(office.company.tenant)
    assert plan is not None
    assert plan.pins[entry["id"]] != before
    assert (await office.api.patch(path, json={"pin": None})).json()["has_pin"] is False
    assert not await has_pin(office, entry)


async def test_whoever_writes_the_whole_entry_anew_writes_the_pin_too(office: Office) -> None:
    entry = await with_pin(office)
    path = f"{API}/vip/{entry['id']}"
    assert (await office.api.put(path, json={"number": cast.VERA, "pin": PIN})).json()["has_pin"] is True
    assert (await office.api.put(path, json={"number": cast.VERA})).json()["has_pin"] is False


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "٢٨٤٦", "2846#", "0000", "1234", "9876", ""])
async def test_what_is_no_pin_or_guessed_first_is_refused(office: Office, pin: str) -> None:
    refused = await office.api.post(f"{API}/vip", json={"number": cast.VERA, "pin": pin})
    assert fault(refused) == (422, "unprocessable", "pin")
    assert not pin or f'"{pin}"' not in refused.text
    assert (await office.api.get(f"{API}/vip")).json()["items"] == []


async def test_a_number_is_no_pin_and_the_blacklist_knows_none(office: Office) -> None:
    assert fault(await office.api.post(f"{API}/vip", json={"number": cast.VERA, "pin": 8462}))[0] == 422
    assert fault(await office.api.post(f"{API}/blacklist", json={"number": cast.BORIS, "pin": PIN}))[0] == 422


async def test_an_entry_that_is_taken_off_comes_back_without_its_pin(office: Office) -> None:
    entry = await with_pin(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        await sofia.post(f"/lists/vip/{entry['id']}/remove")
        plan = office.board.live_plan.plan_of(office.company.tenant)
        assert plan is not None
        assert plan.pins == {}
        await sofia.post(f"/lists/vip/{entry['id']}/restore")
    assert not await has_pin(office, entry)


async def test_the_page_sets_a_pin_and_takes_it_away(office: Office) -> None:
    entry = await made(office, "vip", number=cast.VERA, label="Vera")
    path, form = f"/lists/vip/{entry['id']}", {"number": cast.VERA, "match": "exact", "label": "Vera"}
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        refused = await sofia.post(path, data=form | {"pin": "1111"})
        assert refused.status_code == 422
        assert "This PIN is guessed first" in refused.text
        assert 'value="1111"' not in refused.text
        assert (await sofia.post(path, data=form | {"pin": PIN})).status_code == 303
        assert await has_pin(office, entry)
        page = (await sofia.get(path)).text
        assert PIN not in page
        assert "New PIN" in page
        assert "PIN set" in page
        await sofia.post(path, data=form | {"pin": ""})
        assert await has_pin(office, entry), "an empty field leaves it"
        await sofia.post(path, data=form | {"no_pin": "1"})
        assert not await has_pin(office, entry)
        assert "PIN taken away" in (await sofia.get(path)).text


async def test_the_page_says_that_a_pin_was_guessed_at(office: Office) -> None:
    entry = await with_pin(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert "data-pin-locked" not in (await sofia.get(f"/lists/vip/{entry['id']}")).text
        call = await office.phones.place_call(cast.VERA, cast.LINE, attestation="failed")
        for _ in range(3):
            await call.press("2222#")
        await call.hang_up()
        page = (await sofia.get(f"/lists/vip/{entry['id']}")).text
        assert "Nobody is asked for it until" in page
    told = (await office.api.get(f"{API}/vip/{entry['id']}")).json()
    assert told["pin_locked_until"].startswith("2026-07-24T09:0")
