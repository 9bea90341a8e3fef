"""How a dialled telephone behaves: answers, is busy, never answers, confirms with a key, talks for a while."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


@dataclass
class Callee:
    """A telephone that can be dialled. The methods set its behaviour and return it, so that they chain:

    `company.phone("+33611111111").answers_after(6).presses("1").talks_for(90)`. All times in seconds.
    A telephone nobody has described never answers.
    """

    address: str
    name: str = ""
    accepts_several: bool = False
    rings_for: float | None = field(default=None, init=False)
    refusal: str | None = field(default=None, init=False)
    keys: list[str] = field(default_factory=list, init=False)
    talk: float = field(default=60.0, init=False)
    calls: int = field(default=0, init=False)
    _changed: asyncio.Future[None] | None = field(default=None, init=False, repr=False)

    def answers_after(self, seconds: float) -> Callee:
        """Picks up after ringing that long."""
        self.rings_for, self.refusal = seconds, None
        return self

    def never_answers(self) -> Callee:
        """Rings until the caller's side gives up."""
        self.rings_for, self.refusal = None, None
        return self

    def busy(self) -> Callee:
        """Engaged, or declines: the busy tone."""
        self.refusal = "busy"
        return self

    def fails(self) -> Callee:
        """Can't be reached at all."""
        self.refusal = "failed"
        return self

    def voicemail_answers_after(self, seconds: float) -> Callee:
        """An answering machine picks up: it talks, and presses nothing."""
        self.keys = []
        return self.answers_after(seconds)

    def presses(self, *keys: str) -> Callee:
        """Keys for the confirmation Gathers of each call, one string for each Gather."""
        self.keys = list(keys)
        return self

    def talks_for(self, seconds: float) -> Callee:
        """Hangs up after talking that long."""
        self.talk = seconds
        return self

    def at_once(self) -> Callee:
        """What was changed counts for a call that rings already, too; by itself it counts from the next one on."""
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)
        return self

    def changed(self) -> asyncio.Future[None]:
        """Done at the next `at_once`."""
        if self._changed is None or self._changed.done():
            self._changed = asyncio.get_running_loop().create_future()
        return self._changed

    @property
    def is_engaged(self) -> bool:
        """In a call, and unable to take another."""
        return self.calls > 0 and not self.accepts_several
