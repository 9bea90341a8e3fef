"""The disk takes nothing any more, and the database is away: calls are answered, records wait in memory."""

import asyncio
import resource
from pathlib import Path

import pytest

from tests.chaos.load import steady_calls
from tests.chaos.own_database import OwnDatabase
from tests.chaos.processes import degraded, workers_of
from tests.chaos.promise import Recorder, promise_kept
from tests.chaos.scale import CALLS_PER_SECOND, scaled
from tests.service import Service, running_service

pytestmark = pytest.mark.anyio


def fill_the_disk(service: Service, *, full: bool) -> None:
    """No file of a worker may grow any more (RLIMIT_FSIZE, getrlimit(2): writing fails with EFBIG), which needs no rights
    and takes nothing from other tests."""
    for worker in workers_of(service):
        _, hard = resource.prlimit(worker, resource.RLIMIT_FSIZE)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (0 if full else hard, hard))


async def test_a_full_disk_while_the_database_is_away_costs_no_call_and_no_record(
    database: OwnDatabase, data_dir: Path, record_property: Recorder
) -> None:
    seconds = scaled(2.0, 20.0)
    async with running_service(data_dir, database.url, workers=2) as service:
        async with steady_calls(service.port, CALLS_PER_SECOND) as load:
            await asyncio.sleep(0.5)
            database.freeze()
            fill_the_disk(service, full=True)
            await asyncio.sleep(seconds)
            told = await degraded(service, "disk")
            fill_the_disk(service, full=False)
            await asyncio.sleep(1)
            database.thaw()
        assert told is not None
        assert "refuses records" in told["what"]
        case = f"disk full {seconds:g} s, database stopped"
        await promise_kept(load, database.url, record_property, case)
