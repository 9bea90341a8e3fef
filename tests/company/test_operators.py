"""Operators whom it is safe to dial."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests import cast
from tests.api import API, client, fault, made
from tests.office import Office

pytestmark = pytest.mark.anyio

COSTLY = Path(__file__).parent.parent / "data" / "premium_rate_numbers.csv"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("01 99 00 55 55", "+33199005555"),
        (" +33 6 39 98 00 11 ", cast.OLGA),
        ("+33 800 12 34 56", "+33800123456"),
        ("SIP:olga@pbx.example.org", "sip:olga@pbx.example.org"),
        ("sip:olga.1@pbx.example.org:5061", "sip:olga.1@pbx.example.org:5061"),
        ("client:olga_1", "client:olga_1"),
    ],
)
async def test_addresses_that_can_be_rung(office: Office, typed: str, stored: str) -> None:
    operator = await made(office, "operators", name="Olga", address=typed, queue_ids=[office.company.queue_id] * 2)
    assert operator["address"] == stored
    assert operator["queue_ids"] == [office.company.queue_id]


@pytest.mark.parametrize(
    "address",
    [
        "", "112", "banana", "anonymous", cast.LINE, "01 99 00 10 00", "+33 6 00", "sip:", "sip:olga", "sip:a b@c",
        "sip:olga@host;transport=x", "sip:<x>@y", "client:", "client:olga one", "client:" + "x" * 122, "client:ольга",
        "javascript:alert(1)", "https://evil.example/", "+870773111632", "+881612345678", "+882130000000",
        "+883510012345", "+979123456789",
    ],
)  # fmt: skip
async def test_addresses_that_must_not_be_dialled(office: Office, address: str) -> None:
    response = await office.api.post(f"{API}/operators", json={"name": "Olga", "address": address})
    assert fault(response) == (422, "unprocessable", "address")


async def test_no_premium_rate_number_of_any_country_becomes_an_operator(office: Office) -> None:
    with COSTLY.open(encoding="utf-8") as file:
        numbers = sorted({row["example_e164"] for row in csv.DictReader(file)})
    assert len(numbers) > 120
    olga = await made(office, "operators", name="Olga", address=cast.OLGA)
    for number in numbers:
        response = await office.api.patch(f"{API}/operators/{olga['id']}", json={"address": number})
        assert fault(response) == (422, "unprocessable", "address"), number


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ring_seconds": 4}, "ring_seconds"),
        ({"ring_seconds": 121}, "ring_seconds"),
        ({"queue_ids": ["01aaaaaaaaaaaaaaaaaa"]}, "queue_ids.0"),
        ({"position": -1}, "position"),
        ({"position": 10**30}, "position"),
        ({"management": "perhaps"}, "management"),
    ],
)
async def test_operators_that_make_no_sense_name_the_field(office: Office, body: dict[str, Any], field: str) -> None:
    whole = {"name": "Olga", "address": cast.OLGA} | body
    assert fault(await office.api.post(f"{API}/operators", json=whole)) == (422, "unprocessable", field)


async def test_an_address_belongs_to_one_operator(office: Office) -> None:
    await made(office, "operators", name="Olga", address=cast.OLGA)
    again = await office.api.post(f"{API}/operators", json={"name": "Oscar", "address": "06 39 98 00 11"})
    assert fault(again) == (409, "name-taken", "address")


@pytest.mark.parametrize("address", ["+4915112345678", "sip:+4915112345678@trunk.example.org", "+18765550123"])
async def test_a_country_is_dialled_only_once_an_admin_has_chosen_it(office: Office, address: str) -> None:
    body = {"name": "Olga", "address": address}
    refused = await office.api.post(f"{API}/operators", json=body)
    assert fault(refused) == (422, "unprocessable", "address")
    chosen = await office.api.patch(f"{API}/company", json={"countries": ["DE", "JM"]})
    assert chosen.json()["countries"] == ["DE", "JM"]
    assert (await office.api.post(f"{API}/operators", json=body)).status_code == 201


async def test_a_key_that_may_only_write_cannot_choose_countries(office: Office) -> None:
    key = await made(office, "api-keys", name="script", scopes=["read", "write"])
    async with client(office, Authorization=f"Bearer {key['key']}") as script:
        assert (await script.patch(f"{API}/company", json={"countries": ["JM"]})).status_code == 403
        assert (await script.patch(f"{API}/company", json={"name": "Maison Vera"})).status_code == 200
    wrong = await office.api.patch(f"{API}/company", json={"countries": ["FR", "XX"]})
    assert fault(wrong) == (422, "unprocessable", "countries.1")


async def test_a_country_that_is_taken_back_is_dialled_no_more(office: Office) -> None:
    await office.send_nina_home()
    await office.api.patch(f"{API}/company", json={"countries": ["DE"]})
    await made(office, "operators", name="Greta", address="+4915112345678", queue_ids=[office.company.queue_id])
    assert "<Enqueue" in (await office.webhook("/twilio/voice", cast.UMA)).text
    await office.api.patch(f"{API}/company", json={"countries": []})
    assert "<Enqueue" not in (await office.webhook("/twilio/voice", cast.UMA)).text


async def test_a_menu_key_leads_to_no_manager(office: Office) -> None:
    martin = await office.add_manager()
    menu = {"name": "Accueil", "prompts": {"fr": "."}, "keys": {"1": {"kind": "operator", "id": martin["id"]}}}
    assert fault(await office.api.post(f"{API}/menus", json=menu)) == (422, "unprocessable", "keys.1.id")
