"""A fact is on disk before the answer leaves, and a disk that fails or dawdles loses neither call nor fact."""

import asyncio
import errno
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.event_log.journal import Journal
from app.event_log.segment import read_segment, segments_in
from tests.event_log import facts

pytestmark = pytest.mark.anyio
CALL = facts.call_id(1)


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    """A worker's journal with all the time in the world."""
    opened = Journal(tmp_path / "journal" / "worker", 30.0, lambda: None)
    opened.open()
    yield opened
    await opened.close()


class SlowDisk:
    """Writes that are to be on the disk when they return wait at a gate; the real ones follow."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gate, self.reached, self.syncs, real = threading.Event(), threading.Event(), 0, os.pwritev

        def pwritev(descriptor: int, data: list[memoryview], at: int, flags: int) -> int:
            if flags & os.RWF_DSYNC:
                self.syncs += 1
                self.reached.set()
                assert self.gate.wait(30)
            return real(descriptor, data, at, flags)

        monkeypatch.setattr(os, "pwritev", pwritev)

    async def is_reached(self) -> None:
        assert await asyncio.to_thread(self.reached.wait, 30)


def full_disk(monkeypatch: pytest.MonkeyPatch, journal: Journal, bytes_left: int) -> None:
    """The disk of the journal takes ``bytes_left`` more bytes, then none."""
    real, left = os.pwritev, [bytes_left]

    def pwritev(descriptor: int, data: list[memoryview], at: int, flags: int) -> int:
        if journal._segment is None or descriptor != journal._segment.descriptor:
            return real(descriptor, data, at, flags)
        if left[0] == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        some = real(descriptor, [data[0][: left[0]]], at, flags)
        left[0] -= some
        return some

    monkeypatch.setattr(os, "pwritev", pwritev)


def on_disk(journal: Journal) -> list[object]:
    return [fact for path in segments_in(journal.folder) for fact in read_segment(path)[0]]


async def test_a_fact_is_synced_to_disk_before_it_is_acknowledged(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SlowDisk(monkeypatch)
    append = asyncio.create_task(journal.append(facts.seen(CALL, 1)))
    await disk.is_reached()
    assert not append.done()
    disk.gate.set()
    assert await append is True
    assert on_disk(journal) == [facts.seen(CALL, 1)]


async def test_facts_that_queue_during_one_sync_go_together_in_the_next(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SlowDisk(monkeypatch)
    first = asyncio.create_task(journal.append(facts.seen(CALL, 0)))
    await disk.is_reached()
    others = [asyncio.create_task(journal.append(facts.seen(CALL, number))) for number in range(1, 201)]
    await asyncio.sleep(0)
    disk.gate.set()
    assert all(await asyncio.gather(first, *others))
    assert disk.syncs == 2
    assert on_disk(journal) == [facts.seen(CALL, number) for number in range(201)]


async def test_facts_that_belong_together_are_one_write(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = SlowDisk(monkeypatch)
    disk.gate.set()
    assert await journal.append(facts.status(CALL, 1, "completed"), facts.ended(CALL, 1))
    assert disk.syncs == 1


async def test_a_disk_slower_than_the_deadline_delays_no_answer_and_loses_no_fact(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SlowDisk(monkeypatch)
    journal.deadline_seconds = 0.01
    assert await journal.append(facts.seen(CALL, 1)) is False
    assert journal.late == 1
    disk.gate.set()
    batch = None
    while batch is None:
        batch = await journal.take()
        await asyncio.sleep(0)
    assert batch.facts == [facts.seen(CALL, 1)]
    assert await journal.take() is None


async def test_a_full_disk_keeps_the_facts_in_memory_and_says_so(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.append(facts.seen(CALL, 0))
    full_disk(monkeypatch, journal, bytes_left=0)
    assert await journal.append(facts.seen(CALL, 1), facts.seen(CALL, 2)) is False
    assert journal.unwritten == 2
    monkeypatch.undo()
    assert await journal.append(facts.seen(CALL, 3)) is True
    homeless, written = await journal.take(), await journal.take()
    assert homeless is not None
    assert written is not None
    assert (homeless.facts, homeless.segment) == ([facts.seen(CALL, 1), facts.seen(CALL, 2)], None)
    assert written.facts == [facts.seen(CALL, 0), facts.seen(CALL, 3)]
    assert await journal.take() is None


@pytest.mark.parametrize("bytes_left", [1, 50, 100, 250])
async def test_a_disk_that_fills_up_in_the_middle_of_a_line_leaves_no_torn_line(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, bytes_left: int
) -> None:
    await journal.append(facts.seen(CALL, 0))
    full_disk(monkeypatch, journal, bytes_left)
    assert await journal.append(facts.seen(CALL, 1), facts.seen(CALL, 2)) is False
    monkeypatch.undo()
    assert await journal.append(facts.seen(CALL, 3)) is True
    (segment,) = segments_in(journal.folder)
    assert read_segment(segment) == ([facts.seen(CALL, 0), facts.seen(CALL, 3)], 0)


async def test_a_disk_too_full_to_open_a_file_is_survived_too(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def refuse(path: object, flags: int, *rest: int) -> int:
        if str(path).endswith(".segment"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, flags, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    assert await journal.append(facts.seen(CALL, 1)) is False
    monkeypatch.undo()
    assert await journal.append(facts.seen(CALL, 2)) is True
    batches = [await journal.take(), await journal.take(), await journal.take()]
    assert [batch.facts for batch in batches if batch] == [[facts.seen(CALL, 1)], [facts.seen(CALL, 2)]]


async def test_what_is_taken_stays_on_disk_until_it_is_stored(journal: Journal) -> None:
    batches = []
    for number in range(3):
        await journal.append(facts.seen(CALL, number))
        batch = await journal.take()
        assert batch is not None
        assert batch.segment is not None
        assert batch.facts == [facts.seen(CALL, number)]
        assert read_segment(batch.segment.path, batch.start, batch.end) == (batch.facts, 0)
        batches.append(batch)
    for batch in batches:
        assert on_disk(journal) == [facts.seen(CALL, number) for number in range(3)]
        assert await journal.take() is None
        journal.stored(batch)
    assert await journal.take() is None
    assert segments_in(journal.folder) == []


async def test_what_piles_up_for_the_database_does_not_fill_the_memory(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.event_log.journal.FACTS_A_BATCH", 2)
    recorded = [facts.seen(CALL, number) for number in range(7)]
    for one in recorded:
        await journal.append(one)
    batches = [batch for _ in range(5) if (batch := await journal.take()) is not None]
    assert [batch.count for batch in batches] == [2, 2, 2, 1]
    assert [batch.facts for batch in batches] == [recorded[:2], recorded[2:4], [], []]
    again = [read_segment(batch.segment.path, batch.start, batch.end) for batch in batches if batch.segment]
    assert again == [(recorded[:2], 0), (recorded[2:4], 0), (recorded[4:6], 0), (recorded[6:], 0)]


async def test_how_many_records_end_is_written_twice_and_not_with_each(journal: Journal) -> None:
    ending = facts.ending("<Response><Enqueue>Reception</Enqueue></Response>")
    recorded = [facts.stranger(facts.call_id(number), number, ending) for number in range(50)]
    for one in recorded:
        assert await journal.append(one)
    (segment,) = segments_in(journal.folder)
    assert segment.read_bytes().count(ending.json) == 2
    assert on_disk(journal) == recorded


async def test_every_batch_can_be_read_by_itself(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.event_log.journal.FACTS_A_BATCH", 3)
    endings = facts.ending("one"), facts.ending("two")
    recorded = [facts.stranger(facts.call_id(number), number, endings[number // 2 % 2]) for number in range(12)]
    for one in recorded:
        await journal.append(one)
    batches = [batch for _ in range(5) if (batch := await journal.take()) is not None]
    again = [read_segment(batch.segment.path, batch.start, batch.end) for batch in batches if batch.segment]
    assert again == [(recorded[start : start + 3], 0) for start in range(0, 12, 3)]


async def test_an_ending_that_the_disk_refused_is_written_the_next_time(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = facts.ending()
    await journal.append(facts.seen(CALL, 0))
    full_disk(monkeypatch, journal, bytes_left=10)
    assert await journal.append(facts.stranger(CALL, 1, ending)) is False
    monkeypatch.undo()
    later = facts.stranger(facts.call_id(2), 2, ending)
    assert await journal.append(later) is True
    assert on_disk(journal) == [facts.seen(CALL, 0), later]


async def test_a_new_segment_has_the_endings_that_it_needs(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.event_log.open_segment.FULL_BYTES", 200)
    ending = facts.ending()
    recorded = [facts.stranger(facts.call_id(number), number, ending) for number in range(3)]
    for one in recorded:
        await journal.append(one)
    assert len(segments_in(journal.folder)) == 3
    assert on_disk(journal) == recorded


async def test_a_full_segment_is_followed_by_another_and_goes_when_it_is_stored(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.event_log.open_segment.FULL_BYTES", 200)
    for number in range(4):
        await journal.append(facts.seen(CALL, number))
    first, second = await journal.take(), await journal.take()
    assert first is not None
    assert second is not None
    assert [*first.facts, *second.facts] == [facts.seen(CALL, number) for number in range(4)]
    assert len(segments_in(journal.folder)) == 2
    journal.stored(first)
    assert on_disk(journal) == second.facts


async def test_a_disk_with_room_for_the_line_alone_takes_it(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    await journal.append(facts.seen(CALL, 0))
    segment = journal._segment
    assert segment is not None
    segment._filled = segment.end
    real = os.pwritev

    def pwritev(descriptor: int, data: list[memoryview], at: int, flags: int) -> int:
        if not any(data[0]):  # zeros, ahead of what is there
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data, at, flags)

    monkeypatch.setattr(os, "pwritev", pwritev)
    assert await journal.append(facts.seen(CALL, 1)) is True
    assert on_disk(journal) == [facts.seen(CALL, 0), facts.seen(CALL, 1)]


async def test_where_synced_writes_are_unknown_a_sync_follows(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, synced, real_sync = os.pwritev, [0], os.fdatasync

    def pwritev(descriptor: int, data: list[memoryview], at: int, flags: int) -> int:
        if flags:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")
        return real(descriptor, data, at, flags)

    def fdatasync(descriptor: int) -> None:
        synced[0] += 1
        real_sync(descriptor)

    await journal.append(facts.seen(CALL, 0))
    monkeypatch.setattr(os, "pwritev", pwritev)
    monkeypatch.setattr(os, "fdatasync", fdatasync)
    assert await journal.append(facts.seen(CALL, 1)) is True
    assert synced == [1]
    assert on_disk(journal) == [facts.seen(CALL, 0), facts.seen(CALL, 1)]


async def test_the_shipper_is_woken_by_every_commit(tmp_path: Path) -> None:
    woken: list[bool] = []
    journal = Journal(tmp_path / "w", 30.0, lambda: woken.append(True))
    journal.open()
    await journal.append(facts.seen(CALL, 1))
    assert woken == [True]
    await journal.close()


async def test_closing_leaves_what_was_not_shipped_for_the_next_worker(journal: Journal) -> None:
    await journal.append(facts.seen(CALL, 1))
    await journal.close()
    again = Journal(journal.folder, 30.0, lambda: None)
    again.open()
    assert on_disk(again) == [facts.seen(CALL, 1)]
    await again.close()


async def test_closing_waits_for_what_is_being_written(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = SlowDisk(monkeypatch)
    append = asyncio.create_task(journal.append(facts.seen(CALL, 1)))
    await disk.is_reached()
    closing = asyncio.create_task(journal.close())
    await asyncio.sleep(0)
    assert not closing.done()
    disk.gate.set()
    await closing
    assert await append is True
    assert on_disk(journal) == [facts.seen(CALL, 1)]


async def test_only_its_owner_reads_a_journal(journal: Journal) -> None:
    await journal.append(facts.seen(CALL, 1))
    for path in journal.folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0


async def test_what_a_cancelled_reader_would_have_got_is_there_for_the_next(journal: Journal) -> None:
    recorded = facts.incoming(CALL)
    await journal.append(recorded)
    reader = asyncio.create_task(journal.take())
    await asyncio.sleep(0)
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)
    await journal.append(facts.ended(CALL, 5))  # the thread has done by now what it was asked before
    batch = await journal.take()
    assert batch is not None
    assert recorded in batch.facts
