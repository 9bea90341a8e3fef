"""The fake queue's rounds, and the ways between it and the rest of the calls."""

from dataclasses import replace

from app.answering.answer_call import decide_safely, is_blocked
from app.answering.answers import Answer, HangUp
from app.answering.build_answers import AnswerBuilder
from app.answering.given import Given
from app.answering.incoming_record import incoming_fact
from app.answering.steps.moment import Moment
from app.answering.steps.ringing import begin
from app.event_log.records import FactKind, fact
from filters.caller import look_up
from routing.actions import FakeQueue, Reject, RingOut
from routing.fake_queue import month_cap
from routing.reasons import ReasonCode
from routing.rules import RuleAction, RuleState


async def fake_queue(moment: Moment) -> Answer:
    """Another round, unless the caller is no longer blacklisted, nor held by a rule, or was released: then the call is
    decided again."""
    blocked = is_blocked(moment.call, moment.plan, moment.as_of)
    if not blocked and not _is_held_by_rule(moment):
        return await decide_again(moment)
    await moment.record_still_here()
    moment.board.open_calls.hold(moment.tenant_id, moment.report.call_id, moment.now, held=True)
    return _next_round(moment, moment.build, moment.step.count, moment.step.target)


def _is_held_by_rule(moment: Moment) -> bool:
    """Whether the rule that has sent the caller here still holds callers. Whom it means was asked when the call was decided;
    what it asked for then, how often somebody had called, does not hold for ever."""
    rule, call = moment.plan.rules.by_id(moment.step.target), moment.call
    if rule is None or rule.action is not RuleAction.FAKE_QUEUE or rule.state is not RuleState.ACTIVE:
        return False
    caller = look_up(call.caller, moment.plan.lists, "", moment.as_of)
    return not call.released and call.caller.number not in moment.plan.protected and caller.vip is None


def _next_round(moment: Moment, build: AnswerBuilder, rounds: int, rule_id: str = "") -> Answer:
    """A round, or the end: on a toll-free line, and once a cap of the month is reached, nobody is held any longer."""
    caps, number, line = moment.plan.treatments.caps, moment.call.caller.number, moment.plan.lines.get(moment.call.to)
    so_far = moment.board.open_calls.held_so_far(moment.tenant_id, moment.call.to, number, moment.now)
    is_used_up = not moment.step.booth and month_cap(so_far, caps) is not None
    if is_used_up or (line is not None and line.toll_free):
        return HangUp()
    return build.fake_queue(rounds, moment.now.timestamp() - moment.step.began, caps.call_seconds, rule_id)


async def decide_again(moment: Moment) -> Answer:
    """The lists have changed during the call: decide it anew."""
    decision = decide_safely(moment.call, moment.plan, moment.as_of)
    blocked = decision.reason.code is ReasonCode.BLACKLISTED
    by_rule = decision.reason.code is ReasonCode.RULE
    build = replace(moment.build, language=decision.language)
    if blocked:
        # The call has been answered, so whatever the entry's treatment is, waiting is what is left.
        decision = decision._replace(action=FakeQueue(moment.plan.treatments.caps.call_seconds))
        answer = _next_round(moment, build, 0)
    elif by_rule and isinstance(decision.action, FakeQueue):
        answer = _next_round(moment, build, 0, decision.action.rule_id)
    elif by_rule and isinstance(decision.action, Reject | RingOut):
        answer = HangUp()  # it has been answered: that is what is left of a refusal
    else:
        answer = await begin(replace(moment, build=build), decision.action)
    incoming = incoming_fact(
        moment.tenant_id, moment.report, moment.call, decision, Given.of(answer), moment.now, ticket=build.booth
    )
    again = fact(
        moment.tenant_id, moment.report.call_id, FactKind.REDECIDED, moment.now, incoming.payload, decision.revision,
        blocked,
    )  # fmt: skip
    await moment.board.record(again)
    return answer
