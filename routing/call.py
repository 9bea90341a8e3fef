"""The facts of an incoming call, the same for every provider. Nothing deeper ever sees a form field name."""

from typing import NamedTuple

from filters.attestation import Attestation
from filters.caller_id import CallerId


class IncomingCall(NamedTuple):
    """A call that rings now.

    ``to`` is the called number in E.164; ``recent_hops`` counts the calls of the last minute in which one of our own
    lines called this line, this one included. ``caller_as_sent`` is
    the caller exactly as the provider wrote it, which is the only way in which it lets a callee see it.
    """

    call_id: str
    to: str
    caller: CallerId
    attestation: Attestation = Attestation.NONE
    recent_hops: int = 0
    caller_as_sent: str = ""
