"""The VIP list and the blacklist: what is typed, what is stored, and that it counts for the very next call."""

from datetime import timedelta
from typing import Any

import pytest

from tests import cast
from tests.api import API, fault, made
from tests.office import FRIDAY_MORNING, Office

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "typed", ["+33639980001", "06 39 98 00 01", "0033 6.39.98.00.01", "33639980001", "+33 (0)639980001"]
)
async def test_every_form_of_a_number_is_the_same_entry(office: Office, typed: str) -> None:
    entry = await made(office, "vip", number=typed, label="Vera", reason="Our oldest client")
    assert entry["number"] == cast.VERA
    assert entry["match"] == "exact"
    assert entry["created_by"] == "key:setup"
    assert entry["created_at"].endswith("Z")
    assert set(entry) >= {"id", "to", "label", "reason", "expires_at", "lines"}
    assert "treatment" not in entry


async def test_what_is_made_has_an_address_where_it_can_be_read(office: Office) -> None:
    response = await office.api.post(f"{API}/blacklist", json={"number": cast.BORIS, "treatment": "busy"})
    assert response.status_code == 201
    again = await office.api.get(response.headers["Location"])
    assert again.json() == response.json()
    assert again.json()["treatment"] == "busy"


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ({"number": "0899", "match": "prefix"}, ("prefix", "+33899", None)),
        ({"number": "+33 899 *", "match": "prefix"}, ("prefix", "+33899", None)),
        ({"number": "fr", "match": "country"}, ("country", "FR", None)),
        ({"number": "0170000000", "to": "0170000099", "match": "range"}, ("range", "+33170000000", "+33170000099")),
    ],
)
async def test_wide_entries(office: Office, body: dict[str, Any], stored: tuple[str, str, str | None]) -> None:
    entry = await made(office, "blacklist", **body)
    assert (entry["match"], entry["number"], entry["to"]) == stored


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "112"}, "number"),
        ({"number": "anonymous"}, "number"),
        ({"number": "+33" + "9" * 90}, "number"),
        ({"number": "+49", "match": "prefix"}, "number"),
        ({"number": "XX", "match": "country"}, "number"),
        ({"number": "+33170000000", "match": "range"}, "to"),
        ({"number": "+33170000009", "to": "+33170000000", "match": "range"}, "to"),
        ({"number": "+33170000000", "to": "banana", "match": "range"}, "to"),
        ({"number": cast.VERA, "to": cast.BORIS}, "to"),
        ({"number": cast.VERA, "match": "regex"}, "match"),
        ({"number": cast.VERA, "lines": ["nothing of ours"]}, "lines"),
        ({"number": cast.VERA, "country": "ZZZ"}, "country"),
        ({"number": cast.VERA, "label": "x" * 201}, "label"),
        ({"number": cast.VERA, "label": "a\0b"}, "label"),
        ({"number": cast.VERA, "expires_at": "2026-07-25T10:00:00"}, "expires_at"),
        ({"number": cast.VERA, "expires_at": "2026-07-24T07:59:59Z"}, "expires_at"),
        ({"number": cast.VERA, "expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
        ({"number": cast.VERA, "expires_at": "tomorrow"}, "expires_at"),
        ({"number": cast.VERA, "colour": "red"}, "colour"),
        ({"label": "nobody"}, "number"),
        ({"number": 33639980001}, "number"),
    ],
)
async def test_what_cannot_be_read_names_its_field(office: Office, body: dict[str, Any], field: str) -> None:
    for resource in ("vip", "blacklist"):
        response = await office.api.post(f"{API}/{resource}", json=body)
        assert fault(response) == (422, "unprocessable", field)


async def test_a_short_prefix_is_read_as_a_national_one_and_never_as_a_whole_country(office: Office) -> None:
    assert (await made(office, "blacklist", number="49", match="prefix"))["number"] == "+3349"


async def test_a_vip_entry_has_no_treatment_and_a_wrong_treatment_is_refused(office: Office) -> None:
    vip = await office.api.post(f"{API}/vip", json={"number": cast.VERA, "treatment": "busy"})
    odd = await office.api.post(f"{API}/blacklist", json={"number": cast.BORIS, "treatment": "electric shock"})
    assert fault(vip) == (422, "unprocessable", "treatment")
    assert fault(odd) == (422, "unprocessable", "treatment")


async def test_a_national_form_is_read_with_the_country_of_the_entrys_line(office: Office) -> None:
    london = await made(
        office, "lines", number="020 7946 0100", country="GB", time_zone="Europe/London", language="en", label="London"
    )
    by_line = await made(office, "vip", number="020 7946 0001", lines=["+442079460100"])
    by_field = await made(office, "vip", number="020 7946 0002", country="GB")
    by_company = await made(office, "vip", number="01 99 00 00 01")
    assert by_line["number"] == "+442079460001"
    assert by_line["lines"] == [london["id"]]
    assert by_field["number"] == "+442079460002"
    assert by_company["number"] == "+33199000001"


async def test_lines_are_given_by_id_or_by_number_and_stored_by_id(office: Office) -> None:
    entry = await made(office, "vip", number=cast.VERA, lines=[cast.LINE, office.company.line_id, "01 99 00 10 00"])
    assert entry["lines"] == [office.company.line_id]


async def test_every_entry_that_covers_a_number_is_told_the_most_specific_first(office: Office) -> None:
    for body in (
        {"number": "FR", "match": "country"},
        {"number": "+33639", "match": "prefix"},
        {"number": "+33639980000", "to": "+33639980099", "match": "range"},
        {"number": cast.BORIS, "expires_at": (FRIDAY_MORNING + timedelta(days=1)).isoformat()},
        {"number": cast.UMA},
        {"number": "GB", "match": "country"},
    ):
        await made(office, "blacklist", **body)
    for asked in ("%2B33639980002", "+33639980002", "06 39 98 00 02"):
        found = (await office.api.get(f"{API}/blacklist?number={asked}")).json()
        assert [item["match"] for item in found["items"]] == ["exact", "range", "prefix", "country"]
        assert found["next_cursor"] is None
    nothing = await office.api.get(f"{API}/vip", params={"number": cast.BORIS})
    assert nothing.json()["items"] == []
    unreadable = await office.api.get(f"{API}/vip", params={"number": "banana"})
    assert fault(unreadable) == (422, "unprocessable", "number")


async def test_an_entry_counts_for_the_very_next_call_and_is_gone_for_the_one_after(office: Office) -> None:
    await office.add_operator()
    entry = await made(office, "blacklist", number=cast.UMA, treatment="busy")
    assert "<Reject" in (await office.webhook("/twilio/voice", cast.UMA)).text
    changed = await office.api.patch(f"{API}/blacklist/{entry['id']}", json={"treatment": "not_in_service"})
    assert changed.headers["Antichambre-Revision"].isdigit()
    assert "attribué" in (await office.webhook("/twilio/voice", cast.UMA)).text
    assert (await office.api.delete(f"{API}/blacklist/{entry['id']}")).status_code == 204
    assert "<Enqueue" in (await office.webhook("/twilio/voice", cast.UMA)).text


async def test_a_change_touches_only_what_it_names(office: Office) -> None:
    entry = await made(office, "blacklist", number="+33170000000", to="+33170000099", match="range", label="Boris")
    path = f"{API}/blacklist/{entry['id']}"
    labelled = (await office.api.patch(path, json={"label": "Boris & Co"})).json()
    assert labelled == entry | {"label": "Boris & Co"}
    narrowed = (await office.api.patch(path, json={"match": "exact", "number": cast.BORIS})).json()
    assert (narrowed["match"], narrowed["number"], narrowed["to"]) == ("exact", cast.BORIS, None)
    anew = (await office.api.put(path, json={"number": cast.BORIS})).json()
    assert anew["label"] == ""
    null = await office.api.patch(path, json={"number": None})
    assert fault(null) == (422, "unprocessable", "number")


async def test_an_expired_entry_can_still_be_labelled_but_not_renewed_into_the_past(office: Office) -> None:
    entry = await made(office, "vip", number=cast.VERA, expires_at=(FRIDAY_MORNING + timedelta(minutes=1)).isoformat())
    await office.clock.sleep(120)
    path = f"{API}/vip/{entry['id']}"
    assert (await office.api.patch(path, json={"label": "Vera"})).status_code == 200
    assert fault(await office.api.patch(path, json={"expires_at": "2026-07-24T08:01:30Z"}))[2] == "expires_at"


async def test_a_deleted_entry_is_not_found_again(office: Office) -> None:
    entry = await made(office, "vip", number=cast.VERA)
    assert (await office.api.delete(f"{API}/vip/{entry['id']}")).status_code == 204
    for response in (
        await office.api.get(f"{API}/vip/{entry['id']}"),
        await office.api.delete(f"{API}/vip/{entry['id']}"),
        await office.api.get(f"{API}/vip/%00"),
        await office.api.get(f"{API}/vip/..%2f..%2fetc"),
    ):
        assert response.status_code == 404
