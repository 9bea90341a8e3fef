"""The fake queue's rounds, and the ways between it and the rest of the house."""

from dataclasses import replace

from app.answering.answer_call import decide_safely, is_blocked
from app.answering.incoming_record import incoming_fact
from app.answering.steps.moment import Moment
from app.event_log.records import FactKind, fact
from routing.reasons import ReasonCode


async def fake_queue(moment: Moment) -> str:
    """Another round, unless the caller is no longer blacklisted: then the call is decided again."""
    if not is_blocked(moment.call, moment.plan, moment.as_of):
        return await decide_again(moment)
    await moment.record_still_here()
    waited = moment.now.timestamp() - moment.step.began
    return moment.render.fake_queue(moment.step.count, waited, moment.plan.treatments.fake_queue_cap_seconds)


async def decide_again(moment: Moment) -> str:
    """The lists have changed during the call: decide it anew."""
    decision = decide_safely(moment.call, moment.plan, moment.as_of)
    blocked = decision.reason.code is ReasonCode.BLACKLISTED
    render = replace(moment.render, language=decision.language)
    if blocked:
        # The call has been answered, so whatever the entry's treatment is, waiting is what is left.
        waited = moment.now.timestamp() - moment.step.began
        document = render.fake_queue(0, waited, moment.plan.treatments.fake_queue_cap_seconds)
    else:
        document = render.action(decision.action)
    incoming = incoming_fact(
        moment.tenant_id, moment.webhook, moment.call, decision, document, moment.now, ticket=render.booth
    )
    again = fact(
        moment.tenant_id, moment.webhook.call_id, FactKind.REDECIDED, moment.now, incoming.payload, decision.revision,
        blocked,
    )  # fmt: skip
    await moment.record_fact(again)
    return document
