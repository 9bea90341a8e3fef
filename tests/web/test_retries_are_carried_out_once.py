"""``Idempotency-Key``: whoever is not sure whether a POST arrived sends it again."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.auth.roles import Role, Scope
from tests import cast
from tests.api import API, client, fault, key_with, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def post(
    api: httpx.AsyncClient, body: dict[str, Any], key: str = "k-1", resource: str = "queues"
) -> httpx.Response:
    return await api.post(f"{API}/{resource}", json=body, headers={"Idempotency-Key": key})


async def test_a_retry_gets_the_first_answer_again(office: Office) -> None:
    first = await post(office.api, {"name": "Orders"})
    again = await post(office.api, {"name": "Orders"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers


async def test_the_answer_stays_the_same_when_what_it_made_is_gone(office: Office) -> None:
    first = await post(office.api, {"name": "Orders"})
    await office.api.delete(first.headers["Location"])
    assert (await post(office.api, {"name": "Orders"})).json() == first.json()
    assert (await office.api.get(first.headers["Location"])).status_code == 404


async def test_one_key_for_two_requests_is_a_conflict(office: Office) -> None:
    await post(office.api, {"name": "Orders"})
    for other in (
        await post(office.api, {"name": "Returns"}),
        await post(office.api, {"number": cast.VERA}, resource="vip"),
    ):
        assert fault(other)[:2] == (409, "idempotency-key-reused")
    names = [one["name"] for one in (await office.api.get(f"{API}/queues")).json()["items"]]
    assert "Returns" not in names


async def test_retries_at_the_same_time_make_one(office: Office) -> None:
    answers = await asyncio.gather(*(post(office.api, {"number": cast.VERA}, resource="vip") for _ in range(6)))
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["id"] for one in answers}) == 1
    assert sum("Idempotent-Replay" in one.headers for one in answers) == 5
    assert len((await office.api.get(f"{API}/vip")).json()["items"]) == 1


async def test_a_request_that_failed_may_be_mended_and_sent_again(office: Office) -> None:
    assert fault(await post(office.api, {"number": "banana"}, resource="vip"))[0] == 422
    assert (await post(office.api, {"number": cast.VERA}, resource="vip")).status_code == 201


async def test_keys_of_two_companies_have_nothing_to_do_with_each_other(office: Office) -> None:
    first = await post(office.api, {"name": "Orders"})
    async with neighbour(office) as (nina, _):
        hers = await post(nina, {"name": "Orders"})
    assert hers.status_code == 201
    assert hers.json()["id"] != first.json()["id"]


async def test_without_a_key_two_requests_are_two(office: Office) -> None:
    first = await office.api.post(f"{API}/clients", json={"name": "Clara"})
    second = await office.api.post(f"{API}/clients", json={"name": "Clara"})
    assert first.json()["id"] != second.json()["id"]


@pytest.mark.parametrize("key", ["", "x" * 201, "two words"])
async def test_a_key_that_is_none_is_refused(office: Office, key: str) -> None:
    assert fault(await post(office.api, {"name": "Orders"}, key))[:2] == (422, "unprocessable")


async def test_a_day_later_the_key_is_free_again(office: Office) -> None:
    await post(office.api, {"name": "Orders"})
    async with office.board.sessions() as session, session.begin():
        await session.execute(text("UPDATE idempotent_request SET created_at = now() - interval '25 hours'"))
    assert (await post(office.api, {"name": "Returns"})).status_code == 201


async def test_a_secret_is_shown_once_whoever_asks_again(office: Office) -> None:
    made = (await post(office.api, {"name": "CRM"}, resource="api-keys")).json()
    again = await post(office.api, {"name": "CRM"}, resource="api-keys")
    assert fault(again)[:2] == (409, "secret-shown-once")
    assert made["key"] not in again.text
    async with office.board.sessions() as session:
        sealed = (await session.execute(text("SELECT body FROM idempotent_request"))).scalar_one()["sealed"]
    assert made["key"] not in office.board.secret_box.decrypt(sealed)
    keys = (await office.api.get(f"{API}/api-keys")).json()["items"]
    assert [one["name"] for one in keys].count("CRM") == 1


async def test_nobody_gets_the_answer_of_somebody_else(office: Office) -> None:
    """Two keys of one name are two, and the right to write is asked for before anything that was kept."""
    names = [await key_with(office, Scope.READ, Scope.WRITE, Scope.KEYS) for _ in range(2)]
    writer, namesake = (client(office, Authorization=f"Bearer {key}") for key in names)
    reader = client(office, Authorization=f"Bearer {await key_with(office, Scope.READ)}")
    for resource, body in (
        ("vip", {"number": cast.VERA}),
        ("api-keys", {"name": "CRM"}),
        ("queues", {"name": "Orders"}),
    ):
        first = await post(writer, body, f"k-{resource}", resource)
        assert first.status_code == 201
        assert fault(await post(namesake, body, f"k-{resource}", resource))[:2] == (409, "idempotency-key-reused")
        refused = await post(reader, body, f"k-{resource}", resource)
        assert fault(refused)[:2] == (403, "not-allowed")
        assert "id" not in refused.json()
    async with signed_in(office, Role.ADMIN) as adam:
        assert fault(await post(adam, {"number": cast.VERA}, "k-vip", "vip"))[:2] == (409, "idempotency-key-reused")


async def test_a_repeated_account_is_answered_without_its_token(office: Office) -> None:
    body = {"account_sid": "AC" + "e" * 32, "token": "a-token-that-nobody-sees"}
    first = await post(office.api, body, resource="accounts")
    again = await post(office.api, body, resource="accounts")
    assert (first.status_code, again.status_code) == (201, 201)
    assert body["token"] not in first.text + again.text
