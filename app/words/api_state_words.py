"""Whether a provider's REST API can be used, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.telephone.api_state import ApiState


def api_state_words(state: ApiState) -> str:
    """One sentence."""
    match state:
        case ApiState.READY:
            return _("Its REST API works: running calls can be moved, and operators are rung one by one.")
        case ApiState.NO_KEY:
            return _("No key for its REST API yet: calls are moved more slowly, or not at all.")
        case ApiState.UNREACHABLE:
            return _("Its REST API does not answer: calls are moved when their next document is asked for.")
        case ApiState.REFUSED:
            return _("Its REST API refuses the key; enter the right one.")
        case _:
            assert_never(state)
