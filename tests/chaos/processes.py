"""The service under test and its processes."""

import asyncio
import contextlib
import json
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.service import Service, running_service


def workers_of(service: Service) -> list[int]:
    """The processes that answer calls, not their supervisor."""
    assert service.process is not None
    supervisor = service.process.pid
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    return [int(one) for one in children if b"spawn_main" in _command_line(one)]


def _command_line(process: str) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""  # it has ended meanwhile


def kill(process: int) -> None:
    """``kill -9``."""
    os.kill(process, signal.SIGKILL)


async def all_ready(service: Service, besides: Service | None = None) -> None:
    """Every worker of the service answers; those of the one ``besides`` it, on the same socket, are counted too."""
    wanted = service.workers + (besides.workers if besides else 0)
    seen: set[str] = set()
    async with asyncio.timeout(60):
        while len(seen) < wanted:
            with contextlib.suppress(OSError, TimeoutError):  # whom a busy machine keeps waiting is asked again
                metrics = await asked(service, "/metrics")
                seen |= set(re.findall(r'^antichambre_plan_version\{worker="(\w+)"', metrics, re.M))
            await asyncio.sleep(0.02)


async def asked(service: Service, path: str) -> str:
    """The body of an answer, over a connection of its own: any worker may give it, since they share the listening socket."""
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    try:
        async with asyncio.timeout(5):
            return (await reader.read()).decode().partition("\r\n\r\n")[2]
    finally:
        writer.close()


async def degraded(service: Service, part: str) -> dict[str, str] | None:
    """What a worker says about a part, as soon as one does; None when none does within ten seconds."""
    for _ in range(100):
        found: dict[str, dict[str, str]] = json.loads(await asked(service, "/health/ready"))["degraded"]
        if part in found:
            return found[part]
        await asyncio.sleep(0.1)
    return None


@asynccontextmanager
async def two_workers(data_dir: Path, database_url: str) -> AsyncIterator[Service]:
    """The service with two workers, both of them ready."""
    async with running_service(data_dir, database_url, workers=2) as service:
        await all_ready(service)
        yield service
