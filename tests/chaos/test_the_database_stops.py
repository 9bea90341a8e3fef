"""PostgreSQL stands still, dies and comes back: calls are answered as if nothing had happened."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from tests.chaos.load import steady_calls
from tests.chaos.own_database import OwnDatabase
from tests.chaos.processes import degraded
from tests.chaos.promise import Recorder, promise_kept
from tests.chaos.scale import CALLS_PER_SECOND, OUTAGE_SECONDS, scaled
from tests.service import running_service

pytestmark = pytest.mark.anyio


async def test_while_the_database_stands_still_every_call_is_answered(
    database: OwnDatabase, data_dir: Path, record_property: Recorder
) -> None:
    async with running_service(data_dir, database.url, workers=2) as service:
        async with steady_calls(service.port, CALLS_PER_SECOND) as load:
            await asyncio.sleep(1)
            database.freeze()
            await asyncio.sleep(OUTAGE_SECONDS)
            told = await degraded(service, "database")
            database.thaw()
        assert told is not None
        assert datetime.fromisoformat(told["since"]).tzinfo is not None
        await promise_kept(load, database.url, record_property, f"database stopped {OUTAGE_SECONDS:g} s", p99_ms=250)
        database.freeze()
        assert await service.stop() < 15, "a database that does not answer holds up no restart"
        database.thaw()


async def test_a_database_that_is_killed_and_started_again_gets_every_record(
    database: OwnDatabase, data_dir: Path, record_property: Recorder
) -> None:
    absent = scaled(2.0, 30.0)
    async with running_service(data_dir, database.url, workers=2) as service:
        async with steady_calls(service.port, CALLS_PER_SECOND) as load:
            for _ in range(scaled(1, 2)):
                await asyncio.sleep(1)
                await database.kill()
                await asyncio.sleep(absent)
                await database.start()
        await promise_kept(load, database.url, record_property, f"database killed, away {absent:g} s", p99_ms=250)
