"""Connections, heads and bodies without end are closed; what is legitimate stays open; the last descriptors are calls'."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator

import pytest
from starlette.types import Receive, Scope, Send

from app.providers import guarded_connections
from app.providers.guarded_connections import MOST_HEAD_BYTES, GuardedConnections, Room, raise_descriptor_limit
from tests.connection import Connection, connected, serving

pytestmark = pytest.mark.anyio


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """``/stream`` says something every half second, for ever; everything else reads the request and answers."""
    if scope["path"] == "/stream":
        await receive()
        gone = asyncio.ensure_future(receive())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not gone.done():
            await send({"type": "http.response.body", "body": b"ping", "more_body": True})
            await asyncio.sleep(0.5)
        return
    while scope["path"] != "/early":
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(guarded_connections, "WHOLE_WITHIN_SECONDS", 1)
    async with serving(application) as port:
        yield port


async def closed_within(connection: Connection, seconds: float) -> bytes:
    """What came until the other side closed."""
    async with asyncio.timeout(seconds):
        with contextlib.suppress(ConnectionError):
            return await connection.reader.read()
    return b""


async def trickle(connection: Connection, piece: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        while not connection.writer.is_closing():
            connection.writer.write(piece)
            await asyncio.sleep(0.2)


BEGINNINGS = [
    b"",
    b"\r\n",
    b"POST /x HTT",
    b"POST /x HTTP/1.1\r\nHost: a\r\nX: ",
    b"POST /x HTTP/1.1\r\nContent-Length: 99\r\n\r\nab",
]


@pytest.mark.parametrize("beginning", BEGINNINGS)
async def test_what_never_becomes_whole_is_closed(port: int, beginning: bytes) -> None:
    async with connected(port) as line:
        line.writer.write(beginning)
        await closed_within(line, 5)


@pytest.mark.parametrize("beginning", BEGINNINGS[1:])
async def test_trickling_does_not_help(port: int, beginning: bytes) -> None:
    async with connected(port) as line:
        line.writer.write(beginning)
        trickling = asyncio.create_task(trickle(line, b"\r\n" if len(beginning) == 2 else b"x"))
        await closed_within(line, 5)
        trickling.cancel()


async def test_after_an_answer_the_same_holds(port: int) -> None:
    async with connected(port) as line:
        await line.answer(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
        trickling = asyncio.create_task(trickle(line, b"\r\n"))
        await closed_within(line, 5)
        trickling.cancel()


async def test_a_stream_that_is_read_stays(port: int) -> None:
    async with connected(port) as line:
        line.writer.write(b"GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        await line.reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(3.5)
        assert len(await line.reader.read(65536)) > 10
        assert not line.reader.at_eof()


async def test_a_request_that_takes_its_time_within_bounds_is_answered(port: int) -> None:
    async with connected(port) as line:
        for piece in (b"POST /x HTTP/1.1\r\n", b"Host: a\r\nContent-Length: 3\r\n\r\n", b"a=", b"b"):
            line.writer.write(piece)
            await asyncio.sleep(0.15)
        assert (await line.next_answer())[1] == b"ok"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + b"x" * MOST_HEAD_BYTES + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /x HTTP/1.1\r\n" + b"X: y\r\n" * MOST_HEAD_BYTES + b"\r\n", 431),
        (b"GET /x HTTP/1.1\r\nX: " + b"y" * MOST_HEAD_BYTES + b"\r\n\r\n", 431),
    ],
)
async def test_a_long_head_is_refused_and_the_connection_closed(port: int, head: bytes, status: int) -> None:
    async with connected(port) as line:
        line.writer.write(head)
        assert b" %d " % status in await closed_within(line, 5)


async def test_a_long_head_behind_another_request_is_not_answered(port: int) -> None:
    async with connected(port) as line:
        short, long = b"GET /x HTTP/1.1\r\nHost: a\r\n", b"X: " + b"y" * MOST_HEAD_BYTES + b"\r\n"
        line.writer.write(short + b"\r\n" + short + long + b"\r\n")
        assert (await closed_within(line, 5)).count(b" 200 ") == 1


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET /", b"GET /x HTTP/1.1\r\n", b"GET /x HTTP/1.1\r\nX: ",
        b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;x=",
        b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ",
    ],
)  # fmt: skip
async def test_a_head_without_end_is_cut_short(port: int, beginning: bytes) -> None:
    async with connected(port) as line:
        line.writer.write(beginning)
        sent = 0
        piece = b"y" * 1000 if not beginning.endswith(b"1.1\r\n") else b"X: y\r\n" * 150
        with contextlib.suppress(ConnectionError):
            while not line.reader.at_eof() and sent < 50_000_000:
                line.writer.write(piece)
                await line.writer.drain()
                sent += len(piece)
                if sent % 10_000 < 1000:
                    await asyncio.sleep(0.001)
        assert sent < 50_000_000


async def test_heads_up_to_the_limit_and_long_bodies_in_small_chunks_are_answered(port: int) -> None:
    async with connected(port) as line:
        head = b"GET /x HTTP/1.1\r\nX: " + b"y" * (MOST_HEAD_BYTES - 100) + b"\r\n\r\n"
        assert (await line.answer(head))[1] == b"ok"
        chunks = b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n"
        assert (await line.answer(b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))[1] == b"ok"
        assert (await line.answer(head))[1] == b"ok"


async def test_whoever_was_answered_and_sends_on_is_closed(port: int) -> None:
    async with connected(port) as line:
        line.writer.write(b"POST /early HTTP/1.1\r\nContent-Length: 999999999\r\n\r\nx")
        assert (await line.next_answer())[1] == b"ok"
        await closed_within(line, 3)


async def test_who_waits_longest_makes_room_and_pages_are_refused_before_calls(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(1024)
    room.most = 110  # ten for anybody
    monkeypatch.setattr(GuardedConnections, "room", room)
    monkeypatch.setattr(guarded_connections, "WHOLE_WITHIN_SECONDS", 60)
    async with contextlib.AsyncExitStack() as stack:
        idle = [await stack.enter_async_context(connected(port)) for _ in range(10)]
        await asyncio.sleep(0.1)
        async with connected(port) as line:
            assert (await line.answer(b"GET /twilio/voice HTTP/1.1\r\nHost: a\r\n\r\n"))[1] == b"ok"
        await closed_within(idle[0], 2)
        for _ in range(15):
            stream = await stack.enter_async_context(connected(port))
            stream.writer.write(b"GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
            await asyncio.sleep(0.02)
        assert b" 503 " in await stream.reader.read(30), "the room for anybody is full of streams"
        async with connected(port) as line:
            assert (await line.answer(b"GET /twilio/voice HTTP/1.1\r\nHost: a\r\n\r\n"))[1] == b"ok"


def test_the_room_follows_from_the_descriptors() -> None:
    for descriptors in (256, 1024, 65536, 2**20):
        room = Room(descriptors)
        assert 0 < room.for_anybody < room.most
        assert room.most + room.backlog < descriptors or descriptors == 256
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    raise_descriptor_limit()
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == before[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)
