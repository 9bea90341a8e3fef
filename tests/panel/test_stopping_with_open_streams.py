"""A worker that is told to stop does so, however many listen."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests import cast
from tests.office import Office
from tests.panel.sse import Event, listening
from tests.served import ServedOffice, serve

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def worker(database_url: str, data_dir: Path, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service in a process of its own, as an installation runs it."""
    environment = os.environ | {
        "DATABASE_URL": database_url, "ANTICHAMBRE_DATA_DIR": str(data_dir), "ANTICHAMBRE_SECRET_KEY": "a secret for tests",
        "ANTICHAMBRE_PUBLIC_BASE_URL": cast.BASE_URL,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port), "--log-level", "warning",
        cwd=ROOT, env=environment, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(300):
                try:
                    if (await client.get(f"http://127.0.0.1:{port}/health/live")).status_code == 200:
                        break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def free_port() -> int:
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


async def test_sigterm_ends_a_worker_with_open_streams_within_three_seconds(office: Office, tmp_path: Path) -> None:
    port, url = free_port(), office.database_url
    async with worker(url, tmp_path, port) as process:
        bearer = {"Authorization": f"Bearer {office.company.api_key}"}
        async with (
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}", headers=bearer, timeout=20, trust_env=False
            ) as client,
            listening(client) as one,
            listening(client) as other,
        ):
            for reader in (one, other):
                assert (await reader.next()).name == "hello"
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            for reader in (one, other):
                with pytest.raises(EOFError):
                    await reader.next()
            await asyncio.wait_for(process.wait(), 10)
    assert time.monotonic() - begun < 3


async def test_calls_missed_during_a_restart_are_told_once_each_and_in_order(office: Office, tmp_path: Path) -> None:
    port, url = free_port(), office.database_url
    bearer = {"Authorization": f"Bearer {office.company.api_key}"}
    address = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=address, headers=bearer, timeout=20, trust_env=False) as client:
        async with worker(url, tmp_path, port) as process, listening(client) as reader:
            seen = await office.phones.place_call(cast.UMA, cast.LINE)
            await office.phones.settle()
            (last,) = await reader.take(1)
            assert last.data["call"]["id"] == seen.sid
            process.kill()
            await process.wait()
        missed = [await office.phones.place_call(number, cast.LINE) for number in (cast.CLARA, cast.VERA, cast.BORIS)]
        await office.phones.settle()
        await office.settled()
        async with worker(url, tmp_path, port), listening(client, Last_Event_ID=last.id) as reader:
            told: list[Event] = []
            while len(told) < 3:
                told += [one for one in await reader.take(1) if one.data["type"] == "call.incoming"]
    assert [one.data["call"]["id"] for one in told] == [call.sid for call in missed]


async def test_streams_end_when_the_service_stops(office: Office) -> None:
    served: ServedOffice
    async with serve(office) as served, listening(served.program) as reader:
        assert (await reader.next()).name == "hello"
        office.app.state.streams.closing.set()
        with pytest.raises(EOFError):
            await reader.next()
