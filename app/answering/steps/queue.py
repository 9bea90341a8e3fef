"""Waiting for an operator: ticks of the provider's queue, leaving it, and ringing the operators."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from app.answering.answers import Answer, Leave, Nothing
from app.answering.steps.moment import Moment
from app.audio import HOLD_MUSIC_PARTS, HOLD_MUSIC_SECONDS
from app.event_log.records import FactKind
from routing.actions import Leg, Phrase
from routing.call_queue import place_of
from routing.step import StepKind

HOLD_BEFORE_RINGING_AGAIN_SECONDS: Final = 10
ANNOUNCE_EVERY_SECONDS: Final = 90
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
    rested = step.count == 0 or seconds >= HOLD_BEFORE_RINGING_AGAIN_SECONDS
    if rested and _is_next(moment) and _free_legs(moment):
        return Leave()
    near = (place := _place(moment)) is not None and place < ALMOST_NEXT
    period = HOLD_MUSIC_SECONDS // HOLD_MUSIC_PARTS if near else HOLD_MUSIC_SECONDS
    part = seconds // period % HOLD_MUSIC_PARTS if near else None
    announce = seconds % ANNOUNCE_EVERY_SECONDS < period
    return moment.build.hold(step.target, announce=announce, part=part)


def _is_next(moment: Moment) -> bool:
    offered = moment.board.open_calls.offered_from(moment.tenant_id, moment.step.target, booth=bool(moment.step.booth))
    free = len(_free_legs(moment)) - offered
    place = _place(moment)
    return place is not None and place < free


def _place(moment: Moment) -> int | None:
    waiting = moment.board.open_calls.waiting_in(moment.tenant_id, moment.step.target, booth=bool(moment.step.booth))
    return place_of(moment.report.call_id, waiting, moment.now)


def _free_legs(moment: Moment) -> list[Leg]:
    busy = moment.board.open_calls.busy_operators(moment.tenant_id, booth=bool(moment.step.booth))
    return [one.leg for one in moment.plan.operators_of(moment.step.target) if one.leg.operator_id not in busy]


async def left_queue(moment: Moment) -> Answer:
    """The call left the queue: to ring the operators, or for another reason."""
    step = moment.step
    # Where the provider does not tell how a call has left, it left as ours do: to ring somebody.
    result = moment.report.queue_result or ("" if _is_turned_away(moment) else "leave")
    await moment.record(
        FactKind.LEFT_QUEUE, {"queue_id": step.target, "result": result}, step.target, step.count, result
    )
    if result == "hangup" or moment.is_over:
        return await moment.end()
    if result == "leave":
        if legs := _free_legs(moment):
            return moment.build.operators(legs, replace(step, kind=StepKind.OPERATOR_DONE, count=step.count + 1))
        return moment.build.queue(step.target, step.priority, count=step.count + 1)
    if result.startswith("redirected") or result.startswith("bridg"):
        return Nothing()
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
    return moment.build.queue(moment.step.target, moment.step.priority, count=moment.step.count)
