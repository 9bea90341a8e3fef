"""What goes on, in words: what operators do, where calls are, how long and how late."""

from typing import assert_never

from app.base.language import gettext as _
from routing.presence import PresenceState


def presence_words(state: PresenceState) -> str:
    """What somebody does."""
    match state:
        case PresenceState.AVAILABLE:
            return _("Free")
        case PresenceState.BREAK:
            return _("On a break")
        case PresenceState.AFTER_CALL:
            return _("After-call work")
        case PresenceState.OFFLINE:
            return _("Offline")
        case _:
            assert_never(state)


def state_words(state: str) -> str:
    """Where a call is."""
    words = {
        "waiting": _("Waiting"), "ringing": _("Ringing"), "menu": _("In the menu"), "answered": _("In a call"),
    }  # fmt: skip
    return words.get(state, state)


def percent_words(share: float | None) -> str:
    """``81 %``, which stays on one line; a dash where there is nothing to share."""
    return "–" if share is None else f"{round(share * 100)}\u00a0%"
