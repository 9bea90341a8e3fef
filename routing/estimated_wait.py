"""How long somebody who waits has to wait still: told only where it can be known."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

LOOKED_AT: Final = timedelta(minutes=30)
"""How far back the pace of a queue is looked at."""
KNOWN_FROM: Final = 5
"""How many callers must have been put through in that time; fewer tell nothing."""
MINUTES_TOLD: Final = (2, 3, 5, 10, 15, 20, 30)
"""What is told, rounded up: whoever is put through sooner does not mind. Nobody believes in more."""


def estimated_wait(place: int, put_through: Sequence[datetime], now: datetime) -> int | None:
    """The minutes that the caller at ``place`` (0: the next one) still waits, one of :data:`MINUTES_TOLD`, given the moments
    at which callers of the queue were last put through. None where that tells nothing, or the wait is too long to tell.

    The pace is that of the last half hour. Whoever gives up ahead of the caller makes the wait shorter, so that it errs on
    the long side.
    """
    lately = [at for at in put_through if now - LOOKED_AT < at <= now]
    if len(lately) < KNOWN_FROM:
        return None
    pace = (now - min(lately)) / len(lately)
    wait = pace * (place + 1)
    return next((minutes for minutes in MINUTES_TOLD if wait <= timedelta(minutes=minutes)), None)
