"""The streams that are open in this worker: how many there may be, and that they end when the worker does."""

import asyncio
import signal
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from fastapi import FastAPI

from app.base.errors import TooManyRequests
from app.base.problems.requests import RequestFault, TooManyPanels, TooManyStreams


@dataclass(slots=True)
class OpenStreams:
    """Counted per session, per client address and in all. ``closing`` is set when the worker is told to stop: a server
    waits for open connections, and an event stream never ends by itself."""

    per_session: int = 4
    per_address: int = 20
    in_all: int = 2000
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _sessions: Counter[str] = field(default_factory=Counter)
    _addresses: Counter[str] = field(default_factory=Counter)

    def take(self, session: str | None, address: str) -> None:
        """Take a place. Raises :class:`TooManyRequests`; programs (``session`` None) are counted by address."""
        if self._addresses.total() >= self.in_all:
            raise TooManyRequests(RequestFault.SERVER_FULL)
        if self._addresses[address] >= self.per_address:
            raise TooManyRequests(TooManyStreams(self.per_address))
        if session is not None and self._sessions[session] >= self.per_session:
            raise TooManyRequests(TooManyPanels(self.per_session))
        self._addresses[address] += 1
        if session is not None:
            self._sessions[session] += 1

    def give_back(self, session: str | None, address: str) -> None:
        """Give a place back."""
        for counter, key in ((self._addresses, address), (self._sessions, session)):
            if key is not None:
                counter[key] -= 1
                if counter[key] <= 0:
                    del counter[key]

    @property
    def count(self) -> int:
        """How many are open."""
        return self._addresses.total()


@asynccontextmanager
async def streams_of_the_worker(app: FastAPI) -> AsyncIterator[None]:
    """The router's part of start and stop: ``app.state.streams``, closed by the same signals that stop the server."""
    app.state.streams = streams = OpenStreams()
    with _told_by_signals(streams):
        try:
            yield
        finally:
            streams.closing.set()


@contextmanager
def _told_by_signals(streams: OpenStreams) -> Iterator[None]:
    """Hear SIGTERM and SIGINT before the server's own handlers, which are set when this runs (uvicorn sets them before
    start-up) and are called afterwards. Elsewhere than in the main thread there are no signals to hear."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before: dict[int, Any] = {}

    def hear(number: int, where: FrameType | None) -> None:
        loop.call_soon_threadsafe(streams.closing.set)
        if callable(earlier := before[number]):
            earlier(number, where)

    for wanted in (signal.SIGTERM, signal.SIGINT):
        earlier = signal.getsignal(wanted)
        # Nobody there to stop the process: the default action must stay.
        if callable(earlier):
            before[wanted] = earlier
            signal.signal(wanted, hear)
    try:
        yield
    finally:
        for number, earlier in before.items():
            if signal.getsignal(number) is hear:
                signal.signal(number, earlier)
