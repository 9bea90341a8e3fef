"""Lines: the numbers that people call."""

from typing import Any

import pytest

from tests import cast
from tests.api import API, fault, made
from tests.office import Office

pytestmark = pytest.mark.anyio

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


async def test_a_line_takes_the_companys_place_unless_it_says_otherwise(office: Office) -> None:
    line = await made(office, "lines", number="01 99 00 20 00", label="Second")
    assert (line["number"], line["country"], line["time_zone"], line["language"]) == (
        cast.SECOND_LINE, "FR", "Europe/Paris", "fr",
    )  # fmt: skip
    london = {"number": "020 7946 0100", "label": "L", "country": "gb", "time_zone": "Europe/London", "language": "en"}
    assert (await made(office, "lines", **london))["number"] == "+442079460100"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"number": "banana"}, "number"),
        ({"number": "112"}, "number"),
        ({"country": "XX"}, "country"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"language": "xx"}, "language"),
        ({"hours_id": "01aaaaaaaaaaaaaaaaaa"}, "hours_id"),
        ({"menu_id": "01aaaaaaaaaaaaaaaaaa"}, "menu_id"),
        ({"queue_id": "01aaaaaaaaaaaaaaaaaa"}, "queue_id"),
        ({"queue_id": "\0"}, "queue_id"),
        ({"greeting": "x" * 1001}, "greeting"),
        ({"closed_treatment": "fake_queue"}, "closed_treatment"),
        ({"label": " "}, "label"),
    ],
)
async def test_what_cannot_be_a_line_names_its_field(office: Office, body: dict[str, Any], field: str) -> None:
    whole = {"number": cast.SECOND_LINE, "label": "Second"} | body
    assert fault(await office.api.post(f"{API}/lines", json=whole)) == (422, "unprocessable", field)
    path = f"{API}/lines/{office.company.line_id}"
    assert fault(await office.api.patch(path, json=body)) == (422, "unprocessable", field)


async def test_a_number_is_one_line_only_and_no_operator(office: Office) -> None:
    await office.add_operator()
    taken = await office.api.post(f"{API}/lines", json={"number": cast.LINE, "label": "Again"})
    assert fault(taken) == (409, "name-taken", "number")
    looping = await office.api.post(f"{API}/lines", json={"number": cast.OLGA, "label": "Loop"})
    assert fault(looping) == (422, "unprocessable", "number")


async def test_a_line_is_found_by_number_and_changed(office: Office) -> None:
    path = f"{API}/lines/{office.company.line_id}"
    before = (await office.api.get(f"{API}/lines", params={"number": "0199001000"})).json()["items"][0]
    after = (await office.api.patch(path, json={"label": "Front desk", "number": "01 99 00 10 00"})).json()
    assert after == before | {"label": "Front desk"}
    assert (await office.api.get(path)).json() == after


async def test_a_line_keeps_its_hours_from_the_next_call_on(office: Office) -> None:
    await office.add_operator()
    hours = await made(office, "hours", name="Evenings", days={day: ["20:00-24:00"] for day in WEEKDAYS})
    await office.api.patch(
        f"{API}/lines/{office.company.line_id}", json={"hours_id": hours["id"], "closed_text": "Fermé."}
    )
    assert "Fermé." in (await office.webhook("/twilio/voice", cast.UMA)).text
    await office.api.patch(f"{API}/hours/{hours['id']}", json={"days": {"friday": ["09:00-12:00", "14:00-18:00"]}})
    assert "<Enqueue" in (await office.webhook("/twilio/voice", cast.UMA)).text
    await made(office, "holidays", day="2026-07-24", name="Fête")
    assert "Fermé." in (await office.webhook("/twilio/voice", cast.UMA)).text
