"""Carries facts from the journal to the database, at once and in batches; a segment goes away when its facts are stored.

While the database is away segments wait. Segments of a worker that died are adopted by a living one. Calls go first: a
worker that has more of them than it can answer at once ships little of the time, and makes up for it afterwards.
"""

import asyncio
import contextlib
import fcntl
import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import asyncpg
import msgspec
import structlog

from app.base.connect import connect
from app.event_log.call_store import Derive, derive_nothing, store
from app.event_log.journal import FACTS_A_BATCH, Batch, Journal
from app.event_log.records import CallFact
from app.event_log.segment import drop_segment, read_segment, remove_folder, segments_in, set_aside, set_aside_path

RETRY_SECONDS: Final = 0.25
ADOPT_SECONDS: Final = 5.0
COMMAND_TIMEOUT_SECONDS: Final = 5.0
_HURRIED_CALLS: Final = 8
"""So many calls in one sync of the journal mean that calls come faster than they are answered."""
_GIVING_WAY: Final = 24
"""How many times as long as a batch took the shipper waits then."""
_FACTS_IN_MEMORY: Final = 400

log = structlog.get_logger(__name__)
# asyncpg reports a server that goes away between two statements as an internal error of its own.
Failure = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)


@dataclass(slots=True)
class Shipper:
    """One a worker. ``on_stored`` tells the worker's own feed at once, without the way round through the database.
    ``waiting`` counts the facts that the database has not taken yet, ``stored`` those that it has. ``derive`` says what
    follows from facts."""

    dsn: str
    journal: Journal
    on_stored: Callable[[], None]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    backlog: deque[Batch] = field(default_factory=deque)
    waiting: int = 0
    stored: int = 0
    set_aside: int = 0
    derive: Derive = derive_nothing
    _shipping: asyncio.Lock = field(default_factory=asyncio.Lock)
    _connection: asyncpg.Connection | None = None

    async def run(self) -> None:
        """Ship for ever."""
        loop = asyncio.get_running_loop()
        adopt_at = loop.time()
        while True:
            if loop.time() >= adopt_at:
                await self._adopt_orphans()
                adopt_at = loop.time() + ADOPT_SECONDS
            if await self.ship():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(adopt_at - loop.time()):
                        await self.wake.wait()
                self.wake.clear()
            else:
                await asyncio.sleep(RETRY_SECONDS)

    async def ship(self) -> bool:
        """Ship what there is. False when the database did not take it; nothing is lost then."""
        async with self._shipping:
            return await self._ship_all()

    async def _ship_all(self) -> bool:
        while True:
            while (batch := await self.journal.take()) is not None:
                self._keep(batch)
            if not self.backlog:
                return True
            try:
                shipped = self._next_load()
                await self._ship(shipped)
            except Failure as error:
                log.warning("shipper.waiting", error=type(error).__name__, batches=len(self.backlog))
                self._drop_connection()
                return False
            for batch in shipped:
                self.backlog.popleft()
                self.waiting -= batch.count

    def _next_load(self) -> list[Batch]:
        """The oldest batches, as many as go into one transaction: an outage leaves hundreds of small ones."""
        load: list[Batch] = []
        facts = 0
        for batch in self.backlog:
            facts += batch.count
            if load and facts > FACTS_A_BATCH:
                break
            load.append(batch)
        return load

    def _keep(self, batch: Batch) -> None:
        """Remember ``batch``. What is on disk does not have to fill the memory too, where it burdens every collection of
        garbage."""
        if batch.segment is not None and self.waiting + batch.count > _FACTS_IN_MEMORY:
            batch.facts = []
        self.backlog.append(batch)
        self.waiting += batch.count

    async def close(self) -> None:
        """Ship the rest if the database is there. The connection may have been cut off in the middle: take a new one."""
        self._drop_connection()
        await self.ship()
        self._drop_connection()

    async def _ship(self, batches: list[Batch]) -> None:
        began = time.monotonic()
        connection = await self._connect()
        facts = [fact for batch in batches for fact in batch.facts or await _read_again(batch)]
        for start in range(0, len(facts), FACTS_A_BATCH):
            await self._store(connection, facts[start : start + FACTS_A_BATCH])
            self.on_stored()
            if self.journal.calls_at_once >= _HURRIED_CALLS:
                await asyncio.sleep(_GIVING_WAY * (time.monotonic() - began))
            began = time.monotonic()
        self.stored += len(facts)
        for batch in batches:
            self.journal.stored(batch)

    async def _store(self, connection: asyncpg.Connection, facts: list[CallFact]) -> None:
        """Store ``facts``; should the database find one of them impossible, that one is set aside, and only that one:
        it must not hold up the cards of all calls after it."""
        try:
            async with asyncio.timeout(COMMAND_TIMEOUT_SECONDS):
                await store(connection, facts, self.derive)
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, msgspec.DecodeError) as error:
            if len(facts) > 1:
                for one in facts:
                    await self._store(connection, [one])
                return
            set_aside(set_aside_path(self.journal.folder.parent), facts[0])
            self.set_aside += 1
            log.error("shipper.set_aside", error=type(error).__name__, kind=facts[0].kind)

    async def _connect(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(
                self.dsn, within=COMMAND_TIMEOUT_SECONDS, command_timeout=COMMAND_TIMEOUT_SECONDS
            )
        return self._connection

    def _drop_connection(self) -> None:
        # close() waits for the server, which may be the very thing that does not answer.
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _adopt_orphans(self) -> None:
        for folder in self.journal.folder.parent.iterdir():
            if folder != self.journal.folder and folder.is_dir():
                await self._adopt(folder)

    async def _adopt(self, folder: Path) -> None:
        """Ship the segments of ``folder`` unless its worker lives: a living one holds the lock."""
        try:
            lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for segment in segments_in(folder):
                facts, damaged = read_segment(segment)
                if damaged:
                    log.error("journal.damaged", lines=damaged, segment=segment.name)
                if facts:
                    await self._ship([Batch(facts, count=len(facts))])
                drop_segment(segment)
            remove_folder(folder)
            log.info("journal.adopted", worker=folder.name)
        except BlockingIOError:
            return
        except Failure as error:
            log.warning("shipper.adoption_waits", error=type(error).__name__)
            self._drop_connection()
        finally:
            os.close(lock)


async def _read_again(batch: Batch) -> list[CallFact]:
    if batch.segment is None:
        return []
    facts, _ = await asyncio.to_thread(read_segment, batch.segment.path, batch.start, batch.end)
    return facts
