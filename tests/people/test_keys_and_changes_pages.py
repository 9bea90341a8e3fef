"""The pages of API keys and of changes."""

import re

import pytest

from app.auth.roles import Role
from tests.api import API, client, made, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_a_key_is_shown_once_works_and_is_revoked(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.post("/settings/api-keys", data={"name": "CRM", "scopes": ["", "read"]})
        assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
        found = re.search(r'value="(ack_[^"]+)"', answer.text)
        assert found is not None
        async with client(office, Authorization=f"Bearer {found[1]}") as crm:
            assert (await crm.get(f"{API}/lines")).status_code == 200
            assert (await crm.post(f"{API}/queues", json={"name": "Orders"})).status_code == 403
            page = (await adam.get("/settings/api-keys")).text
            assert "CRM" in page
            assert found[1] not in page
            keys = (await office.api.get(f"{API}/api-keys")).json()["items"]
            key_id = next(one["id"] for one in keys if one["name"] == "CRM")
            revoke = f"/settings/api-keys/{key_id}/revoke"
            assert (await adam.post(revoke)).headers["location"] == "/settings/api-keys?revoked=1"
            assert (await adam.post(revoke)).status_code == 303
            assert (await crm.get(f"{API}/lines")).status_code == 401


@pytest.mark.parametrize(("typed", "field"), [({"name": " ", "scopes": "read"}, "name"), ({"name": "CRM"}, "scopes")])
async def test_a_key_without_a_name_or_a_right_is_refused(office: Office, typed: dict[str, str], field: str) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.post("/settings/api-keys", data=typed)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text


async def test_changes_are_told_with_before_and_after(office: Office) -> None:
    queue = await made(office, "queues", name="Orders <b>")
    await office.api.patch(f"{API}/queues/{queue['id']}", json={"name": "Sales", "max_waiting": 7})
    async with signed_in(office, Role.ADMIN) as adam, neighbour(office) as (theirs, _):
        await theirs.post(f"{API}/queues", json={"name": "Nina's own"})
        page = (await adam.get("/settings/audit")).text
        assert "<del><bdi>Orders &lt;b&gt;</bdi></del>" in page
        assert "<ins><bdi>Sales</bdi></ins>" in page
        assert "Nina&#39;s own" not in page
        assert "Sales" not in (await adam.get("/settings/audit?subject=line")).text
        assert (await adam.get("/settings/audit?subject=x'y")).status_code == 422


async def test_changes_are_paged_through(office: Office) -> None:
    for number in range(60):
        await made(office, "categories", name=f"Kind {number:02}")
    async with signed_in(office, Role.ADMIN) as adam:
        first = (await adam.get("/settings/audit?subject=category")).text
        older = re.search(r'href="(/settings/audit\?subject=category&amp;after=[^"]+)"', first)
        assert older is not None
        second = (await adam.get(older[1].replace("&amp;", "&"))).text
    assert "Kind 59" in first
    assert "Kind 00" not in first
    assert "Kind 00" in second
