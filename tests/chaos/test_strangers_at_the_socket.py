"""Connections, heads, URLs and bodies without end, from whoever likes, while calls come in."""

import asyncio
import contextlib
import itertools
import resource
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.chaos.conftest import Company
from tests.chaos.load import steady_calls
from tests.chaos.promise import Recorder, promise_kept
from tests.chaos.scale import CALLS_PER_SECOND, scaled
from tests.service import Service

pytestmark = pytest.mark.anyio
DESCRIPTORS = 1024
IDLE, SLOW = 1200, 400
SECONDS = scaled(4.0, 60.0)
MOST_GROWTH_MB = scaled(40, 20)
"""In the short form the first calls' own growth is part of it."""
FORM = b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
MULTIPART = b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"
FILE = b'--b\r\nContent-Disposition: form-data; name="email"; filename="f"\r\n\r\n'
SLOW_BEGINNINGS = (
    b"POST /twilio/voice HT", b"GET / HTTP/1.1\r\nX: ", FORM + b"Content-Length: 6000\r\n\r\nemail=",
    b"POST /twilio/voice HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nFrom=",
)  # fmt: skip
ENDLESS = (
    (b"GET /twilio/voice?", b"x" * 4096), (b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 700),
    (b"GET / HTTP/1.1\r\nX: ", b"y" * 4096),
    (FORM + b"Content-Length: 999999999\r\n\r\nemail=", b"x" * 65536),
    (FORM + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"),
    (MULTIPART + b"Content-Length: 999999999\r\n\r\n" + FILE, b"x" * 65536),
    (b"POST /twilio/voice HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def enough_descriptors() -> Iterator[None]:
    """Both ends of each connection are on this machine, and these are ours."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@asynccontextmanager
async def small_service(company: Company, data_dir: Path) -> AsyncIterator[Service]:
    """One worker that may have 1,024 files and connections open."""
    service = Service(data_dir, company.url, descriptors=DESCRIPTORS)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


@asynccontextmanager
async def strangers(*each: Callable[[], Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Each does the same again and again, whatever is done to it."""

    async def again(one: Callable[[], Coroutine[None, None, None]]) -> None:
        while True:
            with contextlib.suppress(OSError, EOFError):
                await one()
            await asyncio.sleep(0.5)

    running = []
    for number, one in enumerate(each):
        running.append(asyncio.create_task(again(one)))
        if number % 20 == 0:
            await asyncio.sleep(0.02)
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@asynccontextmanager
async def connection(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


def memory_mb(service: Service) -> float:
    assert service.process is not None
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def files_without_a_name(service: Service) -> list[str]:
    """Open files that have no name any more: what a form would be spooled to."""
    assert service.process is not None
    links = []
    for link in Path(f"/proc/{service.process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            links.append(link.readlink())
    return [str(link) for link in links if str(link).startswith(tempfile.gettempdir()) and "(deleted)" in str(link)]


async def test_idle_and_slow_connections_leave_no_call_unanswered(
    company: Company, data_dir: Path, record_property: Recorder
) -> None:
    async with small_service(company, data_dir) as service:

        async def idle() -> None:
            async with connection(service.port) as (reader, _):
                await reader.read()

        async def slow(beginning: bytes) -> None:
            async with connection(service.port) as (reader, writer):
                writer.write(beginning)
                while not reader.at_eof():
                    await asyncio.sleep(1)
                    writer.write(b"x")
                    await writer.drain()

        beginnings = itertools.islice(itertools.cycle(SLOW_BEGINNINGS), SLOW)
        everybody = [*[idle] * IDLE, *[lambda one=one: slow(one) for one in beginnings]]
        async with steady_calls(service.port, 10.0):  # what a first minute of calls takes is no growth
            await asyncio.sleep(scaled(0.5, 5.0))
        before = memory_mb(service)
        async with strangers(*everybody), steady_calls(service.port, CALLS_PER_SECOND) as load:
            await asyncio.sleep(SECONDS)
            grown = memory_mb(service) - before
        await promise_kept(
            load, company.url, record_property, f"{IDLE} idle and {SLOW} slow connections", second_tries=0.02, p99_ms=50
        )
        assert grown < MOST_GROWTH_MB


async def test_heads_urls_and_bodies_without_end_leave_no_call_unanswered(
    company: Company, data_dir: Path, record_property: Recorder
) -> None:
    async with small_service(company, data_dir) as service:

        async def endless(beginning: bytes, piece: bytes) -> None:
            async with connection(service.port) as (reader, writer):
                writer.write(beginning)
                while not reader.at_eof():
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)

        async with steady_calls(service.port, 10.0):
            await asyncio.sleep(scaled(0.5, 5.0))
        before, files = memory_mb(service), files_without_a_name(service)
        everybody = [lambda one=one, piece=piece: endless(one, piece) for one, piece in ENDLESS] * 2
        async with strangers(*everybody), steady_calls(service.port, CALLS_PER_SECOND) as load:
            await asyncio.sleep(SECONDS)
            grown = memory_mb(service) - before
            assert len(files_without_a_name(service)) <= len(files) + 2, "nothing is spooled"
        await promise_kept(
            load, company.url, record_property, "heads, URLs and bodies without end", second_tries=0.02, p99_ms=250
        )
        assert grown < MOST_GROWTH_MB
