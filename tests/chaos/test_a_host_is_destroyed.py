"""A host is destroyed, with its disk: what it had acknowledged and not carried to the database yet is lost. That is the last
second at most, and another host goes on."""

import asyncio
import shutil
from pathlib import Path

import asyncpg
import pytest

from tests.chaos.conftest import Company
from tests.chaos.load import steady_calls
from tests.chaos.promise import Recorder, facts_in
from tests.chaos.scale import CALLS_PER_SECOND, scaled
from tests.event_log.facts import dsn_of
from tests.service import running_service

pytestmark = pytest.mark.anyio
LAG = "SELECT extract(epoch FROM percentile_cont(0.99) WITHIN GROUP (ORDER BY stored_at - at)) FROM call_event"


async def test_a_destroyed_host_takes_no_record_with_it_that_is_older_than_a_second(
    company: Company, data_dir: Path, tmp_path: Path, record_property: Recorder
) -> None:
    async with (
        running_service(data_dir, company.url, workers=2) as service,
        steady_calls(service.port, CALLS_PER_SECOND) as load,
    ):
        await asyncio.sleep(scaled(3, 30))
        a_second_ago = set(load.acknowledged)
        await asyncio.sleep(1)
        figures, acknowledged = load.figures("host destroyed"), set(load.acknowledged)
        await service.kill()
        shutil.rmtree(data_dir)
    connection = await asyncpg.connect(dsn_of(company.url), timeout=10)
    try:
        facts = await facts_in(connection)
        lag = float(await connection.fetchval(LAG))
    finally:
        await connection.close()
    figures |= {
        "acknowledged": len(acknowledged),
        "in the database": len(acknowledged & set(facts)),
        "doubled": len(facts) - len(set(facts)),
    }
    record_property("chaos", figures)
    assert a_second_ago - set(facts) == set(), figures
    assert len(facts) == len(set(facts)), figures
    assert lag < 1
    async with (
        running_service(tmp_path, company.url, workers=2) as other,
        steady_calls(other.port, CALLS_PER_SECOND) as load,
    ):
        await asyncio.sleep(1)
    assert (load.unanswered[:3], load.wrong[:3]) == ([], [])
