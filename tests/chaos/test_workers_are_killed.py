"""Workers die without a word while calls come in: others answer, and what they had acknowledged is not lost."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.chaos.conftest import Company
from tests.chaos.load import steady_calls
from tests.chaos.own_database import OwnDatabase
from tests.chaos.processes import kill, workers_of
from tests.chaos.promise import Recorder, promise_kept
from tests.chaos.scale import CALLS_PER_SECOND, scaled
from tests.service import Service, all_ready, running_service

pytestmark = pytest.mark.anyio
# In the short form one kill meets so few requests that one more or less is a large share of them.
SECOND_TRIES = scaled(0.02, 0.005)


async def kill_one_and_wait(service: Service) -> None:
    """``kill -9`` of one worker, and time for its successor, which the supervisor starts: others answer meanwhile."""
    victim = random.choice(workers_of(service))
    kill(victim)
    async with asyncio.timeout(60):
        while victim in workers_of(service):
            await asyncio.sleep(0.05)
    await all_ready(service)


async def test_killed_workers_lose_nothing_that_was_acknowledged(
    company: Company, data_dir: Path, record_property: Recorder
) -> None:
    kills = scaled(1, 20)
    async with running_service(data_dir, company.url, workers=2) as service:
        async with steady_calls(service.port, CALLS_PER_SECOND) as load:
            await asyncio.sleep(1)
            for _ in range(kills):
                await kill_one_and_wait(service)
        assert len(workers_of(service)) == 2
        case = f"{kills} workers killed with -9"
        await promise_kept(load, company.url, record_property, case, second_tries=SECOND_TRIES)


async def test_workers_that_are_killed_while_the_database_stands_still_are_replaced(
    database: OwnDatabase, data_dir: Path, record_property: Recorder
) -> None:
    kills = scaled(1, 5)
    async with running_service(data_dir, database.url, workers=2) as service:
        async with steady_calls(service.port, CALLS_PER_SECOND) as load:
            await asyncio.sleep(2)
            database.freeze()
            for _ in range(kills):
                await kill_one_and_wait(service)
            await asyncio.sleep(scaled(2, 30))
            database.thaw()
        assert len(workers_of(service)) == 2
        case = f"database stopped, {kills} workers killed meanwhile"
        await promise_kept(load, database.url, record_property, case, second_tries=SECOND_TRIES)
