"""Nothing is deleted from under those who use it, and the refusal says who they are."""

from typing import Any

import pytest

from tests import cast
from tests.api import API, fault, made
from tests.office import Office

pytestmark = pytest.mark.anyio


async def refused(office: Office, resource: str, row_id: str) -> list[tuple[str, str]]:
    """The users that the refusal names."""
    response = await office.api.delete(f"{API}/{resource}/{row_id}")
    assert fault(response)[:2] == (409, "in-use")
    users = [(one["resource"], one["name"]) for one in response.json()["used_by"]]
    assert all(name in response.json()["detail"] for _, name in users)
    return users


async def test_a_queue_in_use(office: Office) -> None:
    queue = await made(office, "queues", name="Orders")
    target = {"kind": "queue", "id": queue["id"]}
    line = f"{API}/lines/{office.company.line_id}"
    menu = await made(office, "menus", name="Accueil", prompts={"fr": "x"}, keys={"1": target})
    category = await made(office, "categories", name="Regulars", queue_id=queue["id"])
    operator = await made(office, "operators", name="Olga", address=cast.OLGA, queue_ids=[queue["id"]])
    await office.api.patch(line, json={"queue_id": queue["id"]})
    assert await refused(office, "queues", queue["id"]) == [
        ("categories", "Regulars"), ("lines", "Ligne principale"), ("menus", "Accueil"), ("operators", "Olga"),
    ]  # fmt: skip
    await office.api.patch(line, json={"queue_id": None})
    await office.api.delete(f"{API}/categories/{category['id']}")
    await office.api.patch(f"{API}/operators/{operator['id']}", json={"queue_ids": []})
    await office.api.patch(f"{API}/menus/{menu['id']}", json={"keys": {"1": {"kind": "hang_up"}}, "otherwise": target})
    assert await refused(office, "queues", queue["id"]) == [("menus", "Accueil")]
    await office.api.delete(f"{API}/menus/{menu['id']}")
    assert (await office.api.delete(f"{API}/queues/{queue['id']}")).status_code == 204


async def test_a_menu_in_use(office: Office) -> None:
    keys: dict[str, Any] = {"9": {"kind": "repeat"}}
    menu = await made(office, "menus", name="Ventes", prompts={"fr": "x"}, keys=keys)
    itself = {"keys": {"0": {"kind": "menu", "id": menu["id"]}}}
    assert (await office.api.patch(f"{API}/menus/{menu['id']}", json=itself)).is_success
    await made(office, "menus", name="Accueil", prompts={"fr": "x"}, keys={"1": {"kind": "menu", "id": menu["id"]}})
    assert await refused(office, "menus", menu["id"]) == [("menus", "Accueil")]


async def test_hours_a_category_an_operator_and_a_line_in_use(office: Office) -> None:
    hours = await made(office, "hours", name="Office", days={})
    await office.api.patch(f"{API}/lines/{office.company.line_id}", json={"hours_id": hours["id"]})
    assert await refused(office, "hours", hours["id"]) == [("lines", "Ligne principale")]
    category = await made(office, "categories", name="Regulars", hours_id=hours["id"])
    assert await refused(office, "hours", hours["id"]) == [("categories", "Regulars"), ("lines", "Ligne principale")]
    for number in range(7):
        await made(office, "clients", name=f"Clara {number}", category_id=category["id"])
    assert len(await refused(office, "categories", category["id"])) == 5
    olga = await made(office, "operators", name="Olga", address=cast.OLGA)
    await made(
        office, "users", email="o@example.org", name="Olga O.", password="a long password", operator_id=olga["id"]
    )
    assert await refused(office, "operators", olga["id"]) == [("users", "Olga O.")]
    second = await made(office, "lines", number=cast.SECOND_LINE, label="Second")
    await made(office, "blacklist", number=cast.BORIS, label="Boris", lines=[second["id"]])
    assert await refused(office, "lines", second["id"]) == [("blacklist", "Boris")]
