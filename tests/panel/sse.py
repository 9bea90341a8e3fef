"""A strict reader of server-sent events (html.spec.whatwg.org, "Parsing an event stream"): what the standard allows but
our frames never do is an error here."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class Event:
    """One event as received."""

    name: str
    data: dict[str, Any]
    id: str


def parse(block: str) -> Event:
    """One frame without its closing empty line."""
    fields: dict[str, str] = {}
    for line in block.split("\n"):
        name, colon, value = line.partition(": ")
        assert colon, f"a line without a value: {line!r}"
        assert name in {"id", "event", "data", "retry"}, f"an unknown field: {line!r}"
        assert name not in fields, f"{name} comes twice in one frame"
        assert not any(ord(character) < 32 or character in "\x85\u2028\u2029" for character in value)
        fields[name] = value
    data = json.loads(fields["data"])
    assert isinstance(data, dict)
    return Event(fields.get("event", "message"), data, fields.get("id", ""))


class Reader:
    """Events of an open stream."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._chunks = response.aiter_text()
        self._rest = ""

    async def next(self) -> Event:
        """The next event of any kind. Raises EOFError when the stream ends."""
        while "\n\n" not in self._rest:
            try:
                self._rest += await anext(self._chunks)
            except StopAsyncIteration:
                raise EOFError from None
            assert "\r" not in self._rest
            assert "\0" not in self._rest
        block, _, self._rest = self._rest.partition("\n\n")
        return parse(block)

    async def take(self, count: int) -> list[Event]:
        """The next ``count`` events that are neither hello nor ping."""
        found: list[Event] = []
        while len(found) < count:
            event = await self.next()
            if event.name not in {"hello", "ping"}:
                found.append(event)
        return found


@asynccontextmanager
async def listening(client: httpx.AsyncClient, address: str = "/events", **headers: str) -> AsyncIterator[Reader]:
    """A stream that has been accepted."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream("GET", address, headers={"Accept": "text/event-stream"} | headers) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Reader(response)
