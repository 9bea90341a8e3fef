"""Management sleeps, nobody else is there: then somebody has to call the VIP back."""

from pathlib import Path

import pytest

from app.auth.roles import Role
from app.plan.phrases import DEFAULTS
from routing.actions import Phrase
from simulator import ConnectedTo, Prompt
from tests import cast
from tests.api import API, fault, made, signed_in
from tests.office import CHRISTMAS_NIGHT, Office, open_office

pytestmark = pytest.mark.anyio


async def test_a_manager_s_quiet_hours_are_kept_and_the_next_one_is_rung(database_url: str, data_dir: Path) -> None:
    async with open_office(database_url, data_dir, at=CHRISTMAS_NIGHT) as office:
        await office.add_vip()
        await office.add_manager(quiet_hours="22:00-07:00")
        await office.add_manager("+33639980012", name="Mina", position=5)
        office.phones.phone(cast.MARTIN).answers_after(1).talks_for(10)
        office.phones.phone("+33639980012").answers_after(3).talks_for(10)
        vera = await office.phones.place_call(cast.VERA, cast.LINE)
        await vera.ended()
        assert [one.target for one in vera.heard if isinstance(one, ConnectedTo)] == ["+33639980012"]


async def test_a_vip_who_meets_nobody_is_a_task_with_a_deadline(database_url: str, data_dir: Path) -> None:
    async with open_office(database_url, data_dir, at=CHRISTMAS_NIGHT) as office:
        await office.send_nina_home()
        await office.add_vip()
        await office.add_manager(quiet_hours="22:00-07:00")
        office.phones.phone(cast.MARTIN).answers_after(1).talks_for(10)
        vera = await office.phones.place_call(cast.VERA, cast.LINE)
        await vera.ended()
        await office.settled()
        assert not any(isinstance(one, ConnectedTo) for one in vera.heard)
        (task,) = (await office.api.get(f"{API}/callbacks")).json()["items"]
        assert (task["reason"], task["taken_by"]) == ("missed_vip", None)


async def test_quiet_hours_are_written_like_opening_hours(office: Office) -> None:
    martin = await made(
        office, "operators", name="Martin", address=cast.MARTIN, management=True, quiet_hours="22:00-07:00"
    )
    assert martin["quiet_hours"] == "22:00-07:00"
    wrong = await office.api.patch(f"{API}/operators/{martin['id']}", json={"quiet_hours": "at night"})
    assert fault(wrong) == (422, "unprocessable", "quiet_hours")
    at_any_hour = await office.api.patch(f"{API}/operators/{martin['id']}", json={"quiet_hours": None})
    assert at_any_hour.json()["quiet_hours"] is None


async def test_a_vip_for_whom_it_is_urgent_wakes_whoever_allows_it(database_url: str, data_dir: Path) -> None:
    async with open_office(database_url, data_dir, at=CHRISTMAS_NIGHT) as office:
        await office.add_vip()
        await office.add_manager(quiet_hours="22:00-07:00", ring_seconds=10)
        await office.add_manager(
            "+33639980012", name="Mina", position=5, quiet_hours="21:00-08:00", quiet_unless_urgent=True, confirm=True
        )
        await office.add_operator()
        office.phones.phone(cast.MARTIN).answers_after(1).talks_for(10)
        office.phones.phone("+33639980012").answers_after(3).presses("1").talks_for(10)
        vera = await office.phones.place_call(cast.VERA, cast.LINE)
        await vera.press("1")
        await vera.ended()
        assert vera.errors == []
        assert DEFAULTS[Phrase.URGENT_OFFERED]["fr"] in vera.said()
        assert [one.target for one in vera.heard if isinstance(one, ConnectedTo)] == ["+33639980012"]
        await office.settled()
        call = (await office.api.get(f"{API}/calls/{vera.sid}")).json()
        assert call["decision"]["trace"][-1]["found"] == "vip_asked_if_urgent"
        async with signed_in(office, Role.SUPERVISOR) as sofia:
            assert "Said that it is urgent" in (await sofia.get(f"/calls/{vera.sid}")).text


@pytest.mark.parametrize("key", ["", "2", "#"])
async def test_whoever_does_not_press_it_wakes_nobody(database_url: str, data_dir: Path, key: str) -> None:
    async with open_office(database_url, data_dir, at=CHRISTMAS_NIGHT) as office:
        await office.add_vip()
        await office.add_manager(quiet_hours="22:00-07:00", quiet_unless_urgent=True)
        await office.add_operator()
        office.phones.phone(cast.MARTIN).answers_after(1).talks_for(10)
        office.phones.phone(cast.OLGA).answers_after(3).talks_for(10)
        vera = await office.phones.place_call(cast.VERA, cast.LINE)
        if key:
            await vera.press(key)
        await vera.ended()
        assert vera.errors == []
        assert [one.target for one in vera.heard if isinstance(one, ConnectedTo)] == [cast.OLGA]


async def test_who_was_woken_in_vain_leaves_the_vip_at_the_front_of_the_queue(
    database_url: str, data_dir: Path
) -> None:
    async with open_office(database_url, data_dir, at=CHRISTMAS_NIGHT) as office:
        await office.add_vip()
        await office.add_manager(quiet_hours="22:00-07:00", quiet_unless_urgent=True, ring_seconds=10)
        vera = await office.phones.place_call(cast.VERA, cast.LINE)
        await vera.press("1")
        await office.phones.let_pass(60)
        path = f"{API}/queues/{office.company.queue_id}/waiting"
        (waiting,) = (await office.api.get(path)).json()["items"]
        assert waiting["class"] == "vip"
        await vera.hang_up()
        assert vera.errors == []


async def test_nobody_in_doubt_is_offered_to_wake_management(database_url: str, data_dir: Path) -> None:
    async with open_office(database_url, data_dir, at=CHRISTMAS_NIGHT) as office:
        await made(office, "vip", number=cast.VERA, pin="2846")
        await office.add_vip(cast.CLARA)
        await office.add_manager(quiet_hours="22:00-07:00", quiet_unless_urgent=True)
        office.phones.phone(cast.MARTIN).answers_after(1).talks_for(10)
        clara = await office.phones.place_call(cast.CLARA, cast.LINE, attestation="failed")
        await office.phones.let_pass(20)
        assert not any(isinstance(one, Prompt) for one in clara.heard)
        await clara.hang_up()
        vera = await office.phones.place_call(cast.VERA, cast.LINE, attestation="failed")
        await vera.press("2846#")
        await vera.press("1")
        await vera.ended()
        assert vera.connected_to == cast.MARTIN, "who proves who she is may say that it is urgent"


async def test_quiet_hours_are_kept_unless_somebody_allows_it(office: Office) -> None:
    martin = await made(office, "operators", name="Martin", address=cast.MARTIN, management=True)
    assert martin["quiet_unless_urgent"] is False
    path = f"{API}/operators/{martin['id']}"
    assert (await office.api.patch(path, json={"quiet_unless_urgent": True})).json()["quiet_unless_urgent"] is True
    wrong = await office.api.patch(path, json={"quiet_unless_urgent": "yes"})
    assert fault(wrong) == (422, "unprocessable", "quiet_unless_urgent")
