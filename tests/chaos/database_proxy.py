"""A TCP proxy in front of PostgreSQL's socket that delays, swallows or resets what passes through it."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.engine import make_url


@dataclass(slots=True)
class DatabaseProxy:
    """``delay`` seconds are waited before each piece is passed on; in a ``black_hole`` connections are accepted and
    nothing passes any more."""

    socket_path: str
    delay: float = 0.0
    black_hole: bool = False
    url: str = ""
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def reset(self) -> None:
        """Cut every connection with a TCP reset."""
        for writer in self._writers:
            peer = writer.get_extra_info("socket")
            is_open = peer is not None and peer.fileno() != -1  # it may have closed by itself meanwhile
            if is_open and peer.family == socket.AF_INET:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client."""
        there, back = await asyncio.open_unix_connection(self.socket_path)
        self._writers |= {writer, back}
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass_on(reader, back))
                both.create_task(self._pass_on(there, writer))
        finally:
            for one in (writer, back):
                self._writers.discard(one)
                one.transport.abort()

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(65536):
                await asyncio.sleep(self.delay)
                while self.black_hole:
                    await asyncio.sleep(0.05)
                target.write(piece)
                await target.drain()
            target.transport.abort()


@asynccontextmanager
async def database_proxy(url: str) -> AsyncIterator[DatabaseProxy]:
    """A proxy before the embedded database ``url``; its own ``url`` leads through it."""
    address = make_url(url)
    proxy = DatabaseProxy(f"{address.query['host']}/.s.PGSQL.{address.query['port']}")
    server = await asyncio.start_server(proxy.carry, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    through = address.set(host="127.0.0.1", port=port, query={})
    proxy.url = through.render_as_string(hide_password=False)
    try:
        yield proxy
    finally:
        proxy.black_hole = False
        server.close()
        proxy.reset()
