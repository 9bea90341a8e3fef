"""Nothing is deleted from under those who use it, and the refusal says who they are."""

from typing import Any

import pytest

from tests import cast
from tests.admin_api.people import API, fault, made
from tests.house import House

pytestmark = pytest.mark.anyio


async def refused(house: House, resource: str, row_id: str) -> list[tuple[str, str]]:
    """The users that the refusal names."""
    response = await house.api.delete(f"{API}/{resource}/{row_id}")
    assert fault(response)[:2] == (409, "in-use")
    users = [(one["resource"], one["name"]) for one in response.json()["used_by"]]
    assert all(name in response.json()["detail"] for _, name in users)
    return users


async def test_a_queue_in_use(house: House) -> None:
    queue = await made(house, "queues", name="Orders")
    target = {"kind": "queue", "id": queue["id"]}
    line = f"{API}/lines/{house.company.line_id}"
    menu = await made(house, "menus", name="Accueil", prompts={"fr": "x"}, keys={"1": target})
    category = await made(house, "categories", name="Regulars", queue_id=queue["id"])
    operator = await made(house, "operators", name="Olga", address=cast.OLGA, queue_ids=[queue["id"]])
    await house.api.patch(line, json={"queue_id": queue["id"]})
    assert await refused(house, "queues", queue["id"]) == [
        ("lines", "Main line"), ("categories", "Regulars"), ("operators", "Olga"), ("menus", "Accueil"),
    ]  # fmt: skip
    await house.api.patch(line, json={"queue_id": None})
    await house.api.delete(f"{API}/categories/{category['id']}")
    await house.api.patch(f"{API}/operators/{operator['id']}", json={"queue_ids": []})
    await house.api.patch(f"{API}/menus/{menu['id']}", json={"keys": {"1": {"kind": "hang_up"}}, "otherwise": target})
    assert await refused(house, "queues", queue["id"]) == [("menus", "Accueil")]
    await house.api.delete(f"{API}/menus/{menu['id']}")
    assert (await house.api.delete(f"{API}/queues/{queue['id']}")).status_code == 204


async def test_a_menu_in_use(house: House) -> None:
    keys: dict[str, Any] = {"9": {"kind": "repeat"}}
    menu = await made(house, "menus", name="Ventes", prompts={"fr": "x"}, keys=keys)
    itself = {"keys": {"0": {"kind": "menu", "id": menu["id"]}}}
    assert (await house.api.patch(f"{API}/menus/{menu['id']}", json=itself)).is_success
    await made(house, "menus", name="Accueil", prompts={"fr": "x"}, keys={"1": {"kind": "menu", "id": menu["id"]}})
    assert await refused(house, "menus", menu["id"]) == [("menus", "Accueil")]


async def test_hours_a_category_an_operator_and_a_line_in_use(house: House) -> None:
    hours = await made(house, "hours", name="Office", days={})
    await house.api.patch(f"{API}/lines/{house.company.line_id}", json={"hours_id": hours["id"]})
    assert await refused(house, "hours", hours["id"]) == [("lines", "Main line")]
    category = await made(house, "categories", name="Regulars")
    for number in range(7):
        await made(house, "clients", name=f"Clara {number}", category_id=category["id"])
    assert len(await refused(house, "categories", category["id"])) == 5
    olga = await made(house, "operators", name="Olga", address=cast.OLGA)
    await made(
        house, "users", email="o@example.org", name="Olga O.", password="a long password", operator_id=olga["id"]
    )
    assert await refused(house, "operators", olga["id"]) == [("users", "Olga O.")]
    second = await made(house, "lines", number=cast.SECOND_LINE, label="Second")
    await made(house, "blacklist", number=cast.BORIS, label="Boris", lines=[second["id"]])
    assert await refused(house, "lines", second["id"]) == [("blacklist", "Boris")]
