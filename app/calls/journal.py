"""The worker's journal: a fact is on disk before the answer that it belongs to leaves.

Facts queued while one write is being synced go together in the next (group commit). When the disk is full or slower
than the deadline the call is answered all the same: the fact stays in memory, is shipped from there, and is counted.
"""

import asyncio
import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from app.calls.records import CallFact
from app.calls.segment import as_line

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Batch:
    """Facts to be shipped together; ``path`` is the segment that goes away once they are stored, None for facts that
    never reached the disk."""

    facts: list[CallFact]
    path: Path | None


@dataclass(slots=True)
class _Queued:
    fact: CallFact
    durable: asyncio.Future[bool]


@dataclass(slots=True)
class Journal:
    """``folder`` belongs to this worker alone while it holds the lock file in it. ``on_facts`` wakes the shipper."""

    folder: Path
    deadline_seconds: float
    on_facts: Callable[[], None]
    late: int = 0
    unwritten: int = 0
    _queue: list[_Queued] = field(default_factory=list)
    _written: list[CallFact] = field(default_factory=list)
    _homeless: list[CallFact] = field(default_factory=list)
    _disk: asyncio.Lock = field(default_factory=asyncio.Lock)
    _committing: asyncio.Task[None] | None = None
    _segment: int = -1
    _path: Path | None = None
    _count: int = 0
    _lock: int = -1

    def open(self) -> None:
        """Take the folder, whose name no other living process uses."""
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
        loop = asyncio.get_running_loop()
        queued = [_Queued(fact, loop.create_future()) for fact in facts]
        self._queue += queued
        if self._committing is None or self._committing.done():
            self._committing = loop.create_task(self._commit_all())
        _, pending = await asyncio.wait([one.durable for one in queued], timeout=self.deadline_seconds)
        if pending:
            self.late += len(pending)
            log.warning("journal.late", facts=len(pending))
            return False
        return all(one.durable.result() for one in queued)

    async def take(self) -> Batch | None:
        """Everything recorded since the last call, its segment closed; None when there is nothing."""
        if self._homeless:
            homeless, self._homeless = self._homeless, []
            return Batch(homeless, None)
        async with self._disk:
            if not self._written:
                return None
            batch = Batch(self._written, self._path)
            self._written, self._path = [], None
            if self._segment >= 0:
                os.close(self._segment)
                self._segment = -1
            return batch

    async def close(self) -> None:
        """Finish writing and give the folder up; segments that were not shipped stay for the next worker."""
        if self._committing is not None:
            await self._committing
        if self._segment >= 0:
            os.close(self._segment)
            self._segment = -1
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    async def _commit_all(self) -> None:
        while self._queue:
            batch, self._queue = self._queue, []
            data = b"".join(as_line(one.fact) for one in batch)
            async with self._disk:
                try:
                    await asyncio.get_running_loop().run_in_executor(None, self._write, data)
                    written = True
                    self._written += [one.fact for one in batch]
                except OSError as error:
                    written = False
                    self._homeless += [one.fact for one in batch]
                    self.unwritten += len(batch)
                    log.error("journal.unwritten", facts=len(batch), error=error.strerror)
            for one in batch:
                if not one.durable.done():
                    one.durable.set_result(written)
            self.on_facts()

    def _write(self, data: bytes) -> None:
        if self._segment < 0:
            self._count += 1
            self._path = self.folder / f"{self._count:010}.segment"
            self._segment = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_EXCL, 0o600)
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        start = os.lseek(self._segment, 0, os.SEEK_END)
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._segment, view) :]
            os.fdatasync(self._segment)
        except OSError:
            os.ftruncate(self._segment, start)
            raise
