"""A call goes where somebody has sent it: to an operator, to a queue, to an outside number, or nowhere.

The provider's REST API brings it here at once (:attr:`routing.step.StepKind.MOVE`). Without that API, what was wanted is
known from the event log, and is carried out when the call comes by: at the next tick of its queue, or when its talk is
over.
"""

from dataclasses import replace

from app.answering.answers import Answer
from app.answering.in_turn import ON_THE_WAY_SECONDS
from app.answering.offering import is_engaged
from app.answering.steps.menu import to_default_queue
from app.answering.steps.moment import Moment
from routing.actions import Leg
from routing.move import RING_OUTSIDE_SECONDS, Move, MoveTo, fault_of_move, read_move
from routing.step import StepKind


async def move(moment: Moment) -> Answer:
    """The REST API has brought the call here."""
    if moment.caller_has_gone:
        return await moment.end()
    wanted = read_move(moment.step.move)
    return await carry_out(moment, wanted) if wanted is not None else await back_to_the_queue(moment)


async def carry_out(moment: Moment, wanted: Move) -> Answer:
    """Send the call there, if that is still possible; else back to wait."""
    if wanted.to is MoveTo.NOWHERE:
        return await moment.end()
    if fault_of_move(wanted, moment.plan, moment.step.line, moment.as_of) is not None:
        await moment.record_moved(wanted)
        return await back_to_the_queue(moment)
    if wanted.to is MoveTo.QUEUE:
        await moment.record_moved(wanted)
        return moment.build.queue(wanted.target, moment.step.priority)
    if wanted.to is MoveTo.NUMBER:
        leg = Leg("", "", wanted.target, RING_OUTSIDE_SECONDS)
    else:
        leg = moment.plan.operators[wanted.target].leg
        if _is_busy_elsewhere(moment, wanted.target):  # since it was wanted: with the API away, a while ago
            await moment.record_moved(wanted)
            return await _back(moment, wanted)
    return await _ring(moment, wanted, leg, moment.step.back)


async def move_done(moment: Moment) -> Answer:
    """Somebody was rung: the talk is over, or nobody answered. Then whoever transferred the call has it back, unless they
    are in another one by now, and else it waits again."""
    if moment.is_over:
        return await moment.end()
    await moment.record_in_vain()
    return await _back(moment, read_move(moment.step.move))


async def _back(moment: Moment, done: Move | None) -> Answer:
    back = moment.plan.operators.get(moment.step.back)
    if back is not None and done is not None:
        again = Move(f"{done.id}b"[-40:], MoveTo.OPERATOR, back.leg.operator_id)
        is_possible = fault_of_move(again, moment.plan, moment.step.line, moment.as_of) is None
        if is_possible and not _is_busy_elsewhere(moment, again.target):
            return await _ring(moment, again, back.leg, "")
    return await back_to_the_queue(moment)


def _is_busy_elsewhere(moment: Moment, operator_id: str) -> bool:
    call_id = moment.report.parent_call_id or moment.report.call_id
    return is_engaged(moment.plan, moment.board.open_calls, operator_id, moment.now, but=call_id)


async def back_to_the_queue(moment: Moment) -> Answer:
    """Wait again, as long as the call has lasted, where it waited before, or in the line's queue."""
    step = moment.step
    if step.target in moment.plan.queues:
        return moment.build.queue(step.target, step.priority)
    return await to_default_queue(moment)


async def _ring(moment: Moment, wanted: Move, leg: Leg, back: str) -> Answer:
    offered = [leg.operator_id] if leg.operator_id else []
    await moment.record_moved(wanted, offered_to=offered, seconds=leg.ring_seconds + ON_THE_WAY_SECONDS)
    done = replace(moment.step, kind=StepKind.MOVE_DONE, move=wanted.text, back=back)
    return moment.build.operators([leg], done)
