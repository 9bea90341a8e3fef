"""The facts of an incoming call, the same for every provider. Nothing deeper ever sees a form field name."""

from typing import Final, NamedTuple

from filters.attestation import Attestation
from filters.caller_id import CallerId
from filters.vip import Doubt
from filters.vip_pin import PinOutcome
from routing.fake_queue import NOTHING_HELD, HeldSoFar

_NOBODY: Final[frozenset[str]] = frozenset()


class IncomingCall(NamedTuple):
    """A call that rings now.

    ``to`` is the called number in E.164; ``recent_hops`` counts the calls of the last minute in which one of our own
    lines called this line, this one included. ``caller_as_sent`` is the caller exactly as the provider wrote it, which is
    the only way in which it lets a callee see it. ``calls_at_once`` counts the calls that this number has with the
    company now, this one included (1 for a caller without a number), ``held_at_once`` the company's other calls in the
    fake queue and ``held_so_far`` what it has held this month. ``released`` is whether somebody with the right has let the
    caller out of the fake queue for this one call. ``not_rung`` are the operators (ids) from whose telephones the call
    comes: they placed it, or they have forwarded it to us, and ringing them would send it round again.
    ``locked_pins`` are the VIP entries (ids) whose PINs were guessed at. Once a PIN was asked for, ``pin`` is what became of
    it, ``pin_of`` the entry whose it was, and ``doubt`` why: the network need not say it again.
    ``caller_name`` is the caller ID name that the network sent. ``earlier_calls`` tells how many seconds ago this number
    called the company before, the latest first, as far as a rule counts them."""

    call_id: str
    to: str
    caller: CallerId
    attestation: Attestation = Attestation.NONE
    recent_hops: int = 0
    caller_as_sent: str = ""
    calls_at_once: int = 1
    held_at_once: int = 0
    not_rung: frozenset[str] = _NOBODY
    held_so_far: HeldSoFar = NOTHING_HELD
    released: bool = False
    locked_pins: frozenset[str] = _NOBODY
    pin: PinOutcome | None = None
    pin_of: str = ""
    doubt: Doubt | None = None
    caller_name: str = ""
    earlier_calls: tuple[float, ...] = ()
