"""A PostgreSQL of a test's own, which may be stopped, killed and started again without disturbing anybody else."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.embedded_database import embedded_database
from app.embedded_database.postmaster_file import read_postmaster_file
from tests.conftest import _migrate

# The files need not survive a power cut, but everything committed has to survive kill -9.
SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "100"}


@dataclass(slots=True)
class OwnDatabase:
    """``url`` stays the same however often the server is started."""

    folder: Path
    url: str = ""
    _running: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    async def start(self) -> None:
        """Start the server, for the first time or again."""
        self.url = await asyncio.to_thread(
            self._running.enter_context, embedded_database(self.folder, settings=SETTINGS)
        )

    def freeze(self) -> None:
        """Every process of the server stands still: connections are accepted, and nothing is ever answered."""
        for process in self._processes():
            with contextlib.suppress(ProcessLookupError):  # a connection that has just been closed
                os.kill(process, signal.SIGSTOP)

    def thaw(self) -> None:
        """They go on."""
        for process in self._processes():
            with contextlib.suppress(ProcessLookupError):  # one that goes on may end before the next is told
                os.kill(process, signal.SIGCONT)

    async def kill(self) -> None:
        """``kill -9`` of every process of the server."""
        for process in self._processes():
            with contextlib.suppress(ProcessLookupError):  # it went with the one that was killed before
                os.kill(process, signal.SIGKILL)
        await asyncio.to_thread(self._running.close)

    async def stop(self) -> None:
        """End it, whatever was done to it."""
        with contextlib.suppress(ProcessLookupError):
            self.thaw()
        await asyncio.to_thread(self._running.close)

    def _processes(self) -> list[int]:
        found = read_postmaster_file(self.folder / "postgres")
        if found is None:
            return []
        # The postmaster first: it must not start another backend meanwhile.
        children = Path(f"/proc/{found.pid}/task/{found.pid}/children")
        return [found.pid, *map(int, children.read_text().split() if children.exists() else [])]


@asynccontextmanager
async def own_database(folder: Path) -> AsyncIterator[OwnDatabase]:
    """A migrated database in ``folder`` that ends with the block."""
    database = OwnDatabase(folder)
    await database.start()
    try:
        await _migrate(database.url)
        yield database
    finally:
        await database.stop()
