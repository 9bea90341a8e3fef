"""The fake queue's rounds, and the ways between it and the rest of the calls."""

from dataclasses import replace

from app.answering.answer_call import decide_safely, is_blocked
from app.answering.answers import Answer, HangUp
from app.answering.build_answers import AnswerBuilder
from app.answering.given import Given
from app.answering.incoming_record import incoming_fact
from app.answering.steps.moment import Moment
from app.event_log.records import FactKind, fact
from routing.actions import FakeQueue
from routing.fake_queue import month_cap
from routing.reasons import ReasonCode


async def fake_queue(moment: Moment) -> Answer:
    """Another round, unless the caller is no longer blacklisted or was released: then the call is decided again."""
    if not is_blocked(moment.call, moment.plan, moment.as_of):
        return await decide_again(moment)
    await moment.record_still_here()
    moment.board.open_calls.hold(moment.tenant_id, moment.report.call_id, moment.now, held=True)
    return _next_round(moment, moment.build, moment.step.count)


def _next_round(moment: Moment, build: AnswerBuilder, rounds: int) -> Answer:
    """A round, or the end: on a toll-free line, and once a cap of the month is reached, nobody is held any longer."""
    caps, number, line = moment.plan.treatments.caps, moment.call.caller.number, moment.plan.lines.get(moment.call.to)
    so_far = moment.board.open_calls.held_so_far(moment.tenant_id, moment.call.to, number, moment.now)
    is_used_up = not moment.step.booth and month_cap(so_far, caps) is not None
    if is_used_up or (line is not None and line.toll_free):
        return HangUp()
    return build.fake_queue(rounds, moment.now.timestamp() - moment.step.began, caps.call_seconds)


async def decide_again(moment: Moment) -> Answer:
    """The lists have changed during the call: decide it anew."""
    decision = decide_safely(moment.call, moment.plan, moment.as_of)
    blocked = decision.reason.code is ReasonCode.BLACKLISTED
    build = replace(moment.build, language=decision.language)
    if blocked:
        # The call has been answered, so whatever the entry's treatment is, waiting is what is left.
        decision = decision._replace(action=FakeQueue(moment.plan.treatments.caps.call_seconds))
        answer = _next_round(moment, build, 0)
    else:
        answer = build.action(decision.action)
    incoming = incoming_fact(
        moment.tenant_id, moment.report, moment.call, decision, Given.of(answer), moment.now, ticket=build.booth
    )
    again = fact(
        moment.tenant_id, moment.report.call_id, FactKind.REDECIDED, moment.now, incoming.payload, decision.revision,
        blocked,
    )  # fmt: skip
    await moment.board.record(again)
    return answer
