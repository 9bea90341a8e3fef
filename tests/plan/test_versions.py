"""Versions of the plan are given under a row lock, so a reader that has seen one has seen all before it (promises.md,
fact 4)."""

import asyncio
import random
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from app.base.database import create_engine, session_maker
from app.edits.edit import editing
from app.plan.change import Change
from app.plan.plan_database import PlanDatabase
from models import QueueRecord
from tests.event_log import facts

pytestmark = pytest.mark.anyio


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """A database with a company."""
    await (await facts.connected(database_url)).close()
    opened = create_engine(database_url)
    yield opened
    await opened.dispose()


async def changes_after(database_url: str, version: int) -> list[Change]:
    """What a worker that serves ``version`` reads."""
    database = PlanDatabase(database_url, "a worker")
    try:
        return await database.changes_from(version + 1)
    finally:
        database.drop()


async def add_queue(
    sessions: async_sessionmaker[AsyncSession],
    name: str,
    written: asyncio.Event | None = None,
    commit: asyncio.Event | None = None,
) -> int:
    """An edit that tells when it has written and commits when it may."""
    async with editing(sessions, facts.TENANT, "test") as edit:
        await edit.record_added(QueueRecord(tenant_id=facts.TENANT, name=name))
        if written is not None:
            written.set()
        if commit is not None:
            await commit.wait()
    return edit.version


async def waits_for_a_lock(engine: AsyncEngine) -> None:
    """Return when somebody in this database waits for somebody else's lock."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with engine.connect() as connection:
        while not await connection.scalar(query):
            await connection.rollback()


async def test_a_later_edit_waits_for_an_earlier_one_so_no_reader_skips_it(
    engine: AsyncEngine, database_url: str
) -> None:
    sessions = session_maker(engine)
    written, commit = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(add_queue(sessions, "first", written, commit))
    await written.wait()
    second = asyncio.create_task(add_queue(sessions, "second"))
    await asyncio.wait_for(waits_for_a_lock(engine), 20)
    assert not second.done()
    assert await changes_after(database_url, 0) == []
    commit.set()
    versions = await first, await second
    assert versions == (1, 2)
    assert [(one.version, one.row and one.row["name"]) for one in await changes_after(database_url, 0)] == [
        (1, "first"), (2, "second"),
    ]  # fmt: skip


async def test_a_plain_sequence_would_have_let_the_reader_skip_one(database_url: str) -> None:
    """The mistake that the lock avoids: numbers are given at once, but transactions commit when they like."""
    one, other, reader = [await asyncpg.connect(facts.dsn_of(database_url)) for _ in range(3)]
    await reader.execute("CREATE TABLE change (version bigserial PRIMARY KEY, name text)")
    slow = one.transaction()
    await slow.start()
    await one.execute("INSERT INTO change (name) VALUES ('slow')")
    await other.execute("INSERT INTO change (name) VALUES ('quick')")
    read = await reader.fetch("SELECT version, name FROM change WHERE version > 0")
    await slow.commit()
    read += await reader.fetch("SELECT version, name FROM change WHERE version > $1", read[-1]["version"])
    assert [row["name"] for row in read] == ["quick"]
    for connection in (one, other, reader):
        await connection.close()


async def test_a_reader_sees_every_version_once_while_many_edit_at_once(engine: AsyncEngine, database_url: str) -> None:
    sessions, done, random_ = session_maker(engine), asyncio.Event(), random.Random(4)

    async def edit(number: int) -> None:
        for turn in range(5):
            async with editing(sessions, facts.TENANT, "test") as edit:
                for part in range(random_.randint(1, 3)):
                    await edit.record_added(QueueRecord(tenant_id=facts.TENANT, name=f"{number}.{turn}.{part}"))

    async def read() -> list[int]:
        seen: list[int] = []
        last_look = False
        while not last_look:
            last_look = done.is_set()
            seen += [one.version for one in await changes_after(database_url, seen[-1] if seen else 0)]
        return seen

    reading = asyncio.create_task(read())
    await asyncio.gather(*(edit(number) for number in range(6)))
    done.set()
    seen = await reading
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) >= 30


async def test_an_edit_that_fails_leaves_no_gap_and_no_trace(engine: AsyncEngine) -> None:
    sessions = session_maker(engine)
    assert await add_queue(sessions, "before") == 1

    async def fail() -> None:
        async with editing(sessions, facts.TENANT, "test") as edit:
            await edit.record_added(QueueRecord(tenant_id=facts.TENANT, name="never"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await add_queue(sessions, "after") == 2
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM audit_entry")) == 2
        assert await connection.scalar(text("SELECT count(*) FROM queue")) == 2


async def test_entry_change_and_audit_are_one_transaction(engine: AsyncEngine) -> None:
    await add_queue(session_maker(engine), "Sales")
    async with engine.connect() as connection:
        stamps = {
            await connection.scalar(text(f"SELECT xmin::text FROM {table}"))  # noqa: S608  the names stand below
            for table in ("queue", "plan_change", "audit_entry", "plan_version")
        }
    assert len(stamps) == 1
