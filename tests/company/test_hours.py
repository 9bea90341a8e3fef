"""Weeks that can be kept, and those that cannot."""

from typing import Any

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, fault, made, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "days",
    [
        {"monday": ["22:00-06:00"], "tuesday": ["06:00-12:00"]},
        {"sunday": ["22:00-06:00"], "monday": ["09:00-17:00"]},
        {"monday": ["00:00-24:00"], "tuesday": ["00:00-24:00"]},
        {"wednesday": ["14:00-18:00", "09:00-12:00"]},
        {},
    ],
)
async def test_weeks_that_can_be_kept(office: Office, days: dict[str, list[str]]) -> None:
    assert (await made(office, "hours", name="Office", days=days))["days"] == days


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"monday": ["9-18"]}, "days.monday"),
        ({"monday": ["09:00-09:00"]}, "days.monday"),
        ({"monday": ["09:00-25:00"]}, "days.monday"),
        ({"lundi": ["09:00-18:00"]}, "days.lundi"),
        ({"monday": ["09:00-12:00", "11:59-18:00"]}, "days.monday"),
        ({"monday": ["22:00-06:00"], "tuesday": ["05:00-09:00"]}, "days.tuesday"),
        ({"sunday": ["22:00-06:00"], "monday": ["05:00-09:00"]}, "days.monday"),
        ({"monday": "09:00-18:00"}, "days.monday"),
    ],
)
async def test_weeks_that_make_no_sense_name_the_day(office: Office, days: dict[str, Any], field: str) -> None:
    response = await office.api.post(f"{API}/hours", json={"name": "Office", "days": days})
    assert fault(response) == (422, "unprocessable", field)


async def test_a_category_keeps_hours_of_its_own(office: Office) -> None:
    await office.keep_hours()
    night = await made(office, "hours", name="Night <b>", days={"friday": ["20:00-23:00"]})
    async with signed_in(office, Role.ADMIN) as adam:
        form = {"name": "Partners", "hours_id": night["id"], "priority": "5"}
        assert (await adam.post("/settings/categories/new", data=form)).status_code == 303
        (partners,) = (await office.api.get(f"{API}/categories")).json()["items"]
        assert partners["hours_id"] == night["id"]
        assert "hours “Night &lt;b&gt;”" in (await adam.get("/settings/categories")).text
        page = (await adam.get(f"/settings/categories/{partners['id']}")).text
        assert f'<option value="{night["id"]}" selected>' in page
        assert "1 category" in (await adam.get("/settings/hours")).text
        assert (
            await adam.post("/settings/categories/new", data=form | {"name": "X", "hours_id": "none"})
        ).status_code == 422
    await office.add_client(category_id=partners["id"])
    asked = {"from": cast.CLARA, "to": cast.LINE, "at": "2026-07-24T12:00:00Z"}
    told = (await office.api.post(f"{API}/explain", json=asked)).json()
    assert told["reason"]["code"] == "closed"
    assert "20:00" in told["reason"]["text"], "when their own hours begin"
    (own,) = [one["text"] for one in told["trace"] if one["found"] == "category_hours"]
    assert own.startswith("“Partners” has hours of its own: ")
    evening = (await office.api.post(f"{API}/explain", json=asked | {"at": "2026-07-24T19:00:00Z"})).json()
    assert evening["action"] == "queue"
    answer = await office.api.patch(f"{API}/categories/{partners['id']}", json={"hours_id": office.company.line_id})
    assert fault(answer)[0] == 422
    async with neighbour(office) as (api, _company):
        theirs = await api.post(f"{API}/categories", json={"name": "Partners", "hours_id": night["id"]})
        assert theirs.status_code == 422, "hours of another company"
