"""Ring an operator for a call-back: they are taken from that moment on, for every worker."""

from dataclasses import dataclass
from typing import Final

from app.answering.steps.call_back import ASKS_FOR_A_KEY, NEEDS_NO_KEY
from app.event_log.calls_back import REFUSED
from app.event_log.records import CallFact, FactKind, callback_fact
from app.switchboard import Switchboard
from app.telephone.fault import Fault, TelephoneFault
from app.telephone.telephone import Telephone
from models.base import new_id
from routing.plan import Line, Operator
from routing.step import Step, StepKind

RING_SECONDS: Final = 30
_ON_THE_WAY_SECONDS: Final = 10
"""What ringing takes longer than that, until the provider has begun and has told us of the end."""


@dataclass(frozen=True, slots=True)
class CallbackRing:
    """``operator`` is rung and then ``number`` (E.164), and both see ``line``. ``callback_id`` is what it is for, and
    ``call_id`` the call that led to it, which may be none. ``by_queue`` tells that it was the number's turn, and that
    nobody asked for it just now."""

    tenant_id: str
    callback_id: str
    call_id: str
    line: Line
    operator: Operator
    number: str
    by_queue: bool = False


async def ring_for_callback(board: Switchboard, ring: CallbackRing, telephone: Telephone) -> str:
    """Ring the operator; returns the id of their call. Raises :class:`TelephoneFault` where the provider has not done it.
    Where it has said so nobody is taken; without an answer it may ring all the same, for as long as a ring takes."""
    leg, line = ring.operator.leg, ring.line
    step = Step(
        StepKind.CALL_BACK, line.number, int(board.clock().timestamp()), ring.callback_id,
        ASKS_FOR_A_KEY if leg.confirm else NEEDS_NO_KEY, language=line.language, about=ring.callback_id,
        number=ring.number, rings=leg.operator_id,
    )  # fmt: skip
    rings: dict[str, object] = {"rings": leg.operator_id, "seconds": RING_SECONDS + _ON_THE_WAY_SECONDS}
    await board.record(_told(board, ring, rings | ({"by_queue": True} if ring.by_queue else {})))
    try:
        call_id = await telephone.ring(leg.address, line.number, step, RING_SECONDS)
    except TelephoneFault as fault:
        if fault.fault is not Fault.UNREACHABLE:
            over = REFUSED if fault.fault in (Fault.REFUSED, Fault.NOT_POSSIBLE_THERE) else ""
            await board.record(_told(board, ring, {"over": over, "of": leg.operator_id}))
        raise
    await board.record(_told(board, ring, {"leg": call_id, "of": leg.operator_id}))
    return call_id


def _told(board: Switchboard, ring: CallbackRing, told: dict[str, object]) -> CallFact:
    at = board.clock()
    return callback_fact(ring.tenant_id, ring.callback_id, ring.call_id, FactKind.CALLBACK_CHANGED, at, told, new_id())
