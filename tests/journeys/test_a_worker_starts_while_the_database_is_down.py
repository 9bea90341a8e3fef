"""Real processes: a service that starts while its database does not answer decides calls by the plan that it saved, and
joins the database when that is back."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from app.plan.plan_file import plan_path
from simulator import sign
from tests import cast
from tests.chaos.database_proxy import database_proxy
from tests.command import run_command
from tests.plan.long_lists import LongLists, long_lists, serving
from tests.service import Service, free_port

pytestmark = pytest.mark.anyio


async def answer_to(service: Service, caller: str) -> str:
    """The document that answers one call; every call is answered, whatever is down."""
    values = {
        "AccountSid": cast.ACCOUNT_SID, "CallSid": "CA" + secrets.token_hex(16), "CallStatus": "ringing",
        "From": caller, "To": cast.LINE,
    }  # fmt: skip
    url = f"{service.base_url}/twilio/voice"
    async with httpx.AsyncClient() as provider:
        signature = sign(cast.AUTH_TOKEN, url, list(values.items()))
        answer = await provider.post(url, data=values, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200
    return answer.text


async def blacklist(service: Service, company: LongLists, number: str) -> httpx.Response:
    """An edit over the API."""
    headers = {"Authorization": f"Bearer {company.api_key}"}
    async with httpx.AsyncClient(base_url=service.base_url, headers=headers) as api:
        return await api.post("/api/v1/blacklist", json={"number": number, "match": "exact", "reason": "test"})


async def ready(service: Service) -> httpx.Response:
    """What the service says of itself."""
    async with httpx.AsyncClient() as monitoring:
        return await monitoring.get(f"{service.base_url}/health/ready")


async def until_well(service: Service) -> None:
    """Wait until nothing is degraded."""
    async with asyncio.timeout(30):
        while (answer := await ready(service)).status_code != 200 or answer.json()["degraded"]:
            await asyncio.sleep(0.1)


async def leave_a_plan_behind(data_dir: Path, database_url: str) -> LongLists:
    """A company where a service ran until a moment ago: Boris is blacklisted."""
    async with long_lists(database_url) as company, serving(database_url, data_dir) as worker:
        await company.add(cast.BORIS)
        await worker.live_plan.catch_up()
        await worker.keeper.save()
    return company


@asynccontextmanager
async def started(data_dir: Path, database_url: str, until: str, workers: int = 1) -> AsyncIterator[Service]:
    """A service, started without waiting for its database, that is stopped whatever happens."""
    service = Service(data_dir, database_url, workers)
    try:
        await service.start(until)
        yield service
    finally:
        try:
            assert await service.stop() < 10
        finally:
            await service.kill()


async def test_a_server_that_refuses_does_not_keep_a_worker_from_answering(database_url: str, data_dir: Path) -> None:
    await leave_a_plan_behind(data_dir, database_url)
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    async with started(data_dir, nowhere, "/health/ready", workers=2) as service:
        assert "<Enqueue" not in await answer_to(service, cast.BORIS)
        assert "<Enqueue" in await answer_to(service, cast.UMA)
        answer = await ready(service)
        assert answer.status_code == 200
        assert "plan" in answer.json()["degraded"]
        explained = run_command("explain", cast.UMA, "--to", cast.LINE, env=service.env)
        assert explained.returncode == 1
        assert "The database does not answer" in explained.stderr
        assert "Traceback" not in explained.stderr


async def test_a_server_that_hangs_is_joined_when_it_answers_again(database_url: str, data_dir: Path) -> None:
    async with database_proxy(database_url) as proxy:
        company = await leave_a_plan_behind(data_dir, proxy.url)
        proxy.black_hole = True
        async with started(data_dir, proxy.url, "/health/ready") as service:
            assert "<Enqueue" not in await answer_to(service, cast.BORIS)
            assert "<Enqueue" in await answer_to(service, cast.UMA)
            assert "plan" in (await ready(service)).json()["degraded"]
            proxy.black_hole = False
            await until_well(service)
            added = await blacklist(service, company, cast.CLARA)
            assert added.status_code == 201, added.text
            assert "Antichambre-Workers-Behind" not in added.headers
            assert "<Enqueue" not in await answer_to(service, cast.CLARA)
            headers = {"Authorization": f"Bearer {company.api_key}"}
            async with httpx.AsyncClient(base_url=service.base_url, headers=headers) as api, asyncio.timeout(20):
                while len((await api.get("/api/v1/calls")).json()["items"]) < 3:
                    await asyncio.sleep(0.1)


async def test_without_a_saved_plan_callers_hear_a_sentence_until_the_database_answers(
    database_url: str, data_dir: Path
) -> None:
    async with database_proxy(database_url) as proxy:
        await leave_a_plan_behind(data_dir, proxy.url)
        plan_path(data_dir).unlink()
        proxy.black_hole = True
        async with started(data_dir, proxy.url, "/health/live") as service:
            for caller in (cast.UMA, cast.BORIS):
                answer = await answer_to(service, caller)
                assert "<Say" in answer
                assert "<Enqueue" not in answer
            assert (await ready(service)).status_code == 503
            proxy.black_hole = False
            await until_well(service)
            assert "<Enqueue" in await answer_to(service, cast.UMA)
            assert "<Enqueue" not in await answer_to(service, cast.BORIS)


async def test_a_database_with_another_schema_is_refused_all_the_same(empty_database_url: str, data_dir: Path) -> None:
    service = Service(data_dir, empty_database_url)
    with pytest.raises(RuntimeError, match="run `antichambre migrate`"):
        await service.start()
