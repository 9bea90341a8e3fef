"""The keys of one telephone: they count only while something listens, as on Twilio."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

KEYS = frozenset("0123456789*#")


class Keypad:
    """Collects pressed keys for the verb that is listening; keys nobody listens to are lost."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self.listening = False
        self.sessions = 0
        self._keys: deque[str] = deque()
        self._pressed: asyncio.Future[None] | None = None

    @contextmanager
    def listen(self) -> Iterator[None]:
        """Keys count inside this block; those left over at its end are dropped."""
        self.listening = True
        self.sessions += 1
        self._keys.clear()
        self._changed()
        try:
            yield
        finally:
            self.listening = False
            self._keys.clear()
            self._changed()

    def press(self, keys: str) -> None:
        """Raises ValueError for anything that is not a telephone key."""
        strange = set(keys) - KEYS
        if strange:
            raise ValueError(f"keys are 0-9, * and #; not {''.join(sorted(strange))!r}.")
        if self.listening:
            self._keys.extend(keys)
            if self._pressed is not None and not self._pressed.done():
                self._pressed.set_result(None)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def take(self) -> str | None:
        """The oldest key not yet taken."""
        return self._keys.popleft() if self._keys else None

    def pressed(self) -> asyncio.Future[None]:
        """Done as soon as there is a key to take."""
        if self._pressed is None or self._pressed.done():
            self._pressed = asyncio.get_running_loop().create_future()
            if self._keys:
                self._pressed.set_result(None)
        return self._pressed
