"""One line of the VIP list or the blacklist."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from filters.pattern import Pattern


class Treatment(StrEnum):
    """What a blacklisted caller gets. Reject and busy are the only ones that no provider bills."""

    FAKE_QUEUE = "fake_queue"
    RING_OUT = "ring_out"
    BUSY = "busy"
    REJECT = "reject"
    NOT_IN_SERVICE = "not_in_service"
    VOICEMAIL = "voicemail"


class ListEntry(NamedTuple):
    """One line of a list. ``lines`` limits it to some lines (ids; empty: all); ``expires_at`` is UTC."""

    id: str
    pattern: Pattern
    label: str = ""
    reason: str = ""
    expires_at: datetime | None = None
    lines: frozenset[str] = frozenset()
    treatment: Treatment | None = None

    def idle_because(self, line_id: str, now: datetime) -> str | None:
        """Why the entry does not count on this line at this moment (UTC); None when it does."""
        if self.expires_at is not None and self.expires_at <= now:
            return f"expired {self.expires_at:%Y-%m-%d %H:%M} UTC"
        if self.lines and line_id not in self.lines:
            return "limited to other lines"
        return None
