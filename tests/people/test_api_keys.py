"""API keys: shown once, narrow, revoked."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.auth.roles import Role, Scope
from tests.api import API, client, fault, made, signed_in
from tests.office import FRIDAY_MORNING, Office

pytestmark = pytest.mark.anyio


async def works(office: Office, key: str) -> bool:
    async with client(office, Authorization=f"Bearer {key}") as api:
        return (await api.get(f"{API}/vip")).status_code == 200


async def test_a_key_is_shown_once_and_works_until_it_is_revoked(office: Office) -> None:
    made_ = await made(office, "api-keys", name="CRM", scopes=["read", "write"])
    assert made_["key"].startswith(made_["hint"])
    path = f"{API}/api-keys/{made_['id']}"
    for answer in (
        await office.api.get(path),
        await office.api.get(f"{API}/api-keys"),
        await office.api.get(f"{API}/audit"),
    ):
        assert made_["key"] not in answer.text
        assert "secret_hash" not in answer.text
    assert await works(office, made_["key"])
    assert (await office.api.delete(path)).status_code == 204
    assert not await works(office, made_["key"])
    assert (await office.api.get(path)).json()["revoked_at"] is not None
    assert (await office.api.delete(path)).status_code == 404


async def test_adam_makes_a_key_for_everything(office: Office) -> None:
    scopes = sorted(Scope)
    async with signed_in(office, Role.ADMIN) as adam:
        made_ = await adam.post(f"{API}/api-keys", json={"name": "All", "scopes": scopes})
    assert (made_.status_code, made_.json().get("scopes")) == (201, scopes)


async def test_a_key_expires(office: Office) -> None:
    soon = (FRIDAY_MORNING + timedelta(minutes=1)).isoformat()
    made_ = await made(office, "api-keys", name="CRM", expires_at=soon)
    assert await works(office, made_["key"])
    await office.clock.sleep(61)
    assert not await works(office, made_["key"])
    past = await office.api.post(f"{API}/api-keys", json={"name": "CRM", "expires_at": soon})
    assert fault(past) == (422, "unprocessable", "expires_at")


@pytest.mark.parametrize(
    ("body", "field"),
    [({"name": ""}, "name"), ({"name": "x", "scopes": []}, "scopes"), ({"name": "x", "scopes": ["all"]}, "scopes.0")],
)
async def test_keys_that_make_no_sense(office: Office, body: dict[str, Any], field: str) -> None:
    assert fault(await office.api.post(f"{API}/api-keys", json=body)) == (422, "unprocessable", field)


async def test_a_key_is_nowhere_in_the_database(office: Office) -> None:
    key = (await made(office, "api-keys", name="CRM"))["key"]
    async with office.board.sessions() as session:
        tables = (await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).all()
        for table in tables:
            rows = (await session.scalars(text(f"SELECT t::text FROM {table} t"))).all()  # noqa: S608
            assert not any(key in row for row in rows), table
