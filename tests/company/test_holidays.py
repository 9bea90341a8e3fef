"""Holidays: a country's, and single days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.auth.roles import Role
from app.plan.country_holidays import national_holidays, read_subdivision
from tests import cast
from tests.api import API, fault, made, signed_in
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


MUNICH = {
    "number": "+498900000001",
    "label": "München",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "language": "en",
}
EPIPHANY = datetime(2027, 1, 6, 10, tzinfo=UTC)


async def closed_at(office: Office, line: str, at: datetime) -> bool:
    """Whether an ordinary caller finds this line closed."""
    body = {"from": cast.UMA, "to": line, "at": at.isoformat()}
    answer = await office.api.post(f"{API}/explain", json=body)
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["reason"]["code"] == "closed")


async def test_each_line_keeps_its_own_holidays(office: Office) -> None:
    """Paris stays open on the day on which Munich is closed, and both keep what is for all."""
    await office.keep_hours()
    hours_id = (await office.api.get(f"{API}/lines/{office.company.line_id}")).json()["hours_id"]
    munich = await made(office, "lines", **MUNICH, hours_id=hours_id)
    holiday = await made(office, "holidays", country="DE", subdivision="DE-BY", lines=["+49 89 00000001"])
    assert (holiday["subdivision"], holiday["lines"], holiday["warnings"]) == ("BY", [munich["id"]], [])
    assert [await closed_at(office, line, EPIPHANY) for line in (cast.LINE, munich["number"])] == [False, True]
    await made(office, "holidays", day="2027-01-07", name="Stocktaking")
    next_day = EPIPHANY + timedelta(days=1)
    assert [await closed_at(office, line, next_day) for line in (cast.LINE, munich["number"])] == [True, True]
    refused = await office.api.delete(f"{API}/lines/{munich['id']}")
    assert refused.status_code == 409, "a holiday still names the line"
    await office.api.patch(f"{API}/holidays/{holiday['id']}", json={"lines": [cast.LINE]})
    assert [await closed_at(office, line, EPIPHANY) for line in (cast.LINE, munich["number"])] == [True, False]


async def test_two_lines_may_treat_the_same_day_differently(office: Office) -> None:
    await office.keep_hours()
    hours_id = (await office.api.get(f"{API}/lines/{office.company.line_id}")).json()["hours_id"]
    munich = await made(office, "lines", **MUNICH, hours_id=hours_id)
    sunday = datetime(2027, 1, 10, 10, tzinfo=UTC)
    await made(office, "holidays", day="2027-01-10", intervals=["09:00-18:00"], lines=[munich["id"]])
    await made(office, "holidays", day="2027-01-10", name="Closed", lines=[cast.LINE])
    assert [await closed_at(office, line, sunday) for line in (cast.LINE, munich["number"])] == [True, False]
    again = await office.api.post(f"{API}/holidays", json={"day": "2027-01-10", "lines": [cast.LINE]})
    assert fault(again) == (409, "name-taken", "day")
    assert again.json()["detail"] == "This day is entered already; change the entry that is there."


@pytest.mark.parametrize(
    ("country", "day"), [("GB", "2027-03-29"), ("CA", "2026-10-12"), ("DE", "2027-05-27"), ("US", "2026-10-12")]
)
async def test_a_country_whose_parts_differ_names_the_days(office: Office, country: str, day: str) -> None:
    await office.change_line(country=country)
    (warning,) = (await made(office, "holidays", country=country))["warnings"]
    assert warning["code"] == "parts_differ"
    assert day in warning["days"]
    assert "part of the country" in warning["text"]


async def test_a_country_that_is_the_same_everywhere_or_whose_part_is_given_has_no_warning(office: Office) -> None:
    await office.change_line(country="DE")
    assert (await made(office, "holidays", country="DE", subdivision="by"))["warnings"] == []
    await office.change_line(country="SE")
    assert (await made(office, "holidays", country="SE"))["warnings"] == []


async def test_holidays_for_lines_of_another_country_say_so(office: Office) -> None:
    munich = await made(office, "lines", **MUNICH)
    (warning,) = (await made(office, "holidays", country="SE", lines=[]))["warnings"]
    assert warning["code"] == "lines_of_other_countries"
    assert "+49 89 00000001" in warning["text"]
    bavarian = await made(office, "holidays", country="DE", subdivision="Bayern", lines=[munich["id"]])
    assert (bavarian["subdivision"], bavarian["warnings"]) == ("BY", [])


@pytest.mark.parametrize(
    ("country", "typed", "code"),
    [
        ("DE", "BY", "BY"), ("DE", "de-by", "BY"), ("DE", "Bayern", "BY"), ("GB", "GB-SCT", "SCT"), ("GB", "Wales", "WLS"),
        ("FR", "FR-67", "6AE"), ("FR", "68", "6AE"), ("FR", "FR-57", "57"), ("FR", "RE", "974"), ("FR", "FR-GP", "971"),
        ("ES", "ES-CT", "CT"), ("ES", "Cataluña", "CT"), ("CH", "CH-GE", "GE"), ("US", "US-NY", "NY"), ("CA", "qc", "QC"),
    ],
)  # fmt: skip
def test_a_part_of_a_country_is_named_by_its_iso_code_or_its_name(country: str, typed: str, code: str) -> None:
    assert read_subdivision(country, typed) == code


async def test_a_line_that_is_none_of_ours_is_named(office: Office) -> None:
    body = {"day": "2026-12-24", "lines": ["+33199009999"]}
    assert fault(await office.api.post(f"{API}/holidays", json=body)) == (422, "unprocessable", "lines")


@pytest.mark.parametrize(
    ("country", "language", "name"),
    [
        ("FR", "fr", "Jour de l'an"), ("FR", "en", "New Year's Day"), ("FR", "ru", "Jour de l'an"),
        ("ES", "es", "Año Nuevo"), ("DE", "es", "Neujahr"), ("GB", "fr", "New Year's Day"), ("MA", "fr", "Nouvel an"),
    ],
)  # fmt: skip
def test_days_are_named_for_the_reader_or_in_the_countrys_language(country: str, language: str, name: str) -> None:
    assert national_holidays(country, None, 2026, language)[date(2027, 1, 1)] == name


async def test_the_calendar_is_in_the_readers_language(office: Office) -> None:
    await made(office, "holidays", country="FR")
    async with signed_in(office, Role.ADMIN) as adam:
        for language, name in (("en", "1: Labor Day"), ("fr", "1: Fête du Travail")):
            page = await adam.get("/settings/holidays", headers={"Accept-Language": language})
            assert name in page.text, language
