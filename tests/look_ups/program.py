"""A company's own program that knows who calls: a real server on a socket of this machine, honest or not."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook

TIER = {"label": "Tier", "value": "Gold", "link": "https://crm.example.org/7?a=1&b=2"}


@dataclass(slots=True)
class Question:
    """A request as it came."""

    first: str
    headers: dict[str, str]
    body: bytes

    @property
    def asks(self) -> dict[str, Any]:
        """What it says."""
        asks: dict[str, Any] = json.loads(self.body)
        return asks

    def verified(self, secret: str) -> None:
        """Raises ``WebhookVerificationError`` unless ``secret`` has signed it."""
        Webhook(secret).verify(self.body, self.headers)


@dataclass(slots=True)
class Program:
    """Answers ``status`` with ``content`` and ``head``, after ``waits`` seconds; ``slowly`` a byte at a time, ``endlessly``
    the content again and again."""

    url: str = ""
    status: int = 200
    content: bytes = b""
    head: str = ""
    waits: float = 0
    slowly: bool = False
    endlessly: bool = False
    asked: list[Question] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    sent: int = 0
    open: list[asyncio.Task[None]] = field(default_factory=list)

    def says(self, *fields: object) -> None:
        """From now on, these."""
        self.content = json.dumps({"fields": list(fields)}).encode()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        assert task is not None
        self.open.append(task)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # it has hung up, or the test is over
        finally:
            self.at_once -= 1
            writer.transport.abort()
            self.open.remove(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.asked.append(Question(first, headers, await reader.readexactly(int(headers["content-length"]))))
        await asyncio.sleep(self.waits)
        length = "" if self.endlessly else f"Content-Length: {len(self.content)}\r\n"
        writer.write(f"HTTP/1.1 {self.status} Said\r\n{length}{self.head}Connection: close\r\n\r\n".encode())
        if self.slowly:
            for byte in self.content:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.1)
        writer.write(self.content)
        await writer.drain()
        while self.endlessly:
            writer.write(self.content)
            await writer.drain()
            self.sent += len(self.content)
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def listening(tls: ssl.SSLContext | None = None) -> AsyncIterator[Program]:
    """One that says "Tier: Gold" of everybody."""
    program = Program()
    program.says(TIER)
    server = await asyncio.start_server(program.handle, "127.0.0.1", 0, ssl=tls)
    async with server:
        port = server.sockets[0].getsockname()[1]
        program.url = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{port}/who-calls"
        yield program
        for task in (still := list(program.open)):
            task.cancel()
        await asyncio.gather(*still, return_exceptions=True)
