"""The VIP chain: one manager after the other is rung, and may have to press a key."""

from dataclasses import replace

from app.answering.answers import Answer, HangUp, Nothing
from app.answering.follow_call import answered_fact
from app.answering.in_turn import whose_turn
from app.answering.steps.moment import Moment
from app.event_log.records import FactKind
from routing.actions import Action, Connect, Leg
from routing.step import Chain, StepKind


async def begin(moment: Moment, action: Action) -> Answer:
    """The first answer of an action that was decided in the middle of a call."""
    if isinstance(action, Connect) and not action.urgent:
        chain = Chain.DESK if action.at_desk else Chain.VIP
        return await ring_in_turn(moment, action.legs, 0, action.queue_id, action.priority, chain)
    return moment.build.action(action)


async def ring_in_turn(
    moment: Moment, legs: tuple[Leg, ...], index: int, queue_id: str | None, priority: int, chain: Chain
) -> Answer:
    """Ring whoever of the ``chain`` comes next, from ``legs[index]`` on; past the end, wait in the queue."""
    if moment.step.booth:
        return moment.build.leg(legs, index, queue_id, priority, chain)
    call_id = moment.report.parent_call_id or moment.report.call_id
    turn = whose_turn(moment.board, moment.plan, call_id, legs, index, moment.now, or_anybody=queue_id is None)
    if (rings := turn.as_fact(moment.tenant_id, call_id, moment.now)) is not None:
        await moment.board.record(rings)
    return moment.build.leg(legs, turn.index, queue_id, priority, chain)


async def leg_done(moment: Moment) -> Answer:
    """Somebody of the VIP chain was rung: on to the next, then to the front of the queue."""
    if moment.is_over:
        return await moment.end()
    await moment.record_in_vain()
    step = moment.step
    return await ring_in_turn(moment, moment.chain, step.count + 1, step.target or None, step.priority, step.chain)


async def urgent_key(moment: Moment) -> Answer:
    """A VIP was asked whether it is urgent: 1 rings management in their quiet hours, anything else lets them sleep."""
    step = moment.step
    is_urgent = step.kind is StepKind.URGENT_KEY and moment.report.keys == "1"
    if is_urgent:
        await moment.record(FactKind.URGENT, {})
    rung = replace(moment, step=replace(step, chain=Chain.URGENT if is_urgent else Chain.VIP))
    return await ring_in_turn(rung, rung.chain, 0, step.target or None, step.priority, rung.step.chain)


async def confirm(moment: Moment) -> Answer:
    """A callee picked up who has to confirm."""
    if _caller_has_gone(moment):
        return moment.build.caller_gone(moment.step)
    return moment.build.confirm(moment.step.target)


async def confirm_key(moment: Moment) -> Answer:
    """The callee pressed a key: 1 connects, anything else sends the call on."""
    if moment.report.keys != "1":
        return HangUp()
    if _caller_has_gone(moment):
        return moment.build.caller_gone(moment.step)
    if moment.report.parent_call_id:
        report, operator_id = moment.report, moment.step.target
        await moment.board.record(
            answered_fact(moment.board, moment.tenant_id, report.parent_call_id, operator_id, report.call_id)
        )
    return Nothing()


def _caller_has_gone(moment: Moment) -> bool:
    """Whether the caller has hung up while somebody was rung: then nobody is there to be connected with."""
    return moment.board.open_calls.is_over(moment.tenant_id, moment.report.parent_call_id)
