"""A migration that fails says why: the server's own reason, and not what became of the transaction afterwards."""

from pathlib import Path

import asyncpg
import pytest

from app.base.database import create_engine
from app.migrate import migrate
from tests.command import run_command
from tests.event_log.facts import dsn_of
from tests.service import environment

pytestmark = pytest.mark.anyio
FIRST = "2026_11_22_first_tables"


async def migrate_to_first(url: str) -> None:
    engine = create_engine(url)
    await migrate(engine, FIRST)
    await engine.dispose()


async def revision_of(url: str) -> str:
    connection = await asyncpg.connect(dsn_of(url))
    try:
        return str(await connection.fetchval("SELECT version_num FROM alembic_version"))
    finally:
        await connection.close()


async def test_a_table_that_somebody_holds_is_named_as_the_reason(empty_database_url: str, data_dir: Path) -> None:
    env = environment(data_dir, empty_database_url)
    await migrate_to_first(empty_database_url)
    holder = await asyncpg.connect(dsn_of(empty_database_url))
    try:
        async with holder.transaction():
            await holder.execute("LOCK TABLE user_account IN ACCESS SHARE MODE")
            refused = run_command("migrate", env=env)
    finally:
        await holder.close()
    assert refused.returncode == 1
    assert "lock timeout" in refused.stderr
    assert "another session holds a table" in refused.stderr
    assert "current transaction is aborted" not in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert await revision_of(empty_database_url) == FIRST
    assert run_command("migrate", env=env).returncode == 0


async def test_what_the_server_says_of_a_step_is_passed_on(empty_database_url: str, data_dir: Path) -> None:
    env = environment(data_dir, empty_database_url)
    await migrate_to_first(empty_database_url)
    connection = await asyncpg.connect(dsn_of(empty_database_url))
    try:
        await connection.execute("ALTER TABLE user_account ADD COLUMN theme text")
        refused = run_command("migrate", env=env)
        await connection.execute("ALTER TABLE user_account DROP COLUMN theme")
    finally:
        await connection.close()
    assert refused.returncode == 1
    assert 'column "theme" of relation "user_account" already exists' in refused.stderr
    assert "a_theme" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert run_command("migrate", env=env).returncode == 0
