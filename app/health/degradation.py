"""What does not work as it should, and since when. Calls are decided all the same: this is for those who operate the
service. Everything is read from memory, so asking costs nothing and never hangs."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import structlog
from fastapi import FastAPI

from app.base.database import DatabaseProbe
from app.event_log.segment import count_facts, set_aside_path
from app.switchboard import Switchboard

LOOK_SECONDS: Final = 0.25
PATIENCE_SECONDS: Final = 2.0
"""Records that wait no longer than this are on their way, not held up."""

log = structlog.get_logger(__name__)


class Part(StrEnum):
    """What can be degraded."""

    DATABASE = "database"
    PLAN = "plan"
    DISK = "disk"
    JOURNAL = "journal"
    FEED = "feed"
    SET_ASIDE = "set_aside"
    TELEPHONE = "telephone"


@dataclass(slots=True)
class Degradation:
    """``since`` holds the degraded parts only, with the moment from which each is (aware). ``version`` counts the
    changes. ``set_aside`` are the records that the database refused, on this host."""

    board: Switchboard
    probe: DatabaseProbe
    since: dict[Part, datetime] = field(default_factory=dict)
    version: int = 0
    set_aside: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _refused: int = 0
    _waiting_from: tuple[float, datetime] | None = None
    _set_aside_seen: tuple[int, int] = (0, 0)

    async def watch(self) -> None:
        """Look for ever."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("degradation.unknown")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Take note of what is degraded now, and wake whoever waits for a change."""
        board = self.board
        found = {
            Part.DATABASE: self.probe.silent_since,
            Part.PLAN: board.live_plan.stale_since,
            Part.DISK: await self._disk_refuses_since(),
            Part.JOURNAL: self._records_wait_since(),
            Part.FEED: board.feed.unread_since,
            Part.SET_ASIDE: await self._set_aside_since(),
            Part.TELEPHONE: min((one.since for one in board.telephones.means.reach.away.values()), default=None),
        }
        since = {part: moment for part, moment in found.items() if moment is not None}
        if since == self.since:
            return
        for part in since.keys() - self.since.keys():
            log.warning("degraded", part=part.value, since=since[part].isoformat())
        for part in self.since.keys() - since.keys():
            log.info("recovered", part=part.value, since=self.since[part].isoformat())
        self.since, self.version = since, self.version + 1
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def change_after(self, version: int) -> None:
        """Return when something has changed since ``version``."""
        news = self._news
        if self.version == version:
            await news.wait()

    async def _disk_refuses_since(self) -> datetime | None:
        journal, since = self.board.journal, self.since.get(Part.DISK)
        refused = journal.unwritten + journal.late
        if refused > self._refused:
            self._refused = refused
            return since or self.board.clock()
        # Without calls nothing is written, and nothing is refused: only writing shows that the disk is well again.
        if since is not None and await asyncio.to_thread(_takes_bytes, self.board.settings.data_dir):
            return None
        return since

    def _records_wait_since(self) -> datetime | None:
        now = asyncio.get_running_loop().time()
        if not self.board.shipper.backlog:
            self._waiting_from = None
            return None
        if self._waiting_from is None:
            self._waiting_from = now, self.board.clock()
        began, since = self._waiting_from
        return since if now - began > PATIENCE_SECONDS else None

    async def _set_aside_since(self) -> datetime | None:
        """Since the last of them: they wait for a person, also after a restart."""
        path = set_aside_path(self.board.journal.folder.parent)
        try:
            found = path.stat()
        except FileNotFoundError:
            self.set_aside, self._set_aside_seen = 0, (0, 0)
            return None
        if (found.st_size, found.st_mtime_ns) != self._set_aside_seen:
            self.set_aside = await asyncio.to_thread(count_facts, path)
            self._set_aside_seen = found.st_size, found.st_mtime_ns
        return datetime.fromtimestamp(found.st_mtime, UTC) if self.set_aside else None


def _takes_bytes(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
            probe.write(bytes(4096))
            os.fdatasync(probe.fileno())
    except OSError:
        return False
    return True


@asynccontextmanager
async def degradation_of_the_worker(app: FastAPI) -> AsyncIterator[None]:
    """The health router's part of start and stop: ``app.state.degradation``, watched while the worker runs."""
    board: Switchboard = app.state.switchboard
    probe = DatabaseProbe(str(board.settings.database_url), board.clock)
    app.state.degradation = degradation = Degradation(board, probe)
    tasks = [asyncio.create_task(probe.run(), name="probe"), asyncio.create_task(degradation.watch(), name="watch")]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
