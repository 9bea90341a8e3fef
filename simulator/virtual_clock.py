"""A discrete-event clock: hours of telephone time in milliseconds, the same way every time.

Time moves only while somebody outside the simulator waits for it (`call.ended()`, `company.let_pass(60)`,
`clock.sleep(60)` in a test), and then only when nothing else can happen: no HTTP request is under way and
the event loop has gone round `_QUIET_ROUNDS` times without any task touching the clock. Then it jumps to the
next sleeper. So a test that looks at the database between two waits finds the call exactly where it was.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from simulator.clock import Alarm

inside_the_simulator: ContextVar[bool] = ContextVar("inside_the_simulator", default=False)

# A task woken by a task woken by a future needs about three rounds each; the longest such chain in the
# simulator (callee answers, other legs are hung up, parties are joined) is well under this.
_QUIET_ROUNDS = 40


class VirtualClock:
    """Starts at `start` (a time with a zone); `now` can be handed to the service under test."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("start has no time zone; give e.g. datetime(2026, 7, 24, 10, tzinfo=UTC).")
        self._start = start.astimezone(UTC)
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, Alarm]] = []
        self._order = 0
        self._requests = 0
        self._waiting = 0
        self._quiet_rounds = 0
        self._turning = False
        self._idlers: list[Alarm] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        alarm = self.alarm(seconds)
        try:
            if inside_the_simulator.get():
                await alarm
            else:
                with self.waited_for():
                    await alarm
        finally:
            alarm.cancel()

    def alarm(self, seconds: float) -> Alarm:
        alarm: Alarm = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._sleepers, (self._elapsed + max(0.0, seconds), self._order, alarm))
        self._something_happened()
        return alarm

    @contextmanager
    def busy(self) -> Iterator[None]:
        self._requests += 1
        try:
            yield
        finally:
            self._requests -= 1
            self._something_happened()

    @contextmanager
    def waited_for(self) -> Iterator[None]:
        self._waiting += 1
        self._something_happened()
        try:
            yield
        finally:
            self._waiting -= 1

    async def idle(self) -> None:
        idler: Alarm = asyncio.get_running_loop().create_future()
        self._idlers.append(idler)
        self._something_happened()
        await idler

    def _something_happened(self) -> None:
        self._quiet_rounds = 0
        if not self._turning:
            self._turning = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        """One round of the event loop; after enough quiet ones, wake exactly one sleeper."""
        self._turning = False
        if self._requests:
            return  # the request's end starts the rounds again
        self._quiet_rounds += 1
        if self._quiet_rounds >= _QUIET_ROUNDS:
            if self._idlers:
                for idler in self._idlers:
                    if not idler.done():
                        idler.set_result(None)
                self._idlers.clear()
            elif not (self._waiting and self._wake_the_next_sleeper()):
                return
            self._quiet_rounds = 0
        self._turning = True
        asyncio.get_running_loop().call_soon(self._turn)

    def _wake_the_next_sleeper(self) -> bool:
        while self._sleepers:
            due, _, alarm = heapq.heappop(self._sleepers)
            if not alarm.done():
                self._elapsed = max(self._elapsed, due)
                alarm.set_result(None)
                return True
        return False
