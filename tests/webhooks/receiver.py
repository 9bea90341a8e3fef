"""A program that is told of events: a real server on a socket of this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook


@dataclass(slots=True)
class Received:
    """A request, with its head as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> dict[str, Any]:
        """What it says, if the library finds that ``secret`` has signed it. Raises ``WebhookVerificationError``."""
        told: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return told


@dataclass(slots=True)
class Receiver:
    """``answers`` are the next statuses, then 204 for ever; ``waits`` is how many seconds it thinks about each; ``says``
    more head and body of an answer."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    waits: float = 0
    says: bytes = b"Content-Length: 0\r\n\r\n"
    open: list[asyncio.Task[None]] = field(default_factory=list)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        assert task is not None
        self.open.append(task)
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass  # it has hung up, or the test is over
        finally:
            writer.transport.abort()
            self.open.remove(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.received.append(Received(first.split(" ")[1], headers, body))
        await asyncio.sleep(self.waits)
        status = self.answers.pop(0) if self.answers else 204
        writer.write(f"HTTP/1.1 {status} Said\r\n".encode() + self.says)
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """One that listens."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.handle, "127.0.0.1", 0)
    async with server:
        receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
        yield receiver
        for task in (still := list(receiver.open)):
            task.cancel()
        await asyncio.gather(*still, return_exceptions=True)
