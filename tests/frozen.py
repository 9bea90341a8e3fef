"""Something between browser and service that can freeze: connections stay open and nothing passes any more."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from tests.served import ServedOffice


@dataclass(slots=True)
class Freezer:
    """``frozen`` may be set and taken back at any time."""

    port: int
    frozen: bool = False
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        self._writers |= {writer, back}
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass_on(reader, back))
                both.create_task(self._pass_on(there, writer))
        finally:
            for one in (writer, back):
                self._writers.discard(one)
                one.transport.abort()

    def cut(self) -> None:
        """Close every connection."""
        for writer in self._writers:
            writer.transport.abort()

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(65536):
                while self.frozen:
                    await asyncio.sleep(0.02)
                target.write(piece)
                await target.drain()
            target.transport.abort()


@asynccontextmanager
async def frozen_between(served: ServedOffice) -> AsyncIterator[tuple[ServedOffice, Freezer]]:
    """The office as it is seen through a freezer, and the freezer."""
    freezer = Freezer(int(served.url.rpartition(":")[2]))
    server = await asyncio.start_server(freezer.carry, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield replace(served, url=f"http://127.0.0.1:{port}"), freezer
    finally:
        freezer.frozen = False
        server.close()
        freezer.cut()
