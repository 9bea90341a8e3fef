"""Client cards by the API, and by the form on a new caller's card."""

from typing import Any

import pytest

from app.clients.edit_client import save_caller_form
from tests import cast
from tests.api import API, fault, made
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_a_client_is_found_by_any_form_of_any_of_their_numbers(office: Office) -> None:
    category = await made(office, "categories", name="Regulars")
    clara = await made(
        office, "clients", name="Clara Martin", company="Ateliers Martin", category="Regulars", about="Prefers mornings",
        numbers=["06 39 98 00 04", {"number": "01 99 00 44 44", "shared": True}],
    )  # fmt: skip
    assert clara["numbers"] == [
        {"number": cast.CLARA, "shared": False},
        {"number": "+33199004444", "shared": True},
    ]
    assert (clara["category_id"], clara["category"]) == (category["id"], "Regulars")
    await made(office, "clients", name="Uma", numbers=[cast.UMA])
    for number in ("+33639980004", "0639980004", "0033 1 99 00 44 44"):
        found = (await office.api.get(f"{API}/clients", params={"number": number})).json()["items"]
        assert found == [clara]
    assert (await office.api.get(f"{API}/clients/{clara['id']}")).json() == clara


async def test_a_change_of_numbers_keeps_those_that_stay(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA, cast.UMA])
    path = f"{API}/clients/{clara['id']}"
    changed = (
        await office.api.patch(path, json={"numbers": [cast.VERA, {"number": cast.CLARA, "shared": True}]})
    ).json()
    assert changed["numbers"] == [{"number": cast.VERA, "shared": False}, {"number": cast.CLARA, "shared": True}]
    assert changed["name"] == "Clara"
    assert changed["updated_at"] >= clara["updated_at"]
    by_number = office.board.live_plan.tenant(office.company.tenant).lists.clients.by_number
    assert set(by_number) == {cast.VERA, cast.CLARA}
    anew = (await office.api.put(path, json={"name": "Clara M."})).json()
    assert anew["numbers"] == []


async def test_the_category_goes_by_name_or_by_id_and_can_be_taken_away(office: Office) -> None:
    gold = await made(office, "categories", name="Gold")
    silver = await made(office, "categories", name="Silver")
    clara = await made(office, "clients", name="Clara", category_id=gold["id"])
    path = f"{API}/clients/{clara['id']}"
    assert (await office.api.patch(path, json={"category": "Silver"})).json()["category_id"] == silver["id"]
    assert (await office.api.patch(path, json={"category": None})).json()["category_id"] is None
    both = {"category": "Silver", "category_id": gold["id"]}
    assert fault(await office.api.patch(path, json=both)) == (422, "unprocessable", "category")
    for wrong, field in (
        ({"category": "Bronze"}, "category"),
        ({"category_id": "01aaaaaaaaaaaaaaaaaa"}, "category_id"),
    ):
        assert fault(await office.api.patch(path, json=wrong)) == (422, "unprocessable", field)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "  \t"}, "name"),
        ({}, "name"),
        ({"name": "x", "pinned_note": "x" * 91}, "pinned_note"),
        ({"name": "x", "standing": "emperor"}, "standing"),
        ({"name": "x", "language": "xx"}, "language"),
        ({"name": "x", "numbers": ["12"]}, "numbers.0.number"),
        ({"name": "x", "numbers": [cast.VERA, "06 39 98 00 01"]}, "numbers.1.number"),
        ({"name": "x", "numbers": [f"+336399800{n:02}" for n in range(21)]}, "numbers"),
    ],
)
async def test_what_cannot_be_read_names_its_field(office: Office, body: dict[str, Any], field: str) -> None:
    assert fault(await office.api.post(f"{API}/clients", json=body)) == (422, "unprocessable", field)


async def test_a_standing_counts_for_the_very_next_call(office: Office) -> None:
    await office.add_operator()
    boris = await made(office, "clients", name="Boris", numbers=[cast.BORIS])
    assert "<Enqueue" in (await office.webhook("/twilio/voice", cast.BORIS)).text
    await office.api.patch(f"{API}/clients/{boris['id']}", json={"standing": "blacklisted"})
    assert "<Enqueue" not in (await office.webhook("/twilio/voice", cast.BORIS)).text
    await office.api.delete(f"{API}/clients/{boris['id']}")
    assert "<Enqueue" in (await office.webhook("/twilio/voice", cast.BORIS)).text


async def test_the_new_callers_form_makes_a_client(office: Office) -> None:
    category = await made(office, "categories", name="Regulars")
    async with office.edit() as edit:
        row = await save_caller_form(edit, cast.UMA, " Uma\0 ", category["id"], "Asked for a quote")
    found = (await office.api.get(f"{API}/clients", params={"number": cast.UMA})).json()["items"]
    assert [(one["id"], one["name"], one["category"], one["about"]) for one in found] == [
        (row["id"], "Uma", "Regulars", "Asked for a quote")
    ]


async def test_the_form_gives_a_known_client_a_further_number(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA], about="Old", pinned_note="Kind")
    async with office.edit() as edit:
        await save_caller_form(edit, cast.UMA, "", None, "New", client_id=clara["id"])
    card = (await office.api.get(f"{API}/clients/{clara['id']}")).json()
    assert [one["number"] for one in card["numbers"]] == [cast.CLARA, cast.UMA]
    assert (card["name"], card["about"], card["pinned_note"]) == ("Clara", "New", "Kind")


async def test_the_form_spreads_no_standing_to_a_number_that_nobody_has_looked_at(office: Office) -> None:
    vera = await made(office, "clients", name="Vera", standing="vip", numbers=[cast.VERA])
    async with office.edit() as edit:
        await save_caller_form(edit, cast.UMA, "Vera", None, "", client_id=vera["id"])
    numbers = (await office.api.get(f"{API}/clients/{vera['id']}")).json()["numbers"]
    assert numbers == [{"number": cast.VERA, "shared": False}, {"number": cast.UMA, "shared": True}]
