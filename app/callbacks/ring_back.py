"""Calling back from here: the owner's telephone rings first, and once they have picked up, the number."""

from dataclasses import dataclass

from app.answering.offering import is_engaged
from app.answering.ring_for_callback import CallbackRing, ring_for_callback
from app.base.errors import Conflict, Unavailable
from app.base.problems.calls import CallFault, NumberNotRung
from app.callbacks.edit_callback import refuse_own_line, take_callback
from app.calls.on_the_lists import standing_of_number
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.telephone.fault import Fault, TelephoneFault
from models import Callback
from models.callback import CallbackState
from routing.dialling import fault_of
from routing.plan import Line, Operator, RoutingPlan


@dataclass(frozen=True, slots=True)
class Ringing:
    """``line`` is shown to both; ``owner`` is rung first."""

    line: Line
    owner: Operator


def _may_ring_back(board: Switchboard, callback: Callback, owner_id: str | None, tenant: TenantRows) -> Ringing:
    """Who is to be rung, if anybody may. Raises :class:`Conflict` for a call-back that is closed or nobody's, for a caller
    who is blacklisted by now, and for a number that costs more than it may; :class:`Unprocessable` for that of a line
    of the company."""
    plan = tenant.plan
    if callback.state != CallbackState.OPEN:
        raise Conflict(CallFault.CALLBACK_CLOSED)
    refuse_own_line(callback.number, tenant)
    owner = plan.operators.get(owner_id or "") if plan else None
    if plan is None or owner is None or not plan.may_ring(owner.leg.address):
        raise Conflict(CallFault.CALLBACK_WITHOUT_TELEPHONE, field="owner_id")
    if standing_of_number(callback.number, callback.line_id or "", tenant, board.clock()).is_blocked:
        raise Conflict(CallFault.CALLBACK_OF_BLOCKED)
    if (fault := fault_of(callback.number, plan.countries)) is not None:
        raise Conflict(NumberNotRung(callback.number, fault), field="number")
    ring = board.open_calls.calls_back.of_callback(callback.tenant_id, callback.id)
    if ring is not None and ring.goes_on(board.clock()):
        raise Conflict(CallFault.CALLBACK_RINGS_ALREADY)
    if is_engaged(plan, board.open_calls, owner.leg.operator_id, board.clock()):
        raise Conflict(CallFault.CALLBACK_OWNER_TALKS, field="owner_id")
    line = _line_of(plan, callback)
    if line is None:
        raise Conflict(CallFault.CALLBACK_WITHOUT_TELEPHONE)
    return Ringing(line, owner)


async def ring_back(
    board: Switchboard, callback: Callback, owner_id: str | None, tenant: TenantRows, actor: str
) -> str:
    """Ring the owner, whose it is from then on unless it was somebody's; returns the id of their call. Raises like
    :func:`_may_ring_back`, :class:`Conflict` where the company's account has no key for its provider's API, and
    :class:`Unavailable` where the provider has not done it."""
    call_id = await _ring(board, callback, _may_ring_back(board, callback, owner_id, tenant))
    callback.attempts += 1
    if callback.taken_by is None:
        take_callback(callback, owner_id, actor)
    return call_id


async def _ring(board: Switchboard, callback: Callback, ringing: Ringing) -> str:
    line, owner = ringing.line, ringing.owner
    telephone = board.telephone(callback.tenant_id, line.number)
    if telephone is None:
        raise Conflict(CallFault.NO_PROVIDER_API)
    ring = CallbackRing(callback.tenant_id, callback.id, callback.call_id or "", line, owner, callback.number)
    try:
        return await ring_for_callback(board, ring, telephone)
    except TelephoneFault as error:
        if error.fault in (Fault.REFUSED, Fault.NOT_POSSIBLE_THERE):
            raise Conflict(CallFault.PROVIDER_REFUSES) from error
        raise Unavailable(CallFault.PROVIDER_AWAY) from error


def _line_of(plan: RoutingPlan, callback: Callback) -> Line | None:
    """The line that was called, so that the caller knows the number that they see; else the company's first."""
    lines = sorted(plan.lines.values(), key=lambda one: one.number)
    return next((one for one in lines if one.id == callback.line_id), lines[0] if lines else None)
