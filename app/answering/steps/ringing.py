"""The VIP chain: one manager after the other is rung, and may have to press a key."""

from app.answering.answers import Answer, HangUp, Nothing
from app.answering.steps.moment import Moment
from app.event_log.records import FactKind
from routing.actions import QueuePriority


async def leg_done(moment: Moment) -> Answer:
    """Somebody of the VIP chain was rung: on to the next, then to the front of the queue."""
    if moment.is_over:
        return await moment.end()
    # Management is rung for nobody else, whatever queue priority a category gives.
    chain = moment.plan.vip_chain() if moment.step.priority >= QueuePriority.VIP else ()
    return moment.build.leg(chain, moment.step.count + 1, moment.step.target or None, moment.step.priority)


async def confirm(moment: Moment) -> Answer:
    """A callee picked up who has to confirm."""
    return moment.build.confirm(moment.step.target)


async def confirm_key(moment: Moment) -> Answer:
    """The callee pressed a key: 1 connects, anything else sends the call on."""
    if moment.report.keys != "1":
        return HangUp()
    if moment.report.parent_call_id:
        await moment.record(FactKind.ANSWERED, {"operator_id": moment.step.target}, moment.step.target)
    return Nothing()
