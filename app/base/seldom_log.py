"""Warnings about what strangers send: they must not decide how much is written."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

EVERY_SECONDS: Final = 60.0
_KINDS_AT_MOST: Final = 100

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class SeldomLog:
    """One line a minute of each kind of warning, with how many there were since the last. The first is written at once."""

    now: Callable[[], float] = time.monotonic
    _next: dict[tuple[str, str], float] = field(default_factory=dict)
    _unwritten: dict[tuple[str, str], int] = field(default_factory=dict)

    def warn(self, event: str, what: str) -> None:
        """Something of the kind ``event`` happened to ``what``, of which there are few."""
        kind, now = (event, what), self.now()
        count = self._unwritten[kind] = self._unwritten.get(kind, 0) + 1
        if now < self._next.get(kind, 0.0):
            return
        if len(self._next) >= _KINDS_AT_MOST:
            self._next.clear()
        self._next[kind] = now + EVERY_SECONDS
        del self._unwritten[kind]
        log.warning(event, what=what, times=count)


refusals: Final = SeldomLog()
"""Of this process."""
