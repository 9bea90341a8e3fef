"""Clients are found by any part of what is known of them, the way people type it."""

import asyncio
from typing import Any

import pytest

from app.clients.search_clients import matching_clients, search_clients
from app.clients.similar_clients import similar_clients
from app.plan.change import Change
from app.plan.tenant_rows import TenantRows

pytestmark = pytest.mark.anyio

PEOPLE = [
    ("lucia", "Lucía Ortiz", "Muebles del Sur", ["+34600000001"]),
    ("anna", "Anna Fournier", "Atelier Nord", ["+33639980004", "+33199004444"]),
    ("ana", "Ana Fournier", "", ["+33639980005"]),
    ("petr", "Пётр Соколов", "Северная мебель", ["+79161234567"]),
    ("soren", "Søren Æbelø", "Łódź & Söhne", []),
    ("martin", "Martin Anna", "Route 66", ["+33639980066"]),
]


def row(client_id: str, name: str, company: str = "", numbers: list[str] | None = None) -> dict[str, Any]:
    shown = [{"number": number, "shared": False} for number in numbers or []]
    return {
        "id": client_id, "name": name, "company": company, "numbers": shown, "category_id": None, "language": None,
        "standing": "ordinary", "updated_at": "2026-07-24T08:00:00+00:00",
    }  # fmt: skip


@pytest.fixture
def tenant() -> TenantRows:
    """A company in France with a handful of clients."""
    tenant = TenantRows("t")
    tenant.rows["company"]["t"] = {"country": "FR"}
    for person in PEOPLE:
        tenant.rows["client"][person[0]] = row(*person)
    tenant.index_lists()
    return tenant


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lucia", {"lucia"}),
        ("ORTIZ lucía", {"lucia"}),
        ("del muebles", {"lucia"}),
        ("anna", {"anna", "martin"}),
        ("fournier", {"anna", "ana"}),
        ("nord anna", {"anna"}),
        ("петр", {"petr"}),
        ("мебель пётр", {"petr"}),
        ("soren aebelo", {"soren"}),
        ("lodz", {"soren"}),
        ("06 39 98 00 04", {"anna"}),
        ("0639980004", {"anna"}),
        ("+33 6 39 98 00 04", {"anna"}),
        ("0033639980004", {"anna"}),
        ("01 99 00", {"anna"}),
        ("98 00 0", {"anna", "ana"}),
        ("+34", {"lucia"}),
        ("66", {"martin"}),
        ("anna 0639980004", {"anna"}),
        ("nobody", set()),
        ("anna petr", set()),
        ("%", set()),
        ("", set()),
        ("  ", set()),
    ],
)
async def test_a_client_is_found_by(tenant: TenantRows, text: str, found: set[str]) -> None:
    assert {one["id"] for one in await search_clients(tenant, text)} == found


async def test_a_national_number_is_read_as_it_is_dialled_in_the_country(tenant: TenantRows) -> None:
    assert [one["id"] for one in await search_clients(tenant, "8 916 123", country="RU")] == ["petr"]
    assert await search_clients(tenant, "8 916 123", country="FR") == []


async def test_names_that_begin_with_it_come_first_and_the_rest_by_name(tenant: TenantRows) -> None:
    assert [one["id"] for one in await search_clients(tenant, "anna")] == ["anna", "martin"]
    assert [one["id"] for one in await search_clients(tenant, "fournier", limit=1)] == ["ana"]
    everybody = [one.id for one in await matching_clients(tenant, "")]
    assert everybody == ["ana", "anna", "lucia", "martin", "soren", "petr"]


async def test_what_changes_is_found_as_it_is_now(tenant: TenantRows) -> None:
    assert await search_clients(tenant, "zoe") == []
    tenant.apply([Change(1, "t", "client", "new", row("new", "Zoé", numbers=["+33639980099"]))], {})
    assert [one["id"] for one in await search_clients(tenant, "zoe")] == ["new"]
    tenant.apply([Change(2, "t", "client", "new", row("new", "Chloé"))], {})
    assert await search_clients(tenant, "zoe") == []
    assert await search_clients(tenant, "0639980099") == []
    tenant.apply([Change(3, "t", "client", "new", None)], {})
    assert await search_clients(tenant, "chloe") == []


async def test_a_client_who_comes_or_goes_while_the_names_are_first_read_is_not_missed(tenant: TenantRows) -> None:
    for n in range(1000):
        tenant.rows["client"][f"c{n:04}"] = row(f"c{n:04}", f"Client {n}")
    reading = asyncio.create_task(matching_clients(tenant, "client"))
    for _ in range(3):
        await asyncio.sleep(0)
    tenant.apply(
        [
            Change(1, "t", "client", "late", row("late", "Client late")),
            Change(2, "t", "client", "c0001", None),
            Change(3, "t", "client", "c0999", row("c0999", "Client renamed")),
        ],
        {},
    )
    found = {one.id: one.name for one in await reading}
    assert len(found) == 1000
    assert found["late"] == "client late"
    assert found["c0999"] == "client renamed"
    assert "c0001" not in found


async def test_the_same_number_and_nearly_the_same_name_are_taken_for_one_client(tenant: TenantRows) -> None:
    rows = tenant.rows["client"]
    assert [one["id"] for one in await similar_clients(tenant, rows["anna"])] == ["ana"]
    twin = row("twin", "Fournier, Anna", numbers=["+34600000001"])
    tenant.apply([Change(1, "t", "client", "twin", twin)], {})
    assert [one["id"] for one in await similar_clients(tenant, twin)] == ["lucia", "anna", "ana"]
    assert await similar_clients(tenant, rows["soren"]) == []
