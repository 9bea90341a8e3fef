"""Weeks that can be kept, and those that cannot."""

from typing import Any

import pytest

from tests.api import API, fault, made
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
