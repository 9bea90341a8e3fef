"""The demo's time: runs faster than ours and jumps from scene to scene."""

import time
from datetime import datetime, timedelta

from simulator import RealClock


class SceneClock(RealClock):
    """Begins at ``start`` (UTC) and runs ``speed`` times as fast as the computer's time."""

    def __init__(self, start: datetime, speed: float) -> None:
        super().__init__(speed)
        self._anchor, self._anchored = start, time.monotonic()
        self._passed_at_anchor = 0.0

    def now(self) -> datetime:
        """The time of day in the demo."""
        return self._anchor + timedelta(seconds=self._since_anchor())

    def monotonic(self) -> float:
        """Seconds of telephone time; jumps from scene to scene do not count."""
        return self._passed_at_anchor + self._since_anchor()

    def jump_to(self, moment: datetime, speed: float | None = None) -> None:
        """Go on at ``moment``, perhaps at another speed. No call must be running."""
        self._passed_at_anchor = self.monotonic()
        self._anchor, self._anchored = moment, time.monotonic()
        self.speed = speed or self.speed

    def _since_anchor(self) -> float:
        return (time.monotonic() - self._anchored) * self.speed
