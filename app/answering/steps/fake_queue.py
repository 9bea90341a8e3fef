"""The fake queue's rounds, and the ways between it and the rest of the calls."""

from dataclasses import replace

from app.answering.answer_call import decide_safely, is_blocked
from app.answering.answers import Answer
from app.answering.given import Given
from app.answering.incoming_record import incoming_fact
from app.answering.steps.moment import Moment
from app.event_log.records import FactKind, fact
from routing.reasons import ReasonCode


async def fake_queue(moment: Moment) -> Answer:
    """Another round, unless the caller is no longer blacklisted: then the call is decided again."""
    if not is_blocked(moment.call, moment.plan, moment.as_of):
        return await decide_again(moment)
    await moment.record_still_here()
    moment.board.open_calls.hold(moment.tenant_id, moment.report.call_id, held=True)
    waited = moment.now.timestamp() - moment.step.began
    return moment.build.fake_queue(moment.step.count, waited, moment.plan.treatments.fake_queue_cap_seconds)


async def decide_again(moment: Moment) -> Answer:
    """The lists have changed during the call: decide it anew."""
    decision = decide_safely(moment.call, moment.plan, moment.as_of)
    blocked = decision.reason.code is ReasonCode.BLACKLISTED
    moment.board.open_calls.hold(moment.tenant_id, moment.report.call_id, held=blocked)
    build = replace(moment.build, language=decision.language)
    if blocked:
        # The call has been answered, so whatever the entry's treatment is, waiting is what is left.
        waited = moment.now.timestamp() - moment.step.began
        answer = build.fake_queue(0, waited, moment.plan.treatments.fake_queue_cap_seconds)
    else:
        answer = build.action(decision.action)
    incoming = incoming_fact(
        moment.tenant_id, moment.report, moment.call, decision, Given.of(answer), moment.now, ticket=build.booth
    )
    again = fact(
        moment.tenant_id, moment.report.call_id, FactKind.REDECIDED, moment.now, incoming.payload, decision.revision,
        blocked,
    )  # fmt: skip
    await moment.record_fact(again)
    return answer
