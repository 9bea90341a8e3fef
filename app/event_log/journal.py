"""The worker's journal: a fact is on disk before the answer that it belongs to leaves.

A thread writes and syncs everything that is queued in one go, then what has come meanwhile (group commit): the busier the
worker, the more calls share one sync. When the disk is full or slower than the deadline the call
is answered all the same: the fact stays in memory, is shipped from there, and is counted.
"""

import asyncio
import fcntl
import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Final

import structlog

from app.event_log.open_segment import OpenSegment
from app.event_log.records import CallFact, Ending
from app.event_log.segment import as_short_line, ending_line

FACTS_A_BATCH: Final = 200
"""Small enough that putting a batch together for the database holds up no call for more than a few milliseconds."""
_BATCHES_IN_MEMORY: Final = 2
_SAID_EVERY_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Batch:
    """``count`` facts to be shipped together. They lie in ``segment`` from ``start`` to ``end``; None for facts that never
    reached the disk. Where ``facts`` are missing they have to be read from there."""

    facts: list[CallFact]
    segment: OpenSegment | None = None
    start: int = 0
    end: int = 0
    count: int = 0


_Queued = tuple[tuple[CallFact, ...], bytes, "asyncio.Future[bool]"]
"""Facts, what they are as the lines of a segment, and whether they have reached the disk."""


@dataclass(slots=True)
class Journal:
    """``folder`` belongs to this worker alone while it holds the lock file in it. ``on_facts`` wakes the shipper.

    ``late`` and ``unwritten`` count calls answered before they were on disk, and facts that the disk refused;
    ``calls_at_once`` is how many shared the last sync.
    """

    folder: Path
    deadline_seconds: float
    on_facts: Callable[[], None]
    late: int = 0
    unwritten: int = 0
    calls_at_once: int = 0
    _queue: list[_Queued] = field(default_factory=list)
    _due: deque[tuple[float, asyncio.Future[bool]]] = field(default_factory=deque)
    _homeless: list[CallFact] = field(default_factory=list)
    _left_over: deque[Batch] = field(default_factory=deque)
    _say_so_from: float = 0.0
    _idle: asyncio.Event = field(default_factory=asyncio.Event)
    _jobs: SimpleQueue[Callable[[], None] | None] = field(default_factory=SimpleQueue)
    _thread: threading.Thread | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _lock: int = -1
    # What follows is touched in the thread only.
    _segment: OpenSegment | None = None
    _written: deque[Batch] = field(default_factory=deque)
    _endings: set[Ending] = field(default_factory=set)
    _count: int = 0

    def open(self) -> None:
        """Take the folder, whose name no other living process uses."""
        self._idle.set()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()
        while True:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / "lock"
            self._lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            # A worker that looks for orphans may have removed the folder before we had the lock.
            if path.exists() and path.stat().st_ino == os.fstat(self._lock).st_ino:
                return
            os.close(self._lock)

    async def append(self, *facts: CallFact) -> bool:
        """Record ``facts``. True when they are on disk; False when the deadline passed or the disk refused, in which
        case they are kept in memory and shipped all the same."""
        loop = self._loop
        if loop is None:  # asked for once: every time is a call of the operating system
            loop = self._loop = asyncio.get_running_loop()
        durable: asyncio.Future[bool] = loop.create_future()
        self._queue.append((facts, b"".join([as_short_line(fact) for fact in facts]), durable))
        if self._idle.is_set():
            self._idle.clear()
            loop.call_soon(self._commit, loop)  # after all the calls that came together with this one
        # One timer for all who wait, instead of one each.
        self._due.append((loop.time() + self.deadline_seconds, durable))
        if len(self._due) == 1:
            loop.call_at(self._due[0][0], self._let_go_of_the_late, loop)
        return await durable

    async def take(self) -> Batch | None:
        """What was recorded since the last call, of one segment; None when there is nothing."""
        if self._homeless:
            homeless, self._homeless = self._homeless, []
            return Batch(homeless, count=len(homeless))
        if self._left_over:
            return self._left_over.popleft()
        if self._thread is None:
            return self._next_written()
        loop = asyncio.get_running_loop()
        wanted: asyncio.Future[Batch | None] = loop.create_future()

        def job() -> None:
            loop.call_soon_threadsafe(self._hand_over, self._next_written(), wanted)

        self._jobs.put(job)
        return await wanted

    def stored(self, batch: Batch) -> None:
        """The database has the facts of ``batch``: its segment goes when that is true of all of its facts."""
        if batch.segment is not None:
            batch.segment.stored += batch.count
            batch.segment.drop_if_stored()

    def _hand_over(self, batch: Batch | None, wanted: asyncio.Future[Batch | None]) -> None:
        if not wanted.done():
            wanted.set_result(batch)
        elif batch is not None:  # whoever wanted it was cancelled meanwhile
            self._left_over.append(batch)

    async def close(self) -> None:
        """Finish writing and give the folder up; what is not taken and shipped after that stays for the next worker."""
        await self._idle.wait()
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None
        self._close_segment()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _commit(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._queue:
            self.calls_at_once = 0
            self._idle.set()
            return
        batch, self._queue = self._queue, []
        self.calls_at_once = len(batch)
        lines = b"".join([lines for _, lines, _ in batch])
        facts = [fact for facts, _, _ in batch for fact in facts]

        def job() -> None:
            error = self._try_to_write(lines, facts)
            loop.call_soon_threadsafe(self._settle, loop, batch, error)

        self._jobs.put(job)

    def _settle(self, loop: asyncio.AbstractEventLoop, batch: list[_Queued], error: OSError | None) -> None:
        if error is not None:
            refused = [fact for facts, _, _ in batch for fact in facts]
            self._homeless += refused
            self.unwritten += len(refused)
            log.error("journal.unwritten", facts=len(refused), error=error.strerror)
        for _, _, durable in batch:
            if not durable.done():
                durable.set_result(error is None)
        self.on_facts()
        loop.call_soon(self._commit, loop)  # after the calls that are being answered right now

    def _let_go_of_the_late(self, loop: asyncio.AbstractEventLoop) -> None:
        now, late = loop.time(), 0
        while self._due and (self._due[0][1].done() or self._due[0][0] <= now):
            _, durable = self._due.popleft()
            if not durable.done():
                durable.set_result(False)
                late += 1
        if late:
            self.late += late
            if now >= self._say_so_from:
                self._say_so_from = now + _SAID_EVERY_SECONDS
                log.warning("journal.late", calls_so_far=self.late)
        if self._due:
            loop.call_at(self._due[0][0], self._let_go_of_the_late, loop)

    def _work(self) -> None:
        """The thread: one job after the other, until there is an empty one."""
        while (job := self._jobs.get()) is not None:
            job()

    def _try_to_write(self, lines: bytes, facts: list[CallFact]) -> OSError | None:
        try:
            self._write(lines, facts)
        except OSError as refusal:
            return refusal
        return None

    def _write(self, lines: bytes, facts: list[CallFact]) -> None:
        if self._segment is None or self._segment.is_full:
            self._close_segment()
            self._count += 1
            self._segment = OpenSegment.create(self.folder / f"{self._count:010}.segment")
        segment, start = self._segment, self._segment.end
        newest = self._written[-1] if self._written else None
        grows = newest is not None and newest.segment is segment and newest.count + len(facts) <= FACTS_A_BATCH
        # A batch can be read by itself: the endings that its facts need are in it.
        needed = {fact.ending for fact in facts if fact.ending is not None}
        if missing := needed - self._endings if grows else needed:
            endings = b"".join(map(ending_line, missing))
            lines = endings + lines + endings
        segment.write(lines, len(facts))
        self._endings = self._endings | needed if grows else needed
        if newest is not None and grows:
            if newest.facts:
                newest.facts += facts
            newest.count += len(facts)
            newest.end = segment.end
        else:
            # The more waits for the database, the less of it stays in memory: what the processor has in its caches is
            # used again by the next call.
            kept = facts if len(self._written) < _BATCHES_IN_MEMORY else []
            self._written.append(Batch(kept, segment, start, segment.end, len(facts)))

    def _next_written(self) -> Batch | None:
        if self._written:
            return self._written.popleft()
        if self._segment is not None and self._segment.stored >= self._segment.facts:
            self._close_segment()  # of no more use, unless a call comes this moment
        return None

    def _close_segment(self) -> None:
        if self._segment is not None:
            self._segment.close()
            self._segment = None
