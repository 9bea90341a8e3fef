"""Holidays: a country's, and single days."""

from datetime import date
from typing import Any

import pytest

from tests.api import API, fault, made
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_a_countrys_holidays_are_observed(office: Office) -> None:
    holiday = await made(office, "holidays", country="de", subdivision="BY")
    assert (holiday["country"], holiday["subdivision"], holiday["day"]) == ("DE", "BY", None)
    plan = office.board.live_plan.plan_of(office.company.tenant)
    assert plan is not None
    assert date(2027, 1, 6) in plan.calendar.holidays  # Epiphany, in Bavaria but not in Berlin


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "day"),
        ({"country": "FR", "day": "2026-12-24"}, "day"),
        ({"country": "ZZ"}, "country"),
        ({"country": "__"}, "country"),
        ({"country": "DE", "subdivision": "XX"}, "subdivision"),
        ({"day": "2026-12-24", "subdivision": "BY"}, "subdivision"),
        ({"day": "24/12/2026"}, "day"),
        ({"day": "1789-07-14"}, "day"),
        ({"day": "2026-12-24", "intervals": ["soon"]}, "intervals"),
        ({"day": "2026-12-24", "intervals": ["09:00-12:00", "11:00-13:00"]}, "intervals"),
        ({"country": "FR", "intervals": ["09:00-12:00"]}, "intervals"),
    ],
)
async def test_holidays_that_make_no_sense_name_the_field(office: Office, body: dict[str, Any], field: str) -> None:
    assert fault(await office.api.post(f"{API}/holidays", json=body)) == (422, "unprocessable", field)


async def test_a_moved_working_day_can_be_changed_and_deleted(office: Office) -> None:
    day = await made(office, "holidays", day="2026-12-26", name="Moved", intervals=["09:00-12:00"])
    path = f"{API}/holidays/{day['id']}"
    assert (await office.api.patch(path, json={"intervals": []})).json() == day | {"intervals": []}
    assert (await office.api.delete(path)).status_code == 204
    assert (await office.api.get(path)).status_code == 404
