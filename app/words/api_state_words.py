"""Whether a provider's REST API can be used, in words."""

from app.base.language import gettext as _


def api_state_words(state: str) -> str:
    """One sentence for a member of ``ApiState``."""
    words = {
        "ready": _("Its REST API works: running calls can be moved, and operators are rung one by one."),
        "no_key": _("No key for its REST API yet: calls are moved more slowly, or not at all."),
        "unreachable": _("Its REST API does not answer: calls are moved when their next document is asked for."),
        "refused": _("Its REST API refuses the key; enter the right one."),
    }
    return words[state]
