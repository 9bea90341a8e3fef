"""``Idempotency-Key``: whoever is not sure whether a POST arrived sends it again."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests import cast
from tests.api import API, fault, neighbour
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


async def test_a_stored_answer_shows_no_api_key_to_whoever_reads_the_database(office: Office) -> None:
    key = (await post(office.api, {"name": "CRM"}, resource="api-keys")).json()["key"]
    assert (await post(office.api, {"name": "CRM"}, resource="api-keys")).json()["key"] == key
    async with office.board.sessions() as session:
        stored = await session.scalar(text("SELECT body::text FROM idempotent_request"))
    assert key not in stored
