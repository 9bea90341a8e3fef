"""Counts how often our own lines call a line within a minute: a forwarding loop shows as a quick succession."""

from collections import defaultdict, deque
from datetime import datetime, timedelta
from typing import Final

_WINDOW: Final = timedelta(minutes=1)
_KEPT: Final = 50


class OwnNumberHops:
    """Per called line; in memory of the worker, which is enough to break a loop after some rounds more."""

    def __init__(self) -> None:
        self._hops: defaultdict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=_KEPT))

    def count(self, called: str, now: datetime) -> int:
        """Note a call and return how many there were in the last minute, this one included."""
        hops = self._hops[called]
        hops.append(now)
        # Neither older than the window nor, after the clock was put back, from a time that is yet to come.
        while not now - _WINDOW <= hops[0] <= now:
            hops.popleft()
        return len(hops)
