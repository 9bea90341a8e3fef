"""Management sleeps, nobody else is there: then somebody has to call the VIP back."""

from pathlib import Path

import pytest

from simulator import ConnectedTo
from tests import cast
from tests.api import API, fault, made
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
