"""The VIP chain: one manager after the other is rung, and may have to press a key."""

from app.answering.answers import Answer, HangUp, Nothing
from app.answering.follow_call import answered_fact
from app.answering.steps.moment import Moment
from routing.step import Chain


async def leg_done(moment: Moment) -> Answer:
    """Somebody of the VIP chain was rung: on to the next, then to the front of the queue."""
    if moment.is_over:
        return await moment.end()
    step = moment.step
    chain = moment.plan.vip_chain(moment.call.not_rung, moment.call_began) if step.chain is Chain.VIP else ()
    return moment.build.leg(chain, step.count + 1, step.target or None, step.priority, step.chain)


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
