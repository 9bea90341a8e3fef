"""How many requests an account's API gets from this worker."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from app.telephone.fault import Fault, TelephoneFault


@dataclass(slots=True)
class Budget:
    """``per_second`` requests, after a rest up to ``at_once`` together. Whoever comes too soon waits for up to
    ``patience`` seconds."""

    per_second: float = 40.0
    at_once: float = 80.0
    patience: float = 1.0
    monotonic: Callable[[], float] | None = None
    _left: float = field(init=False)
    _as_of: float | None = None

    def __post_init__(self) -> None:
        self._left = self.at_once

    async def take(self) -> None:
        """Wait for a request's turn. Raises :class:`TelephoneFault` (``too_many``) when that would take too long."""
        now = (self.monotonic or asyncio.get_running_loop().time)()
        if self._as_of is not None:
            self._left = min(self.at_once, self._left + (now - self._as_of) * self.per_second)
        self._as_of = now
        wait = (1 - self._left) / self.per_second
        if wait > self.patience:
            raise TelephoneFault(Fault.TOO_MANY, retry_after=wait)
        self._left -= 1
        if wait > 0:
            await asyncio.sleep(wait)
