"""A listener that does not read costs a place for a while, never memory."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.types import Message

from app.panel.channel import stream
from app.panel.channel.stream import EventStream

pytestmark = pytest.mark.anyio


async def test_a_reader_that_does_not_read_is_given_up_and_nothing_piles_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "WRITE_SECONDS", 0.05)
    made: list[int] = []
    given_back: list[bool] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            made.append(len(made))
            yield b"data: {}\n\n"

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body" and len(made) > 3:
            await asyncio.Event().wait()  # the socket's buffer is full

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    response = EventStream(endless(), lambda: given_back.append(True))
    await asyncio.wait_for(response({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, send), 5)
    assert made == [0, 1, 2, 3], "the next piece is made when the last one is written"
    assert given_back == [True]
