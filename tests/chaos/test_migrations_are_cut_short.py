"""A migration dies half-way: nothing of it stays, and running it again succeeds."""

import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from tests.event_log.facts import dsn_of
from tests.service import ROOT, environment, run_process

pytestmark = pytest.mark.anyio
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def test_a_migration_that_is_killed_half_way_leaves_nothing_and_can_be_run_again(
    empty_database_url: str, data_dir: Path
) -> None:
    env = environment(data_dir, empty_database_url)
    connection = await asyncpg.connect(dsn_of(empty_database_url))
    watching = await asyncpg.connect(dsn_of(empty_database_url))
    # A table of the same name that is not committed yet holds the migration up at its ninth table.
    holding = connection.transaction()
    await holding.start()
    await connection.execute("CREATE TABLE client (id text)")
    command = [sys.executable, "-m", "app", "migrate"]
    migration = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        async with asyncio.timeout(30):
            while not await watching.fetchval(WAITING):
                assert migration.poll() is None
                await asyncio.sleep(0.01)
    finally:
        migration.kill()
        await asyncio.to_thread(migration.wait)
    await holding.rollback()
    for _ in range(100):
        tables = await watching.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        if not {"call", "company"} & {row["tablename"] for row in tables}:
            break
        await asyncio.sleep(0.1)
    assert {row["tablename"] for row in tables} <= {"alembic_version"}
    await connection.close()
    await watching.close()
    assert (await asyncio.to_thread(run_process, "migrate", env=env)).stdout == "The database is up to date.\n"
