"""An answer goes out in one piece, and nothing is held up or lost by that."""

import asyncio

import pytest

from app.whole_answers import Gathering

pytestmark = pytest.mark.anyio


class Wire(asyncio.Transport):
    """Notes what is written, and when it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def close(self) -> None:
        self.written.append(b"closed")

    def is_closing(self) -> bool:
        return b"closed" in self.written


@pytest.fixture
async def wire() -> Wire:
    return Wire()


@pytest.fixture
async def gathering(wire: Wire) -> Gathering:
    return Gathering(wire, asyncio.get_running_loop())


async def test_head_and_body_go_out_together(wire: Wire, gathering: Gathering) -> None:
    gathering.write(b"head ")
    gathering.write(b"body")
    assert wire.written == [b"head body"]
    await asyncio.sleep(0)
    assert wire.written == [b"head body"]


async def test_a_head_alone_goes_out_when_the_turn_ends(wire: Wire, gathering: Gathering) -> None:
    gathering.write(b"head of a stream")
    assert wire.written == []
    await asyncio.sleep(0)
    assert wire.written == [b"head of a stream"]
    gathering.write(b"event")
    await asyncio.sleep(0)
    assert wire.written == [b"head of a stream", b"event"]


async def test_the_order_stays_however_much_is_written(wire: Wire, gathering: Gathering) -> None:
    for number in range(7):
        gathering.write(b"%d" % number)
    await asyncio.sleep(0)
    assert b"".join(wire.written) == b"0123456"


async def test_what_is_held_is_written_before_the_end(wire: Wire, gathering: Gathering) -> None:
    gathering.write(b"the last words")
    gathering.close()
    assert wire.written == [b"the last words", b"closed"]
    assert gathering.is_closing()


async def test_an_empty_body_needs_no_second_piece(wire: Wire, gathering: Gathering) -> None:
    gathering.write(b"head")
    gathering.write(b"")
    await asyncio.sleep(0)
    assert wire.written == [b"head"]


async def test_everything_else_is_the_transports(wire: Wire, gathering: Gathering) -> None:
    assert gathering.get_extra_info("peername", "nobody") == wire.get_extra_info("peername", "nobody")
