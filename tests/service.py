"""The service as a user starts it: a process of its own on an ephemeral port of the loopback address."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
KEPT = {"PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE"}
_LONGEST_START = 90
"""Seconds: a busy machine takes half a minute to import everything twice."""


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data_dir: Path, database_url: str | None, port: int = 8000) -> dict[str, str]:
    """The settings of a test's service, and nothing of the outer environment's."""
    settings = {
        "ANTICHAMBRE_DATA_DIR": str(data_dir),
        "ANTICHAMBRE_PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "ANTICHAMBRE_SECRET_KEY": "a secret for tests",
        # No test asks Twilio: its API is this very service, which knows no call by that address.
        "ANTICHAMBRE_TWILIO_API_URL": f"http://127.0.0.1:{port}",
    }
    if database_url is not None:
        settings["DATABASE_URL"] = database_url
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    return kept | settings


def run_process(*arguments: str, env: dict[str, str], given: str | None = None) -> subprocess.CompletedProcess[str]:
    """``antichambre`` with these arguments as a process of its own, and ``given`` on its standard input, to its end."""
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, input=given
    )


@dataclass(slots=True)
class Service:
    """``antichambre serve``, started and stopped at will on the same port, data and database."""

    data_dir: Path
    database_url: str | None
    workers: int = 1
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    listener: socket.socket | None = None
    """A socket that listens on ``port`` and outlives the service, which takes it over; it opens one of its own if None."""
    twilio_api_url: str = ""
    """Where Twilio's API is; empty for nowhere."""
    descriptors: int = 0
    """How many files and connections the system lets it have open; 0 is as many as this process may."""

    @property
    def base_url(self) -> str:
        """Where it listens, which is also its public base URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """Its environment; commands use it too."""
        settings = environment(self.data_dir, self.database_url, self.port)
        return settings | ({"ANTICHAMBRE_TWILIO_API_URL": self.twilio_api_url} if self.twilio_api_url else {})

    async def start(self, until: str = "/health/ready") -> None:
        """Start it and wait until it is ready, or until the page ``until`` is there."""
        command = [sys.executable, "-m", "app", "serve", "--port", str(self.port), "--workers", str(self.workers)]
        log = (self.data_dir / "service.log").open("ab")
        inherited = () if self.listener is None else (self.listener.fileno(),)
        command += [word for fd in inherited for word in ("--fd", str(fd))]
        if self.descriptors:
            command = ["sh", "-c", f'ulimit -n {self.descriptors} && exec "$0" "$@"', *command]
        self.process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=log, stderr=log, pass_fds=inherited)
        log.close()
        async with httpx.AsyncClient() as client:
            for _ in range(_LONGEST_START * 20):
                if self.process.poll() is not None:
                    raise RuntimeError((self.data_dir / "service.log").read_text())
                try:
                    if (await client.get(self.base_url + until)).status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)
        await self.kill()
        raise TimeoutError((self.data_dir / "service.log").read_text())

    async def kill(self) -> None:
        """``kill -9``."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> float:
        """SIGTERM; returns the seconds that it took."""
        started = asyncio.get_running_loop().time()
        await self._end(signal.SIGTERM)
        return asyncio.get_running_loop().time() - started

    async def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            workers = self._children()
            self.process.send_signal(how)
            await asyncio.to_thread(self.process.wait, 20)
            if how is signal.SIGKILL:
                for worker in workers:  # which a killed supervisor leaves behind
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(worker, how)

    def _children(self) -> list[int]:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in children.read_text().split()] if children.exists() else []


@asynccontextmanager
async def running_service(data_dir: Path, database_url: str | None, *, workers: int = 1) -> AsyncIterator[Service]:
    """A service all of whose workers are ready; it is stopped at the end whatever happens."""
    service = Service(data_dir, database_url, workers)
    await service.start()
    try:
        if workers > 1:  # whoever was asked is ready, which may be one of several
            await all_ready(service)
        yield service
    finally:
        try:
            await service.stop()
        finally:
            await service.kill()


async def all_ready(service: Service, besides: Service | None = None) -> None:
    """Every worker of the service decides calls; those of the one ``besides`` it, on the same socket, are counted too."""
    wanted = service.workers + (besides.workers if besides else 0)
    seen: set[str] = set()
    async with asyncio.timeout(60):
        while len(seen) < wanted:
            with contextlib.suppress(OSError, TimeoutError):  # whom a busy machine keeps waiting is asked again
                metrics = await asked(service, "/metrics")
                seen |= set(re.findall(r'^antichambre_ready\{worker="(\w+)"\} 1', metrics, re.M))
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
