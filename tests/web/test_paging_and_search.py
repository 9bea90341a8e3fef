"""Lists: page by page without losing or repeating anything, and found by what people remember."""

from typing import Any

import pytest

from models import VipEntry
from tests import cast
from tests.api import API, fault, made
from tests.office import Office

pytestmark = pytest.mark.anyio


async def pages(office: Office, resource: str, **params: Any) -> list[list[dict[str, Any]]]:
    """Every page of a list."""
    found: list[list[dict[str, Any]]] = []
    cursor: str | None = None
    while True:
        asked = params | ({"cursor": cursor} if cursor else {})
        response = await office.api.get(f"{API}/{resource}", params=asked)
        assert response.status_code == 200, response.text
        found.append(response.json()["items"])
        cursor = response.json()["next_cursor"]
        if cursor is None:
            return found


async def fill(office: Office) -> None:
    async with office.edit() as edit:
        for number in range(120):
            entry = VipEntry(
                tenant_id=edit.tenant_id, match="exact", number=f"+3363998{number:04}", label=f"Vera {number}"
            )
            await edit.record_added(entry)


async def test_120_entries_come_in_pages_each_once_the_newest_first(office: Office) -> None:
    await fill(office)
    by_default = await pages(office, "vip")
    assert [len(page) for page in by_default] == [50, 50, 20]
    ids = [item["id"] for page in by_default for item in page]
    assert ids == sorted(set(ids), reverse=True)
    assert {item["label"] for page in by_default for item in page} == {f"Vera {number}" for number in range(120)}
    assert [len(page) for page in await pages(office, "vip", limit=120)] == [120]
    assert [len(page) for page in await pages(office, "vip", limit=7)] == [7] * 17 + [1]


async def test_what_comes_meanwhile_neither_repeats_nor_hides_anything(office: Office) -> None:
    await fill(office)
    first = (await office.api.get(f"{API}/vip", params={"limit": 60})).json()
    await made(office, "vip", number=cast.SECOND_LINE)
    await office.api.delete(f"{API}/vip/{first['items'][0]['id']}")
    rest = (await office.api.get(f"{API}/vip", params={"limit": 60, "cursor": first["next_cursor"]})).json()
    assert len({item["id"] for item in first["items"] + rest["items"]}) == 120


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 501}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"cursor": "!"}, "cursor"),
        ({"cursor": "/w"}, "cursor"),
        ({"cursor": "AA"}, "cursor"),
        ({"cursor": "x" * 201}, "cursor"),
        ({"q": "x" * 101}, "q"),
        ({"q": "\0"}, "q"),
    ],
)
async def test_what_cannot_be_a_page_names_the_parameter(office: Office, params: dict[str, Any], field: str) -> None:
    for resource in ("vip", "clients", "calls"):
        assert fault(await office.api.get(f"{API}/{resource}", params=params)) == (422, "unprocessable", field)


async def test_a_cursor_of_another_list_is_harmless(office: Office) -> None:
    await fill(office)
    cursor = (await office.api.get(f"{API}/vip")).json()["next_cursor"]
    assert fault(await office.api.get(f"{API}/calls", params={"cursor": cursor}))[2] == "cursor"
    assert (await office.api.get(f"{API}/queues", params={"cursor": cursor})).status_code == 200


@pytest.mark.parametrize("q", ["vera", "VERA", "éra", "39980001", "06 39 98", "+33 6 39 98 00 01", "oldest", "100%"])
async def test_entries_are_found_by_label_reason_or_digits(office: Office, q: str) -> None:
    await made(office, "vip", number=cast.VERA, label="Véra / Vera 100%", reason="our oldest client")
    await made(office, "vip", number="+442079460001", label="Nobody")
    found = (await office.api.get(f"{API}/vip", params={"q": q})).json()["items"]
    assert [item["number"] for item in found] == [cast.VERA]


@pytest.mark.parametrize("q", ["_", "%", "\\", "' OR 1=1 --", "nobody of that name", "99"])
async def test_patterns_of_sql_are_only_text(office: Office, q: str) -> None:
    await made(office, "clients", name="Clara", company="Ateliers", numbers=[cast.CLARA])
    assert (await office.api.get(f"{API}/clients", params={"q": q})).json()["items"] == []


@pytest.mark.parametrize("q", ["clar", "atelier", "980004", "06 39 98 00 04"])
async def test_clients_are_found_by_name_company_or_number(office: Office, q: str) -> None:
    await made(office, "clients", name="Clara", company="Ateliers", numbers=[cast.UMA, cast.CLARA])
    await made(office, "clients", name="Boris", numbers=[cast.BORIS])
    found = (await office.api.get(f"{API}/clients", params={"q": q})).json()["items"]
    assert [item["name"] for item in found] == ["Clara"]
