"""A running call goes on: key presses, queue ticks, the results of ringing somebody. Where the call stands is in the step
of its URL, so any worker can go on with it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from app.answering.answer_call import builder, caller_of, earlier_calls, is_blocked
from app.answering.answers import Answer, HangUp, Leave
from app.answering.booth_ticket import BoothTicket
from app.answering.report import CallReport
from app.answering.steps.call_back import call_back, called_back
from app.answering.steps.dictation import dictate, dictated
from app.answering.steps.fake_queue import decide_again, fake_queue
from app.answering.steps.mark import rated
from app.answering.steps.menu import menu_key
from app.answering.steps.moment import Moment
from app.answering.steps.moving import carry_out, move, move_done
from app.answering.steps.offered import offered
from app.answering.steps.pin import pin_keyed
from app.answering.steps.queue import left_queue, operator_done, wait, wait_key
from app.answering.steps.ringing import confirm, confirm_key, leg_done, urgent_key
from app.answering.steps.voicemail import recorded
from app.answering.steps.word import (
    held,
    held_tick,
    rejoined,
    unheld,
    word,
    word_answer,
    word_left,
    word_talked,
    word_wait,
)
from app.event_log.open_calls import OpenCall
from app.switchboard import Switchboard
from filters.caller_id import CallerId, CallerKind
from routing.call import IncomingCall
from routing.move import MoveTo, is_blacklisted
from routing.step import IN_A_QUEUE, LONGEST_CALL_SECONDS, Step, StepKind

CALLEE_STEPS: Final = frozenset({StepKind.CONFIRM, StepKind.CONFIRM_KEY})
"""Asked for in the call of whoever is rung."""

MEET_NOBODY: Final = frozenset({StepKind.FAKE_QUEUE, StepKind.RECORDED})
"""Nothing that is answered here leads to a person, so that a blacklisted caller may be where they are."""


async def continue_call(board: Switchboard, tenant_id: str, report: CallReport, step: Step) -> Answer:
    """The next answer of a running call. Before anything else: is the caller blacklisted by now?"""
    now = board.clock()
    plan = board.live_plan.plan_of(tenant_id)
    if plan is None:
        raise LookupError("the account's company has no plan")
    caller_s_call = report.parent_call_id or report.call_id
    too_old = now.timestamp() - step.began > LONGEST_CALL_SECONDS
    known = board.open_calls.of_call(tenant_id, caller_s_call)
    if too_old and known is None:
        return HangUp()  # an old request was sent again; a call that is known goes on, even if the clock has jumped
    board.open_calls.heard(tenant_id, report.call_id, now)
    caller = caller_of(plan, report, step.line, now)
    not_rung = step.named_not_rung | plan.beyond(step.line)
    if known is not None and known.to_end:
        return HangUp()
    released = known is not None and known.released
    call = IncomingCall(
        report.call_id, step.line, caller, report.attestation, caller_as_sent=report.caller, not_rung=not_rung,
        released=released, caller_name=report.caller_name,
        earlier_calls=earlier_calls(board, plan, caller.number, caller_s_call, now),
    )  # fmt: skip
    ticket = BoothTicket(step.shift) if step.booth else None
    rounds = _rounds_in_queues(known, step)
    build = replace(builder(plan, call, step.language or "en", step.began, ticket), plays=step.plays, rounds=rounds)
    moment = Moment(board, tenant_id, plan, report, step, call, now, build)
    if step.kind is StepKind.FAKE_QUEUE and _is_to_end(moment):
        return await moment.end()
    if step.kind not in MEET_NOBODY and is_blocked(call, plan, moment.as_of):
        return await _blocked_meanwhile(moment)
    if step.about and _is_about_somebody_blocked(moment):
        return HangUp()
    if step.kind in _AFTER_A_TALK and (answer := await _sent_on(moment)) is not None:
        return answer
    return await _STEPS[step.kind](moment)


def _rounds_in_queues(known: OpenCall | None, step: Step) -> int:
    """How often the call has come to a queue. A step of a move has it from the worker that was asked for the move: this one
    may not have heard of all that came before."""
    heard = known.queue.count + 1 if known is not None and known.queue is not None and known.queue.has_waited else 0
    return max(heard, step.count if step.kind in {StepKind.MOVE, StepKind.MOVE_DONE} else 0)


async def _blocked_meanwhile(moment: Moment) -> Answer:
    """The caller was blacklisted during the call: out of the real queue, into the fake one, away from any callee."""
    if moment.step.kind in CALLEE_STEPS or moment.step.about:
        return HangUp()
    if moment.step.kind in IN_A_QUEUE:
        return Leave()
    if moment.is_over:
        return await moment.end()
    return await decide_again(moment)


def _is_to_end(moment: Moment) -> bool:
    """Whether somebody has ended the call while the REST API was away. Nothing else is done for a blacklisted caller."""
    wanted = moment.known.move if moment.known is not None else None
    return wanted is not None and wanted.to is MoveTo.NOWHERE


def _is_about_somebody_blocked(moment: Moment) -> bool:
    """Whether the caller of the call that another one is about is blacklisted by now."""
    number = moment.known.number if moment.known is not None else None
    return number is not None and is_blacklisted(CallerId(CallerKind.NUMBER, number), moment.plan, moment.as_of)


async def _sent_on(moment: Moment) -> Answer | None:
    """Where the caller goes behind a talk or a choice, when somebody has sent them elsewhere or asks about them."""
    known = moment.known
    if known is None or moment.caller_has_gone:
        return None
    if known.word is not None:
        return held(moment, known.word)
    return await carry_out(moment, known.move) if known.move is not None else None


_AFTER_A_TALK: Final = frozenset(
    {
        StepKind.OPERATOR_DONE,
        StepKind.LEG_DONE,
        StepKind.MOVE_DONE,
        StepKind.MENU_KEY,
        StepKind.MENU_SILENCE,
        StepKind.PIN_KEYS,
        StepKind.PIN_SILENCE,
        StepKind.URGENT_KEY,
        StepKind.URGENT_SILENCE,
    }
)

_STEPS: Final[dict[StepKind, Callable[[Moment], Awaitable[Answer]]]] = {
    StepKind.FAKE_QUEUE: fake_queue,
    StepKind.MENU_KEY: menu_key,
    StepKind.MENU_SILENCE: menu_key,
    StepKind.PIN_KEYS: pin_keyed,
    StepKind.PIN_SILENCE: pin_keyed,
    StepKind.URGENT_KEY: urgent_key,
    StepKind.URGENT_SILENCE: urgent_key,
    StepKind.LEG_DONE: leg_done,
    StepKind.CONFIRM: confirm,
    StepKind.CONFIRM_KEY: confirm_key,
    StepKind.WAIT: wait,
    StepKind.WAIT_KEY: wait_key,
    StepKind.LEFT_QUEUE: left_queue,
    StepKind.OPERATOR_DONE: operator_done,
    StepKind.RATED: rated,
    StepKind.RECORDED: recorded,
    StepKind.CALL_BACK: call_back,
    StepKind.CALLED_BACK: called_back,
    StepKind.OFFERED: offered,
    StepKind.MOVE: move,
    StepKind.MOVE_DONE: move_done,
    StepKind.HELD: held_tick,
    StepKind.UNHELD: unheld,
    StepKind.WORD: word,
    StepKind.WORD_WAIT: word_wait,
    StepKind.WORD_LEFT: word_left,
    StepKind.WORD_ANSWER: word_answer,
    StepKind.WORD_TALKED: word_talked,
    StepKind.REJOINED: rejoined,
    StepKind.DICTATE: dictate,
    StepKind.DICTATED: dictated,
}
