"""Presence, in words."""

from typing import assert_never

from app.base.language import gettext as _
from routing.presence import PresenceState


def presence_words(state: PresenceState) -> str:
    """What somebody is doing."""
    match state:
        case PresenceState.AVAILABLE:
            return _("Available")
        case PresenceState.BREAK:
            return _("On a break")
        case PresenceState.AFTER_CALL:
            return _("After-call work")
        case PresenceState.OFFLINE:
            return _("Offline")
        case _:
            assert_never(state)
