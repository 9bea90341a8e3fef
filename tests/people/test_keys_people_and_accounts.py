"""Who gets in: API keys, people, and the tokens that sign the provider's webhooks."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.auth.passwords import password_is_right
from app.auth.roles import Role
from models import UserAccount
from simulator import sign
from tests import cast
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


async def test_a_person_is_added_and_can_sign_in(office: Office) -> None:
    olga = await made(office, "users", email=" Olga@Example.org ", name="Olga", password="olga's password")
    assert (olga["email"], olga["role"], olga["disabled"]) == ("olga@example.org", "operator", False)
    assert "password" not in str(olga)
    async with office.board.sessions() as session:
        stored = await session.get_one(UserAccount, {"tenant_id": office.company.tenant, "id": olga["id"]})
    assert await password_is_right("olga's password", stored.password_hash)
    assert stored.password_hash not in (await office.api.get(f"{API}/audit")).text


async def test_a_new_password_a_new_role_or_disabling_ends_sessions(office: Office) -> None:
    changes: list[dict[str, Any]] = [{"password": "another password"}, {"role": "supervisor"}, {"disabled": True}]
    for change, role in zip(changes, Role, strict=True):
        async with signed_in(office, role) as browser:
            people = (await office.api.get(f"{API}/users", params={"q": f"{role}@people"})).json()["items"]
            path = f"{API}/users/{people[0]['id']}"
            assert (await browser.get(f"{API}/vip")).status_code == 200
            assert (await office.api.patch(path, json={"name": "Only renamed"})).status_code == 200
            assert (await browser.get(f"{API}/vip")).status_code == 200
            assert (await office.api.patch(path, json=change)).status_code == 200
            assert (await browser.get(f"{API}/vip")).status_code == 401


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"email": "nobody"}, (422, "unprocessable", "email")),
        ({"email": "a\0@b"}, (422, "unprocessable", "email")),
        ({"email": cast.ADAM_EMAIL.upper()}, (409, "name-taken", "email")),
        ({"password": "short"}, (422, "unprocessable", "password")),
        ({"role": "emperor"}, (422, "unprocessable", "role")),
        ({"language": "xx"}, (422, "unprocessable", "language")),
        ({"operator_id": "01aaaaaaaaaaaaaaaaaa"}, (422, "unprocessable", "operator_id")),
    ],
)
async def test_people_who_make_no_sense(office: Office, body: dict[str, Any], problem: tuple[int, str, str]) -> None:
    whole = {"email": "x@example.org", "name": "X", "password": "a long password"} | body
    assert fault(await office.api.post(f"{API}/users", json=whole)) == problem


async def test_the_last_admin_stays(office: Office) -> None:
    adam = (await office.api.get(f"{API}/users")).json()["items"][0]
    path = f"{API}/users/{adam['id']}"
    for attempt in (
        await office.api.delete(path),
        await office.api.patch(path, json={"role": "operator"}),
        await office.api.patch(path, json={"disabled": True}),
    ):
        assert fault(attempt)[:2] == (409, "last-admin")
    await made(office, "users", email="ada@example.org", name="Ada", password="a long password", role="admin")
    assert (await office.api.delete(path)).status_code == 204


async def test_tokens_go_in_and_never_come_out(office: Office) -> None:
    account = (await office.api.get(f"{API}/accounts")).json()["items"][0]
    assert (account["account_sid"], account["has_token"], account["has_next_token"]) == (cast.ACCOUNT_SID, True, False)
    path = f"{API}/accounts/{account['id']}"
    changed = await office.api.patch(path, json={"next_token": "the next token"})
    assert changed.json()["has_next_token"] is True
    assert "the next token" not in changed.text + (await office.api.get(f"{API}/audit")).text
    async with office.board.sessions() as session:
        rows = (await session.scalars(text("SELECT p::text FROM plan_change p"))).all()
    assert not any("the next token" in row for row in rows)


async def test_a_rotated_token_signs_from_the_next_webhook_on(office: Office) -> None:
    account = (await office.api.get(f"{API}/accounts")).json()["items"][0]
    path = f"{API}/accounts/{account['id']}"

    async def accepts(token: str) -> bool:
        values = {"AccountSid": cast.ACCOUNT_SID, "CallSid": "CA" + "1" * 32, "CallStatus": "ringing"}
        values |= {"From": cast.UMA, "To": cast.LINE}
        url = cast.BASE_URL + "/twilio/voice"
        headers = {"X-Twilio-Signature": sign(token, url, list(values.items()))}
        return (await office.api.post(url, data=values, headers=headers)).status_code == 200

    await office.api.patch(path, json={"next_token": "new"})
    assert [await accepts(cast.AUTH_TOKEN), await accepts("new")] == [True, True]
    await office.api.patch(path, json={"token": "new", "next_token": None})
    assert [await accepts(cast.AUTH_TOKEN), await accepts("new")] == [False, True]
    assert fault(await office.api.patch(path, json={"token": None})) == (422, "unprocessable", "token")
    assert fault(await office.api.patch(path, json={"account_sid": "AC1"})) == (422, "unprocessable", "account_sid")
