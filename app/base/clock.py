"""The only place that knows what time it is; everything else is told."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present moment, aware, in UTC. Tests and the simulator's virtual time put their own in its place."""


def system_clock() -> datetime:
    """The computer's time."""
    return datetime.now(UTC)
