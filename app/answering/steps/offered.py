"""A call was taken out of its queue in order to ring somebody, or while somebody was rung for it: the engine's steps
(:mod:`app.answering.offer_calls`)."""

from dataclasses import replace

from app.answering.answers import Answer
from app.answering.offering import Picture, legs_of
from app.answering.steps.moment import Moment
from app.answering.steps.queue import offered_payload, seconds_of
from app.event_log.records import FactKind
from routing.step import StepKind


async def offered(moment: Moment) -> Answer:
    """Ring the operators whom the step names, as far as that is still right; back into the queue, where none is left."""
    step, calls = moment.step, moment.board.open_calls
    if moment.is_over:
        return await moment.end()
    call = moment.known
    meant = set(call.queue.offers) if call is not None and call.queue is not None else set()
    picture = Picture.of(moment.plan, calls, moment.now)
    free = meant | set(picture.free_in(step.target, moment.call.not_rung))
    at_work = {desk.operator_id for desk in picture.desks if desk.is_free}
    names = [one for one in step.rings.split(",") if one in free & at_work]
    legs = legs_of(moment.plan, step.target, step.line, names)
    if not legs:
        return moment.build.queue(step.target, step.priority, count=step.count + 1, waited=step.waited)
    if {leg.operator_id for leg in legs} != meant:
        # The command seemed to have failed, or others were meant when it was given: this is what rings now.
        payload = offered_payload(step.target, "offered", legs, step.count)
        await moment.record(FactKind.LEFT_QUEUE, payload, step.target, step.count, "rung")
    rung = replace(step, kind=StepKind.OPERATOR_DONE, rings="", waited=step.waited + seconds_of(legs))
    return moment.build.operators(legs, rung)
