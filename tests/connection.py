"""An application served in this process the way ``serve`` serves it, and a connection to it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from app.providers.whole_answers import WholeAnswers


class Connection:
    """Requests as bytes, and their answers."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self, *requests: bytes) -> tuple[bytes, bytes]:
        """Head and body of the first answer to ``requests``, which are sent together."""
        self.writer.write(b"".join(requests))
        return await self.next_answer()

    async def next_answer(self) -> tuple[bytes, bytes]:
        """Head and body of the answer that comes next."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        return head, await self.reader.readexactly(length)


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[int]:
    """``app``, whose lifespan is somebody else's affair, on a port of the loopback address; the port."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, http=WholeAnswers, log_config=None, lifespan="off", loop="none")
    )
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Connection]:
    """A connection, closed in the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):  # whom the other side has cut off
            await writer.wait_closed()
