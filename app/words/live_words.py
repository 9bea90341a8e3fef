"""What goes on, in words: what operators do, where calls are, how long and how late."""

from app.base.language import gettext as _


def state_words(state: str) -> str:
    """Where a call is."""
    words = {
        "waiting": _("Waiting"), "ringing": _("Ringing"), "menu": _("In the menu"), "answered": _("In a call"),
    }  # fmt: skip
    return words.get(state, state)


def percent_words(share: float | None) -> str:
    """``81 %``, which stays on one line; a dash where there is nothing to share."""
    return "–" if share is None else f"{round(share * 100)}\u00a0%"
