"""A load generator that costs little itself: prepared requests over keep-alive connections, each answer checked.

It runs in a process of its own (``python -m benchmarks.load``), reads a job from standard input and prints one JSON
object. Requests are made beforehand, so that signing them is not measured.
"""

import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import cast
from urllib.parse import urlsplit

import uvloop

from benchmarks.signed_calls import signed_calls, static_requests

_DONE = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Job:
    """``seconds`` of load on ``url`` over ``connections``, after a second of warming up. ``rate`` is calls a second, 0 for
    as fast as the answers come. ``first`` numbers the calls, so that no call id comes twice over several jobs."""

    url: str
    seconds: float
    connections: int = 32
    rate: float = 0.0
    first: int = 0
    signed: bool = True
    callbacks: int = 0


@dataclass(slots=True)
class Figures:
    """What came of a job; times in milliseconds. ``prepared`` requests ran out when ``exhausted``."""

    answered: int = 0
    refused: int = 0
    seconds: float = 0.0
    exhausted: bool = False
    p50: float = 0.0
    p99: float = 0.0
    longest: float = 0.0
    sent: int = 0
    documents: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Throughput."""
        return self.answered / self.seconds if self.seconds else 0.0


class _Connection(asyncio.Protocol):
    """One keep-alive connection: sends a request, waits for its whole answer, sends the next."""

    def __init__(self, run: "_Run") -> None:
        self._run, self._buffer, self._sent_at, self._end = run, b"", 0.0, -1
        self._transport: asyncio.Transport | None = None
        self.idle = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Open: begin."""
        self._transport = cast(asyncio.Transport, transport)

    def send(self, request: bytes) -> None:
        """Send ``request``; the time runs from now."""
        self.idle, self._sent_at = False, time.perf_counter()
        if self._transport is not None:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Part of an answer, or all of it."""
        self._buffer = buffer = self._buffer + data if self._buffer else data
        if self._end < 0:
            head = buffer.find(_DONE)
            if head < 0:
                return
            at = buffer.find(b"content-length: ", 0, head + 2)
            length = int(buffer[at + 16 : buffer.find(b"\r", at)]) if at >= 0 else 0
            self._end = head + 4 + length
        if len(buffer) >= self._end:
            self._buffer, self._end, self.idle = b"", -1, True
            self._run.answered(self, buffer, time.perf_counter() - self._sent_at)

    def connection_lost(self, error: Exception | None) -> None:
        """The server closed it: what was under way is unanswered."""
        if not self.idle:
            self._run.figures.refused += 1


class _Run:
    def __init__(self, job: Job, requests: Sequence[bytes], stop_at: float) -> None:
        self.job, self._requests, self._stop_at = job, requests, stop_at
        self.figures, self.times = Figures(), list[float]()
        self._next = 0

    def request(self) -> bytes | None:
        """The next prepared request; None when the time is over or they have run out."""
        if time.perf_counter() >= self._stop_at:
            return None
        if self._next >= len(self._requests):
            if self.job.signed:
                self.figures.exhausted = True
                return None
            self._next = 0
        self._next += 1
        self.figures.sent += 1
        return self._requests[self._next - 1]

    def answered(self, connection: _Connection, answer: bytes, seconds: float) -> None:
        """Take the figures; in a race the connection goes on at once."""
        self.times.append(seconds)
        if answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 204")):
            self.figures.answered += 1
            if len(self.times) % 1000 == 1:
                self.figures.documents.append(answer.partition(_DONE)[2].decode())
        else:
            self.figures.refused += 1
        if not self.job.rate and (request := self.request()) is not None:
            connection.send(request)


async def run(job: Job, requests: Sequence[bytes], seconds: float) -> tuple[Figures, int]:
    """Carry out ``seconds`` of ``job``; the figures and how many of ``requests`` were used."""
    loop = asyncio.get_running_loop()
    address = urlsplit(job.url)
    started = time.perf_counter()
    this = _Run(job, requests, started + seconds)
    connections = []
    for _ in range(job.connections):
        _, protocol = await loop.create_connection(
            lambda: _Connection(this), address.hostname or "", address.port or 80
        )
        connections.append(protocol)
    if job.rate:
        await _at_a_steady_rate(this, connections, job.rate)
    else:
        for connection in connections:
            if (request := this.request()) is not None:
                connection.send(request)
    while not all(connection.idle for connection in connections):
        await asyncio.sleep(0.01)
        if time.perf_counter() > started + seconds + 10:
            break
    figures, times = this.figures, sorted(this.times)
    figures.seconds = time.perf_counter() - started
    figures.refused += sum(not connection.idle for connection in connections)
    if times:
        figures.p50, figures.p99, figures.longest = (
            1000 * times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.99, 1.0)
        )
    return figures, this._next


async def _at_a_steady_rate(this: _Run, connections: list[_Connection], rate: float) -> None:
    begun, number, turn = time.perf_counter(), 0, deque(connections)
    while True:
        due = begun + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        turn.rotate()  # so that none is closed for having been idle
        connection = next((one for one in turn if one.idle), None)
        if connection is None:
            await asyncio.sleep(0.001)
            continue
        if (request := this.request()) is None:
            return
        connection.send(request)
        number += 1


async def _measure(job: Job) -> Figures:
    # A little more than a second's worth of warming up, then the measured part.
    most = int((job.rate or 22_000) * (job.seconds + 1)) * (1 + job.callbacks)
    requests = signed_calls(job.url, job.first, most, job.callbacks) if job.signed else static_requests(job.url)
    _, used = await run(job, requests, 1.0)
    figures, _ = await run(job, requests[used:] if job.signed else requests, job.seconds)
    return figures


def main() -> None:
    """The command: a job in, its figures out."""
    job = Job(**json.load(sys.stdin))
    uvloop.install()
    print(json.dumps(asdict(asyncio.run(_measure(job)))))


if __name__ == "__main__":
    main()
