"""The booth's time: the machine's, at a speed that can be changed while calls go on."""

import asyncio
import time
from datetime import UTC, datetime

from simulator import RealClock
from simulator.clock import Alarm


class BoothClock(RealClock):
    """Telephone seconds pass ``speed`` times as fast as the machine's; the time of day is the machine's own."""

    def __init__(self) -> None:
        super().__init__()
        self._anchored, self._passed = time.monotonic(), 0.0
        self._alarms: dict[Alarm, tuple[float, asyncio.TimerHandle]] = {}

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Telephone seconds since the booth was opened."""
        return self._passed + (time.monotonic() - self._anchored) * self.speed

    async def sleep(self, seconds: float) -> None:
        """Wait that many telephone seconds."""
        await self.alarm(seconds)

    def alarm(self, seconds: float) -> Alarm:
        """A future that is done after ``seconds``."""
        alarm: Alarm = asyncio.get_running_loop().create_future()
        self._set(alarm, self.monotonic() + seconds)
        alarm.add_done_callback(self._forget)
        return alarm

    def change_speed(self, speed: float) -> None:
        """Go on at another speed; whatever is waited for comes sooner or later accordingly."""
        self._passed, self._anchored = self.monotonic(), time.monotonic()
        self.speed = speed
        for alarm, (due, timer) in list(self._alarms.items()):
            timer.cancel()
            self._set(alarm, due)

    def _set(self, alarm: Alarm, due: float) -> None:
        left = max(0.0, due - self.monotonic()) / self.speed
        self._alarms[alarm] = due, asyncio.get_running_loop().call_later(left, _ring, alarm)

    def _forget(self, alarm: Alarm) -> None:
        _, timer = self._alarms.pop(alarm)
        timer.cancel()


def _ring(alarm: Alarm) -> None:
    if not alarm.done():
        alarm.set_result(None)
