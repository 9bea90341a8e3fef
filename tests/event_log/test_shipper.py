"""From the journal to the database: every acknowledged fact arrives, once, in an order that no reader can miss."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.event_log.call_store import EVENT_CHANNEL
from app.event_log.journal import FACTS_A_BATCH, Journal
from app.event_log.records import CallFact
from app.event_log.segment import as_line, read_segment, segments_in
from app.event_log.shipper import Shipper
from tests.event_log import facts

pytestmark = pytest.mark.anyio
NOBODY_LISTENS = "postgresql://nobody@127.0.0.1:9/none"  # the discard port: refused at once


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A database with a company."""
    connection = await facts.connected(database_url)
    yield connection
    await connection.close()


@contextlib.asynccontextmanager
async def a_shipper(dsn: str, folder: Path) -> AsyncIterator[Shipper]:
    """A worker's journal and its shipper."""
    journal = Journal(folder, 30.0, lambda: None)
    journal.open()
    shipper = Shipper(dsn, journal, lambda: None)
    try:
        yield shipper
    finally:
        await journal.close()
        shipper._drop_connection()


async def stored_ids(database: asyncpg.Connection) -> list[str]:
    return [one["event_id"] for one in await database.fetch("SELECT event_id FROM call_event ORDER BY position")]


async def test_facts_arrive_in_order_and_their_segments_go(
    database: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    recorded = [facts.seen(facts.call_id(1), number) for number in range(50)]
    async with a_shipper(facts.dsn_of(database_url), tmp_path / "w") as shipper:
        for one in recorded:
            await shipper.journal.append(one)
            if int(one.payload["number"]) % 20 == 0:
                assert await shipper.ship()
        assert await shipper.ship()
        assert shipper.stored == 50
        assert segments_in(shipper.journal.folder) == []
    assert await stored_ids(database) == [one.event_id for one in recorded]


async def test_facts_that_are_shipped_again_are_stored_once(
    database: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    """As after a crash between the commit and the removal of the segment."""
    recorded = [facts.incoming(facts.call_id(1)), facts.ended(facts.call_id(1), 5)]
    for worker in ("first", "second"):
        async with a_shipper(facts.dsn_of(database_url), tmp_path / worker) as shipper:
            await shipper.journal.append(*recorded, *recorded)
            assert await shipper.ship()
    assert await stored_ids(database) == [one.event_id for one in recorded]
    assert await database.fetchval("SELECT count(*) FROM call") == 1


async def test_one_batch_is_one_notification(database: asyncpg.Connection, database_url: str, tmp_path: Path) -> None:
    """NOTIFY in every transaction cut throughput to a third (promises.md, fact 3); and nothing new is no news."""
    heard: list[object] = []
    await database.add_listener(EVENT_CHANNEL, lambda *_: heard.append(1))
    async with a_shipper(facts.dsn_of(database_url), tmp_path / "w") as shipper:
        recorded = [facts.seen(facts.call_id(number), number) for number in range(FACTS_A_BATCH)]
        await shipper.journal.append(*recorded)
        assert await shipper.ship()
        await database.execute("SELECT 1")
        assert len(heard) == 1
        await shipper.journal.append(*recorded[:100])
        assert await shipper.ship()
        await database.execute("SELECT 1")
        assert len(heard) == 1
        await shipper.journal.append(facts.seen(facts.call_id(1), 999))
        assert await shipper.ship()
        await database.execute("SELECT 1")
        assert len(heard) == 2


async def test_a_reader_never_skips_a_fact_while_two_workers_ship(
    database: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    """Positions grow in the order of the commits: who has read position 11 has read 10."""
    done = asyncio.Event()

    async def work(name: str, first: int) -> None:
        async with a_shipper(facts.dsn_of(database_url), tmp_path / name) as shipper:
            for round_ in range(60):
                await shipper.journal.append(
                    *(facts.seen(facts.call_id(first), round_ * 10 + n) for n in range(1 + round_ % 7))
                )
                assert await shipper.ship()

    async def read() -> list[int]:
        positions: list[int] = []
        last_look = False
        while not last_look:
            last_look = done.is_set()
            newer = await database.fetch(
                "SELECT position FROM call_event WHERE position > $1 ORDER BY position",
                positions[-1] if positions else 0,
            )
            positions += [one["position"] for one in newer]
        return positions

    reading = asyncio.create_task(read())
    await asyncio.gather(work("one", 1), work("two", 2))
    done.set()
    was_read = await reading
    in_table = await database.fetch("SELECT position FROM call_event ORDER BY position")
    assert was_read == [one["position"] for one in in_table]
    assert len(in_table) > 400


# --- the database is away ---


async def test_without_a_database_facts_are_acknowledged_and_wait(
    database: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    recorded = [facts.seen(facts.call_id(1), number) for number in range(5)]
    async with a_shipper(NOBODY_LISTENS, tmp_path / "w") as shipper:
        for one in recorded:
            assert await shipper.journal.append(one) is True
            assert await shipper.ship() is False
        (segment,) = segments_in(shipper.journal.folder)
        assert read_segment(segment) == (recorded, 0)
        shipper.dsn = facts.dsn_of(database_url)
        assert await shipper.ship() is True
        assert segments_in(shipper.journal.folder) == []
    assert await stored_ids(database) == [one.event_id for one in recorded]


async def test_a_connection_that_is_cut_in_the_middle_loses_nothing(
    database: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    async with a_shipper(facts.dsn_of(database_url), tmp_path / "w") as shipper:
        await shipper.journal.append(facts.seen(facts.call_id(1), 1))
        assert await shipper.ship()
        await database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await shipper.journal.append(facts.seen(facts.call_id(1), 2))
        while not await shipper.ship():
            await asyncio.sleep(0)
    assert len(await stored_ids(database)) == 2


async def test_facts_that_a_full_disk_refused_are_shipped_from_memory(
    database: asyncpg.Connection, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_shipper(facts.dsn_of(database_url), tmp_path / "w") as shipper:

        def refuse(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Journal, "_write", refuse)
        assert await shipper.journal.append(facts.incoming(facts.call_id(1)), facts.ended(facts.call_id(1), 9)) is False
        assert await shipper.ship()
    assert await database.fetchval("SELECT state FROM call") == "ended"


async def test_a_fact_that_the_database_finds_impossible_is_set_aside_and_holds_nobody_up(
    database: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    stranger = facts.incoming(facts.call_id(2), tenant="no such company")
    async with a_shipper(facts.dsn_of(database_url), tmp_path / "journal" / "w") as shipper:
        await shipper.journal.append(facts.incoming(facts.call_id(1)), stranger, facts.incoming(facts.call_id(3)))
        assert await shipper.ship()
        assert shipper.set_aside == 1
    assert await database.fetchval("SELECT count(*) FROM call") == 2
    assert (tmp_path / "journal" / "set-aside").read_bytes() == as_line(stranger)


# --- workers that died ---


def left_behind(folder: Path, *segments: list[CallFact], torn: bytes = b"") -> None:
    """The folder of a worker that died."""
    folder.mkdir(parents=True)
    (folder / "lock").touch()
    for number, recorded in enumerate(segments):
        (folder / f"{number:010}.segment").write_bytes(b"".join(map(as_line, recorded)) + torn)


async def test_the_segments_of_a_dead_worker_are_adopted(
    database: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    recorded = [facts.seen(facts.call_id(1), number) for number in range(6)]
    left_behind(tmp_path / "dead", recorded[:2], recorded[2:5], [], torn=as_line(recorded[5])[:40])
    async with a_shipper(facts.dsn_of(database_url), tmp_path / "living") as shipper:
        await shipper._adopt_orphans()
    assert await stored_ids(database) == [one.event_id for one in recorded[:5]]
    assert not (tmp_path / "dead").exists()


async def test_a_living_worker_is_left_alone(database: asyncpg.Connection, database_url: str, tmp_path: Path) -> None:
    async with (
        a_shipper(facts.dsn_of(database_url), tmp_path / "one") as one,
        a_shipper(facts.dsn_of(database_url), tmp_path / "two") as two,
    ):
        await one.journal.append(facts.seen(facts.call_id(1), 1))
        await two._adopt_orphans()
        assert await stored_ids(database) == []
        assert len(segments_in(one.journal.folder)) == 1
        assert await one.ship()
    assert len(await stored_ids(database)) == 1


async def test_two_workers_that_find_the_same_orphan_store_it_once(
    database: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    for number in range(5):
        left_behind(tmp_path / f"dead-{number}", [facts.seen(facts.call_id(number), n) for n in range(20)])
    async with (
        a_shipper(facts.dsn_of(database_url), tmp_path / "one") as one,
        a_shipper(facts.dsn_of(database_url), tmp_path / "two") as two,
    ):
        await asyncio.gather(one._adopt_orphans(), two._adopt_orphans())
        await one._adopt_orphans()
    stored = await stored_ids(database)
    assert len(stored) == len(set(stored)) == 100
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


async def test_an_orphan_waits_while_the_database_is_away(
    database: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    left_behind(tmp_path / "dead", [facts.seen(facts.call_id(1), 1)])
    async with a_shipper(NOBODY_LISTENS, tmp_path / "living") as shipper:
        await shipper._adopt_orphans()
        assert len(segments_in(tmp_path / "dead")) == 1
        shipper.dsn = facts.dsn_of(database_url)
        await shipper._adopt_orphans()
    assert len(await stored_ids(database)) == 1


async def test_a_worker_killed_in_the_middle_loses_nothing_that_it_has_acknowledged(
    database: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    acknowledged: list[str] = []
    for life in range(2):
        folder = tmp_path / "journal" / f"worker-{life}"
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.event_log.worker_that_dies",
            str(folder),
            str(life * 1_000_000),
            stdout=asyncio.subprocess.PIPE,
        )
        assert worker.stdout is not None
        try:
            while len(acknowledged) < 150 * (life + 1):
                acknowledged.append((await asyncio.wait_for(worker.stdout.readline(), 30)).decode().strip())
        finally:
            os.kill(worker.pid, signal.SIGKILL)
        rest = (await worker.stdout.read()).decode()
        acknowledged += rest.split("\n")[:-1]
        assert await worker.wait() == -signal.SIGKILL
    async with a_shipper(facts.dsn_of(database_url), tmp_path / "journal" / "heir") as heir:
        await heir._adopt_orphans()
        await heir._adopt_orphans()
    stored = await stored_ids(database)
    assert len(set(acknowledged)) == len(acknowledged) >= 300
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
    assert await database.fetchval("SELECT count(*) FROM call") == len(stored)
    assert [path.name for path in (tmp_path / "journal").iterdir()] == ["heir"]


async def test_what_an_outage_left_behind_goes_in_few_transactions(
    database: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    heard: list[object] = []
    await database.add_listener(EVENT_CHANNEL, lambda *_: heard.append(1))
    async with a_shipper(facts.dsn_of(database_url), tmp_path / "w") as shipper:
        recorded = [facts.seen(facts.call_id(number), number) for number in range(60)]
        for one in recorded:
            await shipper.journal.append(one)
            batch = await shipper.journal.take()
            assert batch is not None
            shipper._keep(batch)
        assert shipper.waiting == 60
        assert await shipper.ship()
        assert (shipper.waiting, shipper.stored) == (0, 60)
        assert segments_in(shipper.journal.folder) == []
    await database.execute("SELECT 1")
    assert len(heard) == 1
    assert await stored_ids(database) == [one.event_id for one in recorded]


async def test_what_does_not_fit_into_memory_is_read_from_the_disk_again(
    database: asyncpg.Connection, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.event_log.shipper._FACTS_IN_MEMORY", 3)
    async with a_shipper(facts.dsn_of(database_url), tmp_path / "w") as shipper:
        recorded = [facts.seen(facts.call_id(number), number) for number in range(8)]
        for start in range(0, 8, 2):
            await shipper.journal.append(*recorded[start : start + 2])
            batch = await shipper.journal.take()
            assert batch is not None
            shipper._keep(batch)
        assert [len(batch.facts) for batch in shipper.backlog] == [2, 0, 0, 0]
        assert await shipper.ship()
        assert shipper.stored == 8
    assert await stored_ids(database) == [one.event_id for one in recorded]
