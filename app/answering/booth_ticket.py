"""Calls from the phone booth: how they are known, and as of which moment they are decided.

The booth adds a parameter of ours to its calls. It counts only with a code over the call's id that nobody but this
installation can compute, inside a request that is signed like every other; a provider never sends it. What follows the
first webhook is in our own steps (:mod:`routing.step`), so that a running call needs no second look.
"""

import hmac
import re
from datetime import timedelta
from typing import Final, NamedTuple

from app.base.secrets_at_rest import derive
from app.base.seldom_log import refusals
from app.base.settings import Settings

BOOTH_PARAMETER: Final = "AntichambreBooth"
"""The name of the parameter."""
MOST_SHIFTED: Final = timedelta(days=366 * 20)
_FORM: Final = re.compile(r"(-?[0-9]{1,10})\.([0-9a-f]{32})", re.ASCII)


class BoothTicket(NamedTuple):
    """``shift`` is how many seconds after (or before) now the call is decided as of."""

    shift: int = 0


def ticket_parameter(settings: Settings, call_id: str, ticket: BoothTicket) -> dict[str, str]:
    """The parameter that the booth's telephone company adds to each request of the call ``call_id``."""
    return {BOOTH_PARAMETER: f"{ticket.shift}.{_code(settings, call_id, ticket.shift)}"}


def ticket_of(settings: Settings, call_id: str, parameter: str) -> BoothTicket | None:
    """The ticket of a call whose first webhook carried ``parameter``; None for a real call, and for what is not ours."""
    if not parameter:
        return None
    form = _FORM.fullmatch(parameter)
    shift = int(form[1]) if form else 0
    if (
        form is None
        or abs(shift) > MOST_SHIFTED.total_seconds()
        or not hmac.compare_digest(form[2], _code(settings, call_id, shift))
    ):
        refusals.warn("booth.ticket_refused", "voice")
        return None
    return BoothTicket(shift)


def _code(settings: Settings, call_id: str, shift: int) -> str:
    return hmac.new(derive(settings.key, "booth"), f"{call_id} {shift}".encode(), "sha256").hexdigest()[:32]
