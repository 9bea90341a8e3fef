"""The people who sign in."""

from typing import Any

import pytest

from app.auth.passwords import password_is_right
from app.auth.roles import Role
from models import UserAccount
from tests import cast
from tests.api import API, fault, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_a_person_is_added_and_can_sign_in(office: Office) -> None:
    olga = await made(office, "users", email=" Olga@Example.org ", name="Olga", password="olga's password")
    assert (olga["email"], olga["role"], olga["disabled"]) == ("olga@example.org", "operator", False)
    assert "password" not in str(olga)
    async with office.board.sessions() as session:
        stored = await session.get_one(UserAccount, {"tenant_id": office.company.tenant, "id": olga["id"]})
    assert await password_is_right("olga's password", stored.password_hash)
    assert stored.password_hash not in (await office.api.get(f"{API}/audit")).text


async def test_a_new_password_a_new_role_or_disabling_ends_sessions(office: Office) -> None:
    changes: list[dict[str, Any]] = [{"password": "another password"}, {"role": "operator"}, {"disabled": True}]
    for change, role in zip(changes, Role, strict=True):
        async with signed_in(office, role) as browser:
            people = (await office.api.get(f"{API}/users", params={"q": f"{role}@people"})).json()["items"]
            path = f"{API}/users/{people[0]['id']}"
            assert (await browser.get(f"{API}/lines")).status_code == 200
            same = {"name": "Only renamed", "email": people[0]["email"], "role": role, "disabled": False}
            assert (await office.api.patch(path, json=same)).status_code == 200
            assert (await browser.get(f"{API}/lines")).status_code == 200
            assert (await office.api.patch(path, json=change)).status_code == 200
            assert (await browser.get(f"{API}/lines")).status_code == 401


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"email": "nobody"}, (422, "unprocessable", "email")),
        ({"email": "<olga@example.org>"}, (422, "unprocessable", "email")),
        ({"email": "olga@example.org,"}, (422, "unprocessable", "email")),
        ({"email": "a,b@example.org"}, (422, "unprocessable", "email")),
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
