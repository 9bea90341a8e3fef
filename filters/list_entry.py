"""One line of the VIP list or the blacklist."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from filters.pattern import Pattern


class Treatment(StrEnum):
    """What a blacklisted caller gets. Reject and busy are the only ones that no provider bills; ALLOW is an exception inside
    a broader entry, and such callers are received like everybody else."""

    FAKE_QUEUE = "fake_queue"
    RING_OUT = "ring_out"
    BUSY = "busy"
    REJECT = "reject"
    NOT_IN_SERVICE = "not_in_service"
    VOICEMAIL = "voicemail"
    ALLOW = "allow"


class Idle(StrEnum):
    """Why something that names a number does not count for this call."""

    EXPIRED = "expired"
    OTHER_LINES = "other_lines"
    SHARED_NUMBER = "shared_number"
    """A client's own standing, which a number that others use too never takes over."""
    SHADOW = "shadow"
    """A list of others that is only watched."""
    OWN_WORD = "own_word"
    """A list of others, where the company's own lists or client cards know the number."""


class ListEntry(NamedTuple):
    """One line of a list. ``lines`` limits it to some lines (ids; empty: all); ``expires_at`` is UTC."""

    id: str
    pattern: Pattern
    label: str = ""
    reason: str = ""
    expires_at: datetime | None = None
    lines: frozenset[str] = frozenset()
    treatment: Treatment | None = None

    def idle_for(self, line_id: str, now: datetime) -> Idle | None:
        """Why the entry does not count on this line at this moment (UTC); None when it does."""
        if self.expires_at is not None and self.expires_at <= now:
            return Idle.EXPIRED
        if self.lines and line_id not in self.lines:
            return Idle.OTHER_LINES
        return None
