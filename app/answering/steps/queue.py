"""Waiting for an operator: ticks of the provider's queue, leaving it, and ringing the operators."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from app.answering.answer_call import decide_safely
from app.answering.answers import Answer, Leave, Nothing
from app.answering.build_answers import Told
from app.answering.in_turn import ON_THE_WAY_SECONDS
from app.answering.offering import Picture, legs_of, places_to_serve
from app.answering.steps.mark import is_asked_for_a_mark
from app.answering.steps.moment import Moment
from app.answering.steps.moving import carry_out
from app.audio import HOLD_MUSIC_PARTS, HOLD_MUSIC_SECONDS
from app.event_log.records import FactKind
from filters.texts import NOTHING, Said
from filters.vip import VipPolicy, doubt_about
from routing.actions import Leg, Message, Phrase, QueuePriority, Voicemail
from routing.call_queue import WaitingCall, in_order, place_of
from routing.carriers import are_rung_in_turn
from routing.estimated_wait import estimated_wait
from routing.findings import Found
from routing.move import Move
from routing.overflow import TO_SOMEBODY
from routing.plan import Service
from routing.step import StepKind

HOLD_BEFORE_RINGING_AGAIN_SECONDS: Final = 10
ANNOUNCE_EVERY_SECONDS: Final = 90
_FARTHEST_PLACE_TOLD: Final = 9
_WAITED: Final = frozenset({"leave", "hangup"})
"""How a call leaves a queue that has waited there up to this moment."""
_JUST_COME_SECONDS: Final = 10
_ENGINE_TAKES: Final = timedelta(seconds=4)
_QUICK_ROUNDS: Final = 5
_QUICKEST_ROUND_SECONDS: Final = 2
CALL_ME_BACK: Final = "1"
"""The key by which somebody who waits asks to be called back."""
ALMOST_NEXT: Final = 2
"""How many callers at the front hear the music in short parts, so that they are put through sooner."""


async def wait(moment: Moment) -> Answer:
    """A tick of the queue: ring the operators when it is this call's turn, play music until then."""
    step, seconds = moment.step, moment.report.queue_seconds
    payload: dict[str, object] = {
        "queue_id": step.target,
        "priority": step.priority,
        "since": _waits_since(moment).isoformat(),
        "line": step.line,
        "language": step.language,
        "count": step.count,
        "waited": step.waited,
    }
    if step.booth:
        payload["booth"] = True
    if step.named_not_rung:
        payload["not_rung"] = sorted(step.named_not_rung)
    if moment.is_doubted:
        await moment.record_waits_after_all()
        await moment.record(FactKind.QUEUED, payload, step.target, step.count, "after all", seconds)
    elif seconds < HOLD_BEFORE_RINGING_AGAIN_SECONDS:
        await moment.record(FactKind.QUEUED, payload, step.target, step.count)
    else:
        await moment.record_still_here()
    if _in_vain(moment) is not None or _wanted_elsewhere(moment) is not None or _legs_to_ring(moment):
        return Leave()
    near = (place := place_of(moment.report.call_id, _waiting(moment), moment.now)) is not None and place < ALMOST_NEXT
    period = HOLD_MUSIC_SECONDS // HOLD_MUSIC_PARTS if near else HOLD_MUSIC_SECONDS
    part = seconds // period % HOLD_MUSIC_PARTS if near else None
    offered = _is_offered_a_call_back(moment)
    announce = seconds % ANNOUNCE_EVERY_SECONDS < period or (offered and _has_just_come_to_it(moment, period))
    keys = replace(step, kind=StepKind.WAIT_KEY) if offered else None
    return moment.build.hold(step.target, _told(moment) if announce else None, part=part, keys=keys)


async def wait_key(moment: Moment) -> Answer:
    """A key was pressed while waiting: whoever wants to be called back is thanked, and keeps the place."""
    waiting = replace(moment, step=replace(moment.step, kind=StepKind.WAIT))
    if moment.report.keys != CALL_ME_BACK or not _is_offered_a_call_back(moment):
        return await wait(waiting)
    step, known = moment.step, moment.known
    place = known.queue.place if known is not None and known.queue is not None else None
    since = place.since if place is not None else _waits_since(moment)
    asked: dict[str, object] = {
        "queue_id": step.target, "priority": step.priority, "since": since.isoformat(),
        "number": moment.call.caller.number, "line": step.line,
        "not_rung": sorted(step.named_not_rung),
    }  # fmt: skip
    if not step.booth:
        await moment.record(FactKind.CALLBACK_OPENED, asked)
    return moment.build.message(Phrase.CALLBACK_TAKEN)


def _waits_since(moment: Moment) -> datetime:
    """Since the call came in, or since its last talk, from which it was sent here."""
    queue = moment.known.queue if moment.known is not None else None
    return queue.talked_until if queue is not None and queue.talked_until is not None else moment.came_at


def _is_offered_a_call_back(moment: Moment) -> bool:
    """Whether the caller may ask to be called back. A VIP waits for nobody's turn; and a number that the network does not
    vouch for is somebody else's, perhaps."""
    step, call, plan = moment.step, moment.call, moment.plan
    queue = plan.queues.get(step.target)
    after = queue.offer_callback_after_seconds if queue is not None else None
    if after is None or _waited(moment) < after or step.priority >= QueuePriority.VIP_UNCONFIRMED:
        return False
    if doubt_about(call.attestation, VipPolicy.UNLESS_DOUBTFUL, plain=call.caller.plain) is not None:
        return False
    return plan.may_ring(call.caller.number)


def _has_just_come_to_it(moment: Moment, period: int) -> bool:
    queue = moment.plan.queues[moment.step.target]
    return _waited(moment) - (queue.offer_callback_after_seconds or 0) < period


def _wanted_elsewhere(moment: Moment) -> Move | None:
    """Where somebody has sent the caller who waits."""
    return moment.known.move if moment.known is not None else None


def _in_vain(moment: Moment) -> Answer | None:
    """What becomes of somebody for whom waiting on is of no use: nobody serves the queue any more, it has taken too long, it
    was full when the call came, or the line has closed. None for everybody else. A VIP stays on through closing, and in a
    full queue; and as long as the company lets anybody wait, where nothing but a message would follow."""
    plan, step, build = moment.plan, moment.step, moment.build

    def overflow(phrase: Phrase, text: Said = NOTHING) -> Answer:
        return build.overflow(step.target, step.priority, phrase, text)

    if plan.service_of(step.target, moment.call.not_rung) is not Service.SERVED:
        return overflow(Phrase.NOBODY_SERVES)
    is_vip = step.priority >= QueuePriority.VIP_UNCONFIRMED
    longest = plan.longest_wait_in(step.target)
    if is_vip and plan.overflow_of(step.target, moment.call.not_rung).way not in TO_SOMEBODY:
        longest = max(longest, plan.treatments.longest_wait_seconds)
    if _waited(moment) >= longest:
        return overflow(Phrase.WAITED_TOO_LONG)
    if is_vip:
        return None
    if _comes_to_a_full_queue(moment):
        return overflow(Phrase.WAITED_TOO_LONG)
    decision = decide_safely(moment.call, plan, moment.as_of)
    if decision.trace[-1].found is Found.CLOSED and isinstance(action := decision.action, Message | Voicemail):
        return overflow(Phrase.CLOSED, Said(action.text, action.spoken_in))
    return None


def _comes_to_a_full_queue(moment: Moment) -> bool:
    """Only when it comes: nobody who waits is sent away because others have come."""
    queue = moment.plan.queues.get(moment.step.target)
    if queue is None or queue.max_waiting is None or moment.step.count or _waited(moment) >= _JUST_COME_SECONDS:
        return False
    mine = moment.known
    at = mine.queue.came_at if mine is not None and mine.queue is not None else moment.now
    calls, booth = moment.board.open_calls, bool(moment.step.booth)
    return calls.before(moment.tenant_id, moment.report.call_id, at, queue.id, booth=booth) >= queue.max_waiting


def _waited(moment: Moment) -> int:
    """The seconds that the call has spent in the queue, and for which operators were to be rung."""
    return moment.step.waited + moment.report.queue_seconds


def _waiting(moment: Moment) -> list[WaitingCall]:
    """The calls of the queue, the next one first."""
    open_calls, booth = moment.board.open_calls, bool(moment.step.booth)
    return in_order(open_calls.waiting_in(moment.tenant_id, moment.step.target, booth=booth), moment.now)


def _told(moment: Moment) -> Told:
    """The caller's place among all whom the queue has not yet put through, those included for whom somebody is rung and
    those who are to be called back. It is true at this moment, and a VIP may come; so a place far behind, which means
    little, is not told."""
    calls, queue_id, booth = moment.board.open_calls, moment.step.target, bool(moment.step.booth)
    places = calls.places_in(moment.tenant_id, queue_id, moment.now, booth=booth)
    place = place_of(moment.report.call_id, places, moment.now)
    if place is None or place >= _FARTHEST_PLACE_TOLD:
        return Told()
    put_through = calls.put_through(moment.tenant_id, queue_id, booth=booth)
    return Told(place + 1, estimated_wait(place, put_through, moment.now))


def _legs_to_ring(moment: Moment) -> list[Leg]:
    """Whom to ring for this call now; nobody until it is its turn. What is decided is the same for every call that asks, so
    each of the others has somebody left who is meant for it."""
    booth = bool(moment.step.booth)
    kept = () if booth else places_to_serve(moment.board, moment.plan, moment.now)
    picture = Picture.of(moment.plan, moment.board.open_calls, moment.now, booth=booth, kept=kept)
    made = picture.decide(reachable=False).make.get(moment.report.call_id, ())
    if made and _is_left_to_the_engine(moment, picture, made):
        return []
    return legs_of(moment.plan, moment.step.target, moment.step.line, made)


def _legs_rung_already(moment: Moment) -> list[Leg]:
    """Whom this very request was answered with before: a provider asks again when it thinks that the answer was lost, and
    takes either."""
    queue = moment.known.queue if moment.known is not None else None
    if queue is None or queue.is_waiting or queue.count != moment.step.count:
        return []
    return legs_of(moment.plan, moment.step.target, moment.step.line, queue.offers)


def _is_left_to_the_engine(moment: Moment, picture: Picture, names: Sequence[str]) -> bool:
    """Whether the worker that offers calls may be about to offer this one (:mod:`app.answering.offer_calls`). What it has
    not done some seconds after it could have been done, it does not do."""
    board, step = moment.board, moment.step
    if step.booth or not board.offers_turn.is_taken or board.telephone(moment.tenant_id, step.line) is None:
        return False
    call = moment.known
    since = [desk.idle_since for desk in picture.desks if desk.operator_id in names]
    if call is not None and call.queue is not None:
        since.append(call.queue.moved_at)
    return moment.now - max(since, default=moment.now) < _ENGINE_TAKES


async def left_queue(moment: Moment) -> Answer:
    """The call left the queue: to ring the operators, or for another reason."""
    step = moment.step
    # Where the provider does not tell how a call has left, it left as ours do: to ring somebody.
    result = moment.report.queue_result or ("" if _is_turned_away(moment) else "leave")
    if result in _WAITED and moment.is_doubted:
        await moment.record_waits_after_all()
    if result == "leave" and not moment.is_over and (wanted := _wanted_elsewhere(moment)) is not None:
        return await carry_out(moment, wanted)
    answer = _in_vain(moment) if result == "leave" else None
    legs = (_legs_rung_already(moment) or _legs_to_ring(moment)) if result == "leave" and answer is None else []
    payload: dict[str, object] = {"queue_id": step.target, "result": result}
    if legs:
        payload = offered_payload(step.target, result, legs, step.count)
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
    if step.priority == QueuePriority.VIP and (free := _legs_for_vip(moment)):
        # The provider's queue takes nobody any more: a VIP needs no place in it to be put through.
        return moment.build.operators(free, replace(step, kind=StepKind.OPERATOR_DONE, count=step.count + 1))
    return moment.build.message(Phrase.APOLOGY)


def _legs_for_vip(moment: Moment) -> list[Leg]:
    """Everybody who is free, for a VIP who has no place in the queue."""
    picture = Picture.of(moment.plan, moment.board.open_calls, moment.now, booth=bool(moment.step.booth))
    free = picture.free_in(moment.step.target, moment.call.not_rung)
    return legs_of(moment.plan, moment.step.target, moment.step.line, free)


def _is_turned_away(moment: Moment) -> bool:
    """Whether the queue takes nobody, where the provider does not tell how a call has left it: our callers leave it to ring
    somebody, which takes seconds each time."""
    waited = moment.now.timestamp() - moment.step.began
    return moment.step.count > _QUICK_ROUNDS and waited < moment.step.count * _QUICKEST_ROUND_SECONDS


async def operator_done(moment: Moment) -> Answer:
    """The operators were rung: either the talk is over, or nobody answered and the caller waits on."""
    if moment.is_over:
        end = await moment.end()
        return moment.build.ask_satisfaction(moment.step.target) if is_asked_for_a_mark(moment) else end
    await moment.record_in_vain()
    if moment.report.ring_result == "busy":
        await _record_who_declined(moment)
    if (answer := _in_vain(moment)) is not None:
        return answer
    step = moment.step
    return moment.build.queue(step.target, step.priority, count=step.count, waited=step.waited)


async def _record_who_declined(moment: Moment) -> None:
    """Where one operator was rung, it was that one; of several each telephone tells by itself (:mod:`follow_call`)."""
    call = moment.known
    if call is not None and call.queue is not None and len(call.queue.offers) == 1:
        (operator_id,) = call.queue.offers
        await moment.record(FactKind.SEEN, {"declined_by": operator_id}, "declined", operator_id, moment.step.count)


def offered_payload(queue_id: str, result: str, legs: Sequence[Leg], count: int) -> dict[str, object]:
    """What is recorded of a call for which these are rung from now on; in any order."""
    names = [leg.operator_id for leg in legs]
    seconds = seconds_of(legs) + ON_THE_WAY_SECONDS if legs else 0
    return {"queue_id": queue_id, "result": result, "offered_to": names, "seconds": seconds, "count": count}


def seconds_of(legs: Sequence[Leg]) -> int:
    """How long ringing them may take: one after the other where somebody has to press a key."""
    longest = max(leg.ring_seconds for leg in legs)
    return longest * len(legs) if are_rung_in_turn(legs) else longest
