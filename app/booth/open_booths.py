"""The booths that are open in this worker: how many there may be, and whether any of them is used."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.base.errors import TooManyRequests
from app.base.problems.booth import BoothFault


@dataclass(slots=True)
class OpenBooths:
    """``quiet`` is set while no call goes on in any of them."""

    per_session: int = 2
    in_all: int = 20
    quiet: asyncio.Event = field(default_factory=asyncio.Event)
    _sessions: Counter[str] = field(default_factory=Counter)
    _calls: int = 0

    def __post_init__(self) -> None:
        self.quiet.set()

    @contextmanager
    def one_more(self, session: str) -> Iterator[None]:
        """A booth for this sign-in. Raises :class:`TooManyRequests`."""
        if self._sessions[session] >= self.per_session:
            raise TooManyRequests(BoothFault.TOO_MANY_BOOTHS)
        if self._sessions.total() >= self.in_all:
            raise TooManyRequests(BoothFault.ALL_BOOTHS_TAKEN)
        self._sessions[session] += 1
        try:
            yield
        finally:
            self._sessions[session] -= 1
            if not self._sessions[session]:
                del self._sessions[session]

    def call_begins(self) -> None:
        """One call more."""
        self._calls += 1
        self.quiet.clear()

    def call_is_over(self) -> None:
        """One call less."""
        self._calls -= 1
        if not self._calls:
            self.quiet.set()
