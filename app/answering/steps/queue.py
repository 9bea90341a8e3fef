"""Waiting for an operator: ticks of the provider's queue, leaving it, and ringing the operators."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from app.answering.answer_call import decide_safely
from app.answering.answers import Answer, Leave, Nothing
from app.answering.steps.moment import Moment
from app.audio import HOLD_MUSIC_PARTS, HOLD_MUSIC_SECONDS
from app.event_log.records import FactKind
from filters.texts import Said
from routing.actions import Leg, Message, Phrase, QueuePriority
from routing.call_queue import WaitingCall, in_order, place_of
from routing.plan import Service
from routing.step import StepKind

HOLD_BEFORE_RINGING_AGAIN_SECONDS: Final = 10
ANNOUNCE_EVERY_SECONDS: Final = 90
_PAUSE_AFTER_DECLINING: Final = timedelta(seconds=60)
"""How long an operator who has declined a call is not rung for it again."""
_ON_THE_WAY_SECONDS: Final = 30
"""What ringing takes longer than its own seconds: until the provider begins, and until it has told us of the end."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_QUICK_ROUNDS: Final = 5
_QUICKEST_ROUND_SECONDS: Final = 2
ALMOST_NEXT: Final = 2
"""How many callers at the front hear the music in short parts, so that they are put through sooner."""


async def wait(moment: Moment) -> Answer:
    """A tick of the queue: ring the operators when it is this call's turn, play music until then."""
    step, seconds = moment.step, moment.report.queue_seconds
    payload: dict[str, object] = {
        "queue_id": step.target,
        "priority": step.priority,
        "since": datetime.fromtimestamp(step.began, moment.now.tzinfo).isoformat(),
    }
    if step.booth:
        payload["booth"] = True
    if seconds < HOLD_BEFORE_RINGING_AGAIN_SECONDS:
        await moment.record(FactKind.QUEUED, payload, step.target, step.count)
    else:
        await moment.record_still_here()
    if _in_vain(moment) is not None:
        return Leave()
    rested = step.count == 0 or seconds >= HOLD_BEFORE_RINGING_AGAIN_SECONDS
    if rested and _legs_to_ring(moment):
        return Leave()
    near = (place := place_of(moment.report.call_id, _waiting(moment), moment.now)) is not None and place < ALMOST_NEXT
    period = HOLD_MUSIC_SECONDS // HOLD_MUSIC_PARTS if near else HOLD_MUSIC_SECONDS
    part = seconds // period % HOLD_MUSIC_PARTS if near else None
    announce = seconds % ANNOUNCE_EVERY_SECONDS < period
    return moment.build.hold(step.target, announce=announce, part=part)


def _in_vain(moment: Moment) -> Answer | None:
    """What somebody hears for whom waiting on is of no use: nobody serves the queue any more, it has taken too long, or the
    line has closed. None for everybody else. A VIP stays on through closing."""
    plan, step, build = moment.plan, moment.step, moment.build
    if plan.service_of(step.target, moment.call.not_rung) is not Service.SERVED:
        return build.message(Phrase.NOBODY_SERVES)
    if _waited(moment) >= plan.treatments.longest_wait_seconds:
        return build.message(Phrase.WAITED_TOO_LONG)
    if step.priority >= QueuePriority.VIP_UNCONFIRMED:
        return None
    action = decide_safely(moment.call, plan, moment.as_of).action
    if isinstance(action, Message) and action.phrase is Phrase.CLOSED:
        return build.message(Phrase.CLOSED, Said(action.text, action.spoken_in))
    return None


def _waited(moment: Moment) -> int:
    """The seconds that the call has spent in the queue, and for which operators were to be rung."""
    return moment.step.waited + moment.report.queue_seconds


def _waiting(moment: Moment) -> list[WaitingCall]:
    """The calls of the queue, the next one first."""
    open_calls, booth = moment.board.open_calls, bool(moment.step.booth)
    return in_order(open_calls.waiting_in(moment.tenant_id, moment.step.target, booth=booth), moment.now)


def _legs_to_ring(moment: Moment) -> list[Leg]:
    """Whom to ring for this call now; nobody until it is its turn. Each of those before it has somebody to be rung first, a
    VIP everybody; and each of those behind it is left somebody, as far as there are enough."""
    waiting = _waiting(moment)
    place = place_of(moment.report.call_id, waiting, moment.now)
    if place is None or any(one.priority >= QueuePriority.VIP_UNCONFIRMED for one in waiting[:place]):
        return []
    left = _free_legs(moment)[place:]
    if moment.step.priority >= QueuePriority.VIP_UNCONFIRMED:
        return left
    return left[: max(1, len(left) - (len(waiting) - place - 1))]


def _free_legs(moment: Moment) -> list[Leg]:
    """The operators who can be rung: who is in a call or being rung for another one cannot, and who has just declined this
    call is left alone for a while. First those who have not been rung for it, or longest ago."""
    open_calls, now = moment.board.open_calls, moment.now
    call_id = moment.report.call_id
    taken = open_calls.operators_not_free(moment.tenant_id, call_id, now, booth=bool(moment.step.booth))
    call = open_calls.of_call(moment.tenant_id, call_id)
    tried, declined = ((call.tried or {}), (call.declined or {})) if call is not None else ({}, {})
    free = [
        one.leg
        for one in moment.plan.operators_of(moment.step.target, moment.call.not_rung)
        if one.leg.operator_id not in taken and not _is_recent(declined.get(one.leg.operator_id), now)
    ]
    return sorted(free, key=lambda leg: tried.get(leg.operator_id, _NEVER))


def _is_recent(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and now - moment < _PAUSE_AFTER_DECLINING


async def left_queue(moment: Moment) -> Answer:
    """The call left the queue: to ring the operators, or for another reason."""
    step = moment.step
    # Where the provider does not tell how a call has left, it left as ours do: to ring somebody.
    result = moment.report.queue_result or ("" if _is_turned_away(moment) else "leave")
    answer = _in_vain(moment) if result == "leave" else None
    legs = _legs_to_ring(moment) if result == "leave" and answer is None else []
    payload: dict[str, object] = {"queue_id": step.target, "result": result}
    if legs:
        payload |= {"offered_to": [leg.operator_id for leg in legs], "seconds": seconds_of(legs) + _ON_THE_WAY_SECONDS}
    await moment.record(FactKind.LEFT_QUEUE, payload, step.target, step.count, result)
    if result == "hangup" or moment.is_over:
        return await moment.end()
    if answer is not None:
        return answer
    if result == "leave":
        if legs:
            waited = _waited(moment) + seconds_of(legs)
            rung = replace(step, kind=StepKind.OPERATOR_DONE, count=step.count + 1, waited=waited)
            return moment.build.operators(legs, rung)
        return moment.build.queue(step.target, step.priority, count=step.count + 1, waited=_waited(moment))
    if result.startswith("redirected") or result.startswith("bridg"):
        return Nothing()
    if step.priority == QueuePriority.VIP and (free := _free_legs(moment)):
        # The provider's queue takes nobody any more: a VIP needs no place in it to be put through.
        return moment.build.operators(free, replace(step, kind=StepKind.OPERATOR_DONE, count=step.count + 1))
    return moment.build.message(Phrase.APOLOGY)


def _is_turned_away(moment: Moment) -> bool:
    """Whether the queue takes nobody, where the provider does not tell how a call has left it: our callers leave it to ring
    somebody, which takes seconds each time."""
    waited = moment.now.timestamp() - moment.step.began
    return moment.step.count > _QUICK_ROUNDS and waited < moment.step.count * _QUICKEST_ROUND_SECONDS


async def operator_done(moment: Moment) -> Answer:
    """The operators were rung: either the talk is over, or nobody answered and the caller waits on."""
    if moment.is_over:
        return await moment.end()
    if moment.report.ring_result == "busy":
        await _record_who_declined(moment)
    if (answer := _in_vain(moment)) is not None:
        return answer
    step = moment.step
    return moment.build.queue(step.target, step.priority, count=step.count, waited=step.waited)


async def _record_who_declined(moment: Moment) -> None:
    """Where one operator was rung, it was that one; of several each telephone tells by itself (:mod:`follow_call`)."""
    call = moment.board.open_calls.of_call(moment.tenant_id, moment.report.call_id)
    if call is not None and len(call.offered_to) == 1:
        (operator_id,) = call.offered_to
        await moment.record(FactKind.SEEN, {"declined_by": operator_id}, "declined", operator_id, moment.step.count)


def seconds_of(legs: Sequence[Leg]) -> int:
    """How long ringing them may take: one after the other where somebody has to press a key."""
    seconds = [leg.ring_seconds for leg in legs]
    return sum(seconds) if any(leg.confirm for leg in legs) else max(seconds)
