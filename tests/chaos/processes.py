"""The service under test and its processes."""

import asyncio
import json
import os
import signal
from pathlib import Path

from tests.service import Service, asked


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


async def degraded(service: Service, part: str) -> dict[str, str] | None:
    """What a worker says about a part, as soon as one does; None when none does within ten seconds."""
    for _ in range(100):
        found: dict[str, dict[str, str]] = json.loads(await asked(service, "/health/ready"))["degraded"]
        if part in found:
            return found[part]
        await asyncio.sleep(0.1)
    return None
