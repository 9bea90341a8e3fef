"""The worker that offers callers to operators dies without a word: another one does it, and nobody loses their place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.lifespan import OFFERS_LOCK
from simulator import Call, PhoneCompany, RealClock
from simulator.rest_server import serving_rest
from tests import cast
from tests.api import API
from tests.chaos.conftest import Company
from tests.chaos.processes import kill, workers_of
from tests.chaos.promise import Recorder
from tests.chaos.scale import scaled
from tests.event_log.facts import dsn_of
from tests.service import Service, all_ready, free_port

pytestmark = pytest.mark.anyio
RINGS_WITHIN = scaled(60.0, 4.0)
"""Seconds within which a free operator rings; in the short form other tests take their share of the machine."""


@asynccontextmanager
async def telephones(service: Service, api_port: int) -> AsyncIterator[PhoneCompany]:
    """A telephone company in real time, with its REST API where the service looks for Twilio's."""
    phones = PhoneCompany(service.base_url, cast.ACCOUNT_SID, cast.AUTH_TOKEN, clock=RealClock())
    async with phones, serving_rest(phones, api_port):
        yield phones


@asynccontextmanager
async def two_workers(data_dir: Path, company: Company) -> AsyncIterator[tuple[Service, PhoneCompany]]:
    api_port = free_port()
    service = Service(data_dir, company.url, workers=2, twilio_api_url=f"http://127.0.0.1:{api_port}")
    async with telephones(service, api_port) as phones:
        await service.start()
        try:
            await all_ready(service)
            yield service, phones
        finally:
            await service.stop()
            await service.kill()


async def nobody_but_olga_serves(api: httpx.AsyncClient) -> str:
    """And she is on a break; her id."""
    olga = ""
    for one in (await api.get(f"{API}/operators")).json()["items"]:
        if one["address"] == cast.OLGA:
            olga = one["id"]
        elif not one["management"]:
            (await api.delete(f"{API}/operators/{one['id']}")).raise_for_status()
    await be(api, olga, "break")
    return olga


async def be(api: httpx.AsyncClient, operator_id: str, state: str) -> None:
    (await api.put(f"{API}/operators/{operator_id}/presence", json={"state": state})).raise_for_status()


async def until(call: Call, connected: bool) -> None:
    while (call.connected_to is not None) is not connected:
        await asyncio.sleep(0.05)


async def session_that_offers(database_url: str) -> int | None:
    """The session of the database that has the lock of the one who offers."""
    connection = await asyncpg.connect(dsn_of(database_url))
    try:
        found: int | None = await connection.fetchval(
            "SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
            "WHERE locktype = 'advisory' AND objid = $1 AND granted AND datname = current_database()",
            OFFERS_LOCK,
        )
        return found
    finally:
        await connection.close()


async def kill_the_one_who_offers(service: Service, database_url: str) -> None:
    """One worker after the other, until it was that one: no session tells whose it is."""
    holder = await session_that_offers(database_url)
    assert holder is not None
    for victim in workers_of(service):
        kill(victim)
        async with asyncio.timeout(60):
            while victim in workers_of(service):
                await asyncio.sleep(0.05)
        await all_ready(service)
        if await session_that_offers(database_url) != holder:
            return
    raise AssertionError("nobody of them offered")


async def test_another_worker_offers_within_seconds_and_in_the_same_order(
    company: Company, data_dir: Path, record_property: Recorder
) -> None:
    async with (
        two_workers(data_dir, company) as (service, phones),
        httpx.AsyncClient(base_url=service.base_url, headers={"Authorization": f"Bearer {company.api_key}"}) as api,
    ):
        olga = await nobody_but_olga_serves(api)
        oscar = (await api.post(f"{API}/operators", json={"name": "Oscar", "address": cast.OSCAR})).json()
        queues = (await api.get(f"{API}/queues")).json()["items"]
        await api.patch(f"{API}/operators/{oscar['id']}", json={"queue_ids": [queues[0]["id"]]})
        phones.phone(cast.OSCAR).answers_after(0).talks_for(600)
        talks = await phones.place_call(cast.CLARA, cast.LINE)
        async with asyncio.timeout(30):
            await until(talks, connected=True)
        first = await phones.place_call(cast.UMA, cast.LINE)
        await asyncio.sleep(0.5)
        second = await phones.place_call("+33639980077", cast.LINE)
        await asyncio.sleep(0.5)
        await kill_the_one_who_offers(service, company.url)
        phones.phone(cast.OLGA).answers_after(0).talks_for(600)
        began = asyncio.get_running_loop().time()
        await be(api, olga, "available")
        async with asyncio.timeout(RINGS_WITHIN):
            await until(first, connected=True)
        took = asyncio.get_running_loop().time() - began
        record_property("the worker that offered was killed: a free operator was connected after, s", f"{took:.1f}")
        assert second.connected_to is None
        for call in (talks, first, second):
            assert call.errors == []
            await call.hang_up()
