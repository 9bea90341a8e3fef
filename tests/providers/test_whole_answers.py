"""An answer that is handed over at once goes out in one piece, on any kind of connection; other answers are as ever."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.types import Receive, Scope, Send

from app.providers.whole_answers import WHOLE_ANSWER
from tests.connection import Connection, connected, serving
from tests.garbage import left_for_the_collector

pytestmark = pytest.mark.anyio
BODY = b"<Response/>" * 40
HEADERS = [(b"content-type", b"text/xml"), (b"content-length", b"%d" % len(BODY))]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """``/whole`` is answered at once, everything else in two messages."""
    await receive()
    if scope["path"] == "/whole":
        await scope["extensions"][WHOLE_ANSWER](200, HEADERS, BODY)
        return
    if scope["path"] == "/nothing":
        await scope["extensions"][WHOLE_ANSWER](204, [], b"")
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


def request(path: bytes, version: bytes = b"1.1", header: bytes = b"") -> bytes:
    return b"POST %b HTTP/%b\r\nHost: here\r\n%bContent-Length: 3\r\n\r\na=b" % (path, version, header)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with serving(application) as port:
        yield port


@pytest.fixture
async def line(port: int) -> AsyncIterator[Connection]:
    async with connected(port) as connection:
        yield connection


async def test_the_answer_is_what_two_messages_would_have_made(line: Connection) -> None:
    whole, in_two = await line.answer(request(b"/whole")), await line.answer(request(b"/page"))
    assert whole[1] == in_two[1] == BODY
    assert _without_date(whole[0]) == _without_date(in_two[0])
    assert b"date: " in whole[0]


async def test_it_goes_out_in_one_piece(line: Connection) -> None:
    line.writer.write(request(b"/whole"))
    assert (await line.reader.read(65536)).endswith(b"\r\n\r\n" + BODY)


async def test_an_answer_without_a_body_has_no_length(line: Connection) -> None:
    head, body = await line.answer(request(b"/nothing"))
    assert head.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert (b"content-length" in head, body) == (False, b"")


@pytest.mark.parametrize(("version", "header"), [(b"1.1", b"Connection: close\r\n"), (b"1.0", b"")])
async def test_a_connection_that_is_to_close_is_told_and_closed(
    line: Connection, version: bytes, header: bytes
) -> None:
    head, body = await line.answer(request(b"/whole", version, header))
    assert b"\r\nconnection: close\r\n" in head
    assert body == BODY
    assert await line.reader.read() == b""


async def test_requests_sent_ahead_are_answered_in_their_order(line: Connection) -> None:
    paths = [b"/whole", b"/page", b"/nothing", b"/whole"]
    first, _ = await line.answer(*map(request, paths))
    rest = [(await line.next_answer())[0] for _ in paths[1:]]
    assert [head[9:12] for head in (first, *rest)] == [b"200", b"200", b"204", b"200"]


async def test_a_caller_who_hung_up_disturbs_nobody(port: int, line: Connection) -> None:
    _, gone = await asyncio.open_connection("127.0.0.1", port)
    gone.write(request(b"/whole"))
    gone.transport.abort()
    assert (await line.answer(request(b"/whole")))[1] == BODY


async def test_who_reads_slowly_is_waited_for(line: Connection) -> None:
    many = 20_000  # more than all buffers on the way hold
    asking = asyncio.create_task(_ask(line, many))
    await asyncio.sleep(0.2)
    for _ in range(many):
        assert (await line.next_answer())[1] == BODY
    await asking


@pytest.mark.parametrize("path", [b"/whole", b"/page"])
async def test_what_a_request_brought_goes_away_with_its_answer(line: Connection, path: bytes) -> None:
    with left_for_the_collector() as found:
        for _ in range(100):
            await line.answer(request(path))
    assert found[0] < 100


async def _ask(line: Connection, times: int) -> None:
    for _ in range(times // 100):
        line.writer.write(request(b"/whole") * 100)
        await line.writer.drain()


def _without_date(head: bytes) -> list[bytes]:
    return [one for one in head.split(b"\r\n") if not one.startswith(b"date: ")]
