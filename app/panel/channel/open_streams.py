"""The streams that are open in this worker: how many there may be, and that they end when the worker does."""

import asyncio
import signal
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from types import FrameType

from fastapi import FastAPI

from app.auth.principal import Principal
from app.base.errors import TooManyRequests
from app.base.problems.requests import RequestFault, TooManyPanels, TooManyStreams


@dataclass(slots=True)
class OpenStreams:
    """Counted per session of a person, per key of a program and in all, and never by address: behind a proxy a whole
    company comes from one. People go before programs, who get half of the places. ``closing`` is set when the worker is
    told to stop: a server waits for open connections, and an event stream never ends by itself."""

    per_session: int = 4
    per_key: int = 20
    in_all: int = 2000
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _operators: Counter[tuple[str, str]] = field(default_factory=Counter)
    _sessions: Counter[str] = field(default_factory=Counter)
    _keys: Counter[str] = field(default_factory=Counter)

    def take(self, who: Principal) -> None:
        """Take a place. Raises :class:`TooManyRequests`."""
        if self.count >= self.in_all:
            raise TooManyRequests(RequestFault.SERVER_FULL)
        if who.session_hash is not None:
            if self._sessions[who.session_hash] >= self.per_session:
                raise TooManyRequests(TooManyPanels(self.per_session))
        elif self._keys.total() >= self.in_all // 2:
            raise TooManyRequests(RequestFault.SERVER_FULL)
        elif self._keys[_key(who)] >= self.per_key:
            raise TooManyRequests(TooManyStreams(self.per_key))
        counter, holder = self._counted(who)
        counter[holder] += 1
        if who.session_hash is not None and who.operator_id is not None:
            self._operators[who.tenant_id, who.operator_id] += 1

    def give_back(self, who: Principal) -> None:
        """Give a place back."""
        counter, holder = self._counted(who)
        counter[holder] -= 1
        if counter[holder] <= 0:
            del counter[holder]
        if who.session_hash is not None and who.operator_id is not None:
            self._operators[who.tenant_id, who.operator_id] -= 1

    @property
    def operators(self) -> set[tuple[str, str]]:
        """The operators (company, id) who have a page open here."""
        self._operators = +self._operators
        return set(self._operators)

    @property
    def count(self) -> int:
        """How many are open."""
        return self._sessions.total() + self._keys.total()

    def _counted(self, who: Principal) -> tuple[Counter[str], str]:
        return (self._keys, _key(who)) if who.session_hash is None else (self._sessions, who.session_hash)


def _key(who: Principal) -> str:
    return f"{who.tenant_id} {who.actor}"


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
    before = dict[int, Callable[[int, FrameType | None], object]]()

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
