"""The network between the service and PostgreSQL: slow, a black hole, resetting connections."""

import asyncio
from pathlib import Path

import pytest

from tests.chaos.conftest import Company
from tests.chaos.database_proxy import database_proxy
from tests.chaos.load import steady_calls
from tests.chaos.promise import Recorder, promise_kept
from tests.chaos.scale import CALLS_PER_SECOND, scaled
from tests.service import running_service

pytestmark = pytest.mark.anyio


async def test_no_caller_notices_a_network_that_is_slow_swallows_everything_or_resets(
    company: Company, data_dir: Path, record_property: Recorder
) -> None:
    seconds = scaled(1.5, 20.0)
    async with database_proxy(company.url) as proxy, running_service(data_dir, proxy.url, workers=2) as service:
        async with steady_calls(service.port, CALLS_PER_SECOND) as load:
            proxy.delay = 0.4
            await asyncio.sleep(seconds)
            proxy.delay, proxy.black_hole = 0.0, True
            await asyncio.sleep(seconds)
            proxy.black_hole = False
            for _ in range(scaled(4, 40)):
                proxy.reset()
                await asyncio.sleep(seconds / scaled(4, 40))
        case = f"database slow, black hole, resets, {seconds:g} s each"
        await promise_kept(load, company.url, record_property, case)
