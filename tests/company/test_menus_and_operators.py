"""Menus that lead somewhere, and operators whom it is safe to dial."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests import cast
from tests.api import API, fault, made
from tests.office import Office

pytestmark = pytest.mark.anyio

COSTLY = Path(__file__).parent.parent / "data" / "premium_rate_numbers.csv"
REPEAT = {"kind": "repeat"}


async def menu(office: Office, name: str, **fields: Any) -> dict[str, Any]:
    return await made(office, "menus", **({"name": name, "prompts": {"fr": "Tapez."}, "keys": {"9": REPEAT}} | fields))


async def test_a_menu_is_played_from_the_next_call_on(office: Office) -> None:
    orders = {"kind": "queue", "id": office.company.queue_id, "label": "Commandes"}
    made_ = await menu(
        office, "Accueil", prompts={"fr": "Pour une commande, tapez 1."}, keys={"1": orders, "9": REPEAT}
    )
    assert made_["keys"]["1"] == orders | {"text": ""}
    await office.api.patch(f"{API}/lines/{office.company.line_id}", json={"menu_id": made_["id"]})
    assert "Pour une commande" in (await office.webhook("/twilio/voice", cast.UMA)).text
    changed = await office.api.patch(f"{API}/menus/{made_['id']}", json={"prompts": {"fr": "Tapez 1 ou 9."}})
    assert changed.json()["keys"] == made_["keys"]
    assert "Tapez 1 ou 9." in (await office.webhook("/twilio/voice", cast.UMA)).text


async def test_keys_may_lead_round_but_silence_must_come_to_an_end(office: Office) -> None:
    first = await menu(office, "Accueil")
    second = await menu(
        office, "Ventes", keys={"0": {"kind": "menu", "id": first["id"]}}, otherwise={"kind": "menu", "id": first["id"]}
    )
    to_second = {"kind": "menu", "id": second["id"]}
    path = f"{API}/menus/{first['id']}"
    assert (
        await office.api.patch(path, json={"keys": {"1": to_second, "0": {"kind": "menu", "id": first["id"]}}})
    ).is_success
    looping = await office.api.patch(path, json={"otherwise": to_second})
    assert fault(looping) == (422, "unprocessable", "otherwise")
    assert "Accueil → Ventes → Accueil" in looping.json()["detail"]
    itself = await office.api.patch(path, json={"otherwise": {"kind": "menu", "id": first["id"]}})
    assert fault(itself) == (422, "unprocessable", "otherwise")
    assert (await office.api.get(path)).json()["otherwise"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"keys": {"12345": REPEAT}}, "keys"),
        ({"keys": {"A": REPEAT}}, "keys"),
        ({"keys": {}}, "keys"),
        ({"keys": {"1": {"kind": "teleport"}}}, "keys.1.kind"),
        ({"keys": {"1": {"kind": "queue"}}}, "keys.1.id"),
        ({"keys": {"1": {"kind": "queue", "id": "01aaaaaaaaaaaaaaaaaa"}}}, "keys.1.id"),
        ({"keys": {"1": {"kind": "operator", "id": "01aaaaaaaaaaaaaaaaaa"}}}, "keys.1.id"),
        ({"keys": {"1": {"kind": "hang_up", "id": "01aaaaaaaaaaaaaaaaaa"}}}, "keys.1.id"),
        ({"keys": {"1": {"kind": "message", "text": " "}}}, "keys.1.text"),
        ({"otherwise": REPEAT}, "otherwise"),
        ({"prompts": {"xx": "?"}}, "prompts"),
        ({"prompts": {"fr": "  "}}, "prompts"),
        ({"prompts": {}}, "prompts"),
        ({"prompts": {"fr": "a\0"}}, "prompts.fr"),
        ({"tries": 0}, "tries"),
        ({"timeout_seconds": 61}, "timeout_seconds"),
    ],
)
async def test_menus_that_lead_nowhere_name_the_field(office: Office, body: dict[str, Any], field: str) -> None:
    whole = {"name": "Accueil", "prompts": {"fr": "Tapez."}, "keys": {"9": REPEAT}} | body
    status, code, named = fault(await office.api.post(f"{API}/menus", json=whole))
    assert (status, code) == (422, "unprocessable")
    assert named is not None
    assert named == field or named.startswith(f"{field}.")


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
