"""Whether an operator takes calls at present, as they or a supervisor have said."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


class PresenceState(StrEnum):
    """What somebody is doing. Only whoever is available is rung."""

    AVAILABLE = "available"
    BREAK = "break"
    AFTER_CALL = "after_call"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Presence:
    """``state`` since ``since``, and until ``until``, after which they are available again; None: until they say so.
    ``reason`` is for colleagues to read. ``left`` is whether they are offline because they have closed the panel: then
    opening it again makes them available."""

    state: PresenceState = PresenceState.AVAILABLE
    reason: str = ""
    until: datetime | None = None
    since: datetime = _ALWAYS
    left: bool = False

    @property
    def may_be_rung(self) -> bool:
        """Whether calls may come."""
        return self.state is PresenceState.AVAILABLE

    def is_over(self, now: datetime) -> bool:
        """Whether they meant to be back by now."""
        return self.until is not None and self.until <= now
