"""PhoneBlock's community list in a box: ``GET /phoneblock/api/blocklist`` as INTEGRATIONS.md and ``BlocklistServlet`` of
github.com/haumacher/phoneblock describe it, and nothing that they do not.

It is strict where they leave it to good will: who asks for the whole list more than once a month, or for changes more than
once a day, is answered 429.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qs, urlsplit

from simulator.clock import Clock

PATH: Final = "/phoneblock/api/blocklist"
RATINGS: Final = ("A_LEGITIMATE", "B_MISSED", "C_PING", "D_POLL", "E_ADVERTISING", "F_GAMBLE", "G_FRAUD")
FEWEST_VISIBLE_VOTES: Final = 4
"""Numbers with fewer are not published."""
_WHOLE_EVERY: Final = timedelta(days=28)
_CHANGES_EVERY: Final = timedelta(hours=22)
"""A day, less what the randomised times that it asks for may be short of one."""


@dataclass(slots=True)
class PhoneBlock:
    """``tokens`` are those that it knows. ``asked`` are the queries that it was sent, as they stood in the address."""

    clock: Clock
    tokens: set[str]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    _numbers: dict[str, tuple[int, str]] = field(default_factory=dict)
    _changed_in: dict[str, int] = field(default_factory=dict)
    _version: int = 1
    _whole_at: dict[str, datetime] = field(default_factory=dict)
    _changes_at: dict[str, datetime] = field(default_factory=dict)

    def votes(self, phone: str, votes: int, rating: str = "E_ADVERTISING") -> None:
        """People have said of ``phone``, in E.164, what it is; visible from the next version on."""
        if rating not in RATINGS:
            raise ValueError(rating)
        self._version += 1
        was_visible = self._numbers.get(phone, (0, ""))[0] >= FEWEST_VISIBLE_VOTES
        self._numbers[phone] = votes, rating
        if was_visible or votes >= FEWEST_VISIBLE_VOTES:
            self._changed_in[phone] = self._version

    def answer(self, target: str, authorization: str) -> tuple[int, str, str]:
        """Status, content type and body of a GET."""
        parts = urlsplit(target)
        if parts.path != PATH:
            return 404, "text/plain", "Not found."
        self.asked.append(parts.query)
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer" or token not in self.tokens:
            return 401, "text/plain", "Please provide login credentials."
        query = parse_qs(parts.query, keep_blank_values=True)
        if query.get("format", ["json"]) != ["json"]:
            return 400, "text/plain", "The box speaks JSON only."
        since = query.get("since", [""])[0]
        if not since:
            return self._whole(token)
        try:
            version = int(since)
        except ValueError:
            return 400, "text/plain", "Invalid 'since' parameter: must be a number."
        if version < 0:
            return 400, "text/plain", "Parameter 'since' must be non-negative."
        return self._changes(token, version) if version else self._whole(token)

    def _whole(self, token: str) -> tuple[int, str, str]:
        now = self.clock.now()
        if token in self._whole_at and now - self._whole_at[token] < _WHOLE_EVERY:
            return 429, "text/plain", "Too many requests."
        self._whole_at[token] = self._changes_at[token] = now
        return self._listed(phone for phone, (votes, _) in self._numbers.items() if votes >= FEWEST_VISIBLE_VOTES)

    def _changes(self, token: str, since: int) -> tuple[int, str, str]:
        now = self.clock.now()
        if token in self._changes_at and now - self._changes_at[token] < _CHANGES_EVERY:
            return 429, "text/plain", "Too many requests."
        self._changes_at[token] = now
        return self._listed(phone for phone, version in self._changed_in.items() if version > since)

    def _listed(self, phones: Iterable[str]) -> tuple[int, str, str]:
        numbers = []
        for phone in sorted(phones):
            votes, rating = self._numbers[phone]
            shown = votes if votes >= FEWEST_VISIBLE_VOTES else 0
            numbers.append({"phone": phone, "votes": shown, "rating": rating})
        return 200, "application/json;charset=utf-8", json.dumps({"numbers": numbers, "version": self._version})


@asynccontextmanager
async def serving_phoneblock(box: PhoneBlock) -> AsyncIterator[PhoneBlock]:
    """Serve it on a socket of the loopback address; ``box.url`` is then the address of its API."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = {
                name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            method, target, _ = first.split(" ")
            status, kind, body = (
                box.answer(target, headers.get("authorization", "")) if method == "GET" else (405, "text/plain", "")
            )
            content = body.encode()
            more = 'WWW-Authenticate: Basic realm="PhoneBlock", charset="UTF-8"\r\n' if status == 401 else ""
            writer.write(
                f"HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(content)}\r\n"
                "Connection: close\r\n\r\n".encode()
                + content
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # it has hung up
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        box.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{PATH.removesuffix('/blocklist')}"
        yield box
