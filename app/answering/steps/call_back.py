"""Somebody is called back: whoever is to talk to them has picked up, and the number is rung."""

from dataclasses import replace
from typing import Final

from app.answering.answers import Answer, Callee, HangUp, Ring, Say
from app.answering.offering import may_be_called
from app.answering.steps.moment import Moment
from app.event_log.calls_back import CallingBack, over_fact
from app.event_log.records import FactKind, callback_fact, fact
from routing.actions import Phrase
from routing.step import StepKind

RING_SECONDS: Final = 45
NEEDS_NO_KEY: Final = 0
ASKS_FOR_A_KEY: Final = 1
KEY_WAS_ASKED_FOR: Final = 2
"""A step's ``count``: how far whoever is to talk has confirmed that they are there."""


async def call_back(moment: Moment) -> Answer:
    """Ring the number, unless it is blacklisted by now, or may not be rung any more. Whoever has to press a key for calls
    (a mobile, with a voicemail of its own) has to for this one too: else the caller would be called by a voicemail."""
    step, plan = moment.step, moment.plan
    if step.count == ASKS_FOR_A_KEY:
        return moment.build.ask_for_key(replace(step, count=KEY_WAS_ASKED_FOR))
    if step.count == KEY_WAS_ASKED_FOR and moment.report.keys != "1":
        return HangUp()
    ring, leg = _ring_of(moment), moment.report.call_id
    if _is_of_no_use(moment, ring):
        return Say((moment.build.phrase(Phrase.CALLEE_GONE),))
    told: dict[str, object] = {"picked_up": step.rings, "leg": leg}
    if ring is not None and ring.by_queue:
        told["turn"] = True
    about = moment.tenant_id, step.target, ring.call_id if ring else "", FactKind.CALLBACK_CHANGED
    await moment.board.record(callback_fact(*about, moment.now, told, "picked up", leg))
    line = plan.lines.get(step.line)
    if line is None or not may_be_called(plan, line, step.number, moment.now):
        return Say((moment.build.phrase(Phrase.APOLOGY),))
    then = replace(step, kind=StepKind.CALLED_BACK)
    return Ring((Callee(step.number),), line.number, RING_SECONDS, then, unanswered=False)


def _ring_of(moment: Moment) -> CallingBack | None:
    """The ring that is answered, as far as it is known."""
    return moment.board.open_calls.calls_back.of_callback(moment.tenant_id, moment.step.target)


def _is_of_no_use(moment: Moment, ring: CallingBack | None) -> bool:
    """Whether nobody is to be called any more by whoever has picked up: somebody has seen to it meanwhile, somebody else
    calls already, or the one to be called is calling at this moment."""
    step, calls = moment.step, moment.board.open_calls
    if ring is not None and (
        ring.void or ring.operator_id != step.rings or ring.leg not in ("", moment.report.call_id)
    ):
        return True
    return calls.others_of(moment.tenant_id, step.number, moment.report.call_id, moment.now, 1) > 0


async def called_back(moment: Moment) -> Answer:
    """The number was rung: whoever answered has been called back."""
    report, step, ring = moment.report, moment.step, _ring_of(moment)
    about = moment.tenant_id, step.target, ring.call_id if ring else "", report.call_id
    await moment.board.record(over_fact(*about, moment.now, "done"))
    talked = report.ring_result in {"completed", "answered"} and report.connected is not False
    if talked:
        told = {"callback_id": step.target, "reached": True}
        await moment.board.record(
            fact(moment.tenant_id, report.call_id, FactKind.CALLBACK_DONE, moment.now, told, step.target)
        )
    return HangUp()
