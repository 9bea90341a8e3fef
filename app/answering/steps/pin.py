"""A VIP whose number is in doubt is asked for the PIN of the entry. Only the right one makes a VIP of the call; whatever
else happens here, it goes on as that of a VIP whose identity is unconfirmed."""

from dataclasses import replace

from app.answering.answer_call import decide_safely
from app.answering.answers import Answer, HangUp
from app.answering.given import Given
from app.answering.incoming_record import incoming_fact
from app.answering.steps.moment import Moment
from app.answering.steps.ringing import begin
from app.event_log.records import FactKind, fact
from filters.vip import Doubt
from filters.vip_pin import MOST_WRONG, PinOutcome, is_pin
from routing.actions import PinAsked
from routing.call import IncomingCall
from routing.step import StepKind


async def pin_keyed(moment: Moment) -> Answer:
    """Digits, or silence, where a PIN was asked for. A request that comes again is answered as before: no attempt that was
    wrong is judged anew, also with other digits."""
    board, step, call_id = moment.board, moment.step, moment.report.call_id
    if board.open_calls.is_over(moment.tenant_id, call_id):
        return HangUp()
    asked = PinAsked(step.target, Doubt(step.doubt))
    keys = "" if step.kind is StepKind.PIN_SILENCE else moment.report.keys.rstrip("#")
    outcome = await _judge(moment, asked, keys)
    if outcome is PinOutcome.WRONG and step.count + 1 < MOST_WRONG and not _is_locked(moment, asked):
        return moment.build.ask_pin(asked, tries=step.count + 1)
    call = moment.call._replace(
        pin=outcome, pin_of=asked.entry_id, doubt=asked.doubt,
        locked_pins=board.open_calls.pin_attempts.locked(moment.tenant_id, moment.now),
    )  # fmt: skip
    return await _go_on(moment, call)


async def _go_on(moment: Moment, call: IncomingCall) -> Answer:
    """Decide again as of the moment when the call came in: once, however often it is asked."""
    decision = decide_safely(call, moment.plan, moment.call_began)
    build = replace(moment.build, language=decision.language)
    answer = await begin(replace(moment, build=build), decision.action)
    told = incoming_fact(
        moment.tenant_id, moment.report, call, decision, Given.of(answer), moment.now, ticket=build.booth
    ).payload
    await moment.record(FactKind.REDECIDED, told, "pin")
    return answer


async def _judge(moment: Moment, asked: PinAsked, keys: str) -> PinOutcome | None:
    """What was keyed in; None when nobody may try any more."""
    told: dict[str, object] = {"entry_id": asked.entry_id}
    if moment.step.booth:
        told["booth"] = True
    wrong = fact(
        moment.tenant_id, moment.report.call_id, FactKind.PIN_WRONG, moment.now, told, asked.entry_id, moment.step.count
    )
    if moment.board.open_calls.pin_attempts.knows(wrong):
        return PinOutcome.WRONG
    if _is_locked(moment, asked):
        return None
    sealed = moment.plan.pins.get(asked.entry_id)
    if not keys or sealed is None:
        return PinOutcome.NOT_KEYED
    if is_pin(keys, sealed, moment.board.pin_key):
        return PinOutcome.RIGHT
    await moment.board.record(wrong)
    return PinOutcome.WRONG


def _is_locked(moment: Moment, asked: PinAsked) -> bool:
    attempts = moment.board.open_calls.pin_attempts
    return attempts.locked_until(moment.tenant_id, asked.entry_id, moment.now) is not None
