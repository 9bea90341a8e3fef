"""The simulator's time: a protocol, and the real clock with an optional speed.

The virtual clock, which jumps from event to event, is in `virtual_clock.py`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Protocol

Alarm = asyncio.Future[None]


class Clock(Protocol):
    """What the telephone company needs of time. All seconds are telephone seconds, not the machine's."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some start; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many telephone seconds."""
        ...

    def alarm(self, seconds: float) -> Alarm:
        """A future that is done after `seconds`; cancel it when it is no longer wanted."""
        ...

    def busy(self) -> AbstractContextManager[None]:
        """Held while something real is under way (an HTTP request): a virtual clock stands still."""
        ...

    def waited_for(self) -> AbstractContextManager[None]:
        """Held while somebody outside waits for the call to go on: only then a virtual clock moves."""
        ...

    async def idle(self) -> None:
        """Wait, without moving time on, until everything due now has happened."""
        ...


class RealClock:
    """The machine's time, `speed` times as fast (20: a minute takes three seconds)."""

    def __init__(self, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError(f"speed is {speed!r}; it must be above 0 (1.0 is real time).")
        self.speed = speed
        self._started_at = datetime.now(UTC)
        self._started = time.monotonic()
        self._requests = 0
        self._free = asyncio.Event()
        self._free.set()

    def now(self) -> datetime:
        return self._started_at + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (time.monotonic() - self._started) * self.speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)

    def alarm(self, seconds: float) -> Alarm:
        loop = asyncio.get_running_loop()
        alarm: Alarm = loop.create_future()
        timer = loop.call_later(seconds / self.speed, _ring, alarm)
        alarm.add_done_callback(lambda _: timer.cancel())
        return alarm

    @contextmanager
    def busy(self) -> Iterator[None]:
        self._requests += 1
        self._free.clear()
        try:
            yield
        finally:
            self._requests -= 1
            if not self._requests:
                self._free.set()

    def waited_for(self) -> AbstractContextManager[None]:
        return nullcontext()

    async def idle(self) -> None:
        await asyncio.sleep(0)
        await self._free.wait()


def _ring(alarm: Alarm) -> None:
    if not alarm.done():
        alarm.set_result(None)
