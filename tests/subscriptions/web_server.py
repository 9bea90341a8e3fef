"""Somebody's web server, on a socket of this machine, with a list."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class WebServer:
    """``content`` is what it has at every path but ``/moved``, which leads to ``leads_to``. With an ``etag`` it answers 304
    to whoever has it. ``waits`` is how many seconds it thinks; ``requests`` are the heads of what was asked."""

    url: str = ""
    content: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    etag: str = ""
    status: int = 200
    leads_to: str = ""
    waits: float = 0
    requests: list[dict[str, str]] = field(default_factory=list)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = {name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
            self.requests.append({"": first} | headers)
            await asyncio.sleep(self.waits)
            status, content, more = self.status, self.content, ""
            if first.split(" ")[1].startswith("/moved"):
                status, content, more = 302, b"", f"Location: {self.leads_to}\r\n"
            elif self.etag:
                more = f'ETag: "{self.etag}"\r\n'
                if headers.get("if-none-match") == f'"{self.etag}"':
                    status, content = 304, b""
            writer.write(
                f"HTTP/1.1 {status} Said\r\nContent-Type: {self.content_type}\r\n{more}"
                f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode()
                + content
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # it has hung up
        finally:
            writer.close()


@asynccontextmanager
async def serving() -> AsyncIterator[WebServer]:
    """One that listens."""
    server = WebServer()
    listening = await asyncio.start_server(server.handle, "127.0.0.1", 0)
    async with listening:
        server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/list.txt"
        yield server
