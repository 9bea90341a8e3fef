"""Operators whom it is safe to dial."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests import cast
from tests.api import API, fault, made
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
    assert fault(again)[:2] == (409, "name-taken")
