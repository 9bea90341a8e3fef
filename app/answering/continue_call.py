"""A running call goes on: key presses, queue ticks, the results of ringing somebody. Where the call stands is in the step
of its URL, so any worker can go on with it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from app.answering.answer_call import builder, caller_of, is_blocked
from app.answering.answers import Answer, HangUp, Leave
from app.answering.booth_ticket import BoothTicket
from app.answering.report import CallReport
from app.answering.steps.call_back import call_back, called_back
from app.answering.steps.fake_queue import decide_again, fake_queue
from app.answering.steps.menu import menu_key
from app.answering.steps.moment import Moment
from app.answering.steps.offered import offered
from app.answering.steps.queue import left_queue, operator_done, wait
from app.answering.steps.ringing import confirm, confirm_key, leg_done
from app.switchboard import Switchboard
from routing.call import IncomingCall
from routing.step import LONGEST_CALL_SECONDS, Step, StepKind

CALLEE_STEPS: Final = frozenset({StepKind.CONFIRM, StepKind.CONFIRM_KEY})
"""Asked for in the call of whoever is rung."""


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
    not_rung = frozenset(step.not_rung.split(",")) if step.not_rung else frozenset()
    if known is not None and known.to_end:
        return HangUp()
    released = known is not None and known.released
    call = IncomingCall(
        report.call_id, step.line, caller, report.attestation, caller_as_sent=report.caller, not_rung=not_rung,
        released=released,
    )  # fmt: skip
    ticket = BoothTicket(step.shift) if step.booth else None
    build = replace(builder(plan, call, step.language or "en", step.began, ticket), plays=step.plays)
    moment = Moment(board, tenant_id, plan, report, step, call, now, build)
    if step.kind is not StepKind.FAKE_QUEUE and is_blocked(call, plan, moment.as_of):
        return await _blocked_meanwhile(moment)
    return await _STEPS[step.kind](moment)


async def _blocked_meanwhile(moment: Moment) -> Answer:
    """The caller was blacklisted during the call: out of the real queue, into the fake one, away from any callee."""
    if moment.step.kind in CALLEE_STEPS:
        return HangUp()
    if moment.step.kind is StepKind.WAIT:
        return Leave()
    if moment.is_over:
        return await moment.end()
    return await decide_again(moment)


_STEPS: Final[dict[StepKind, Callable[[Moment], Awaitable[Answer]]]] = {
    StepKind.FAKE_QUEUE: fake_queue,
    StepKind.MENU_KEY: menu_key,
    StepKind.MENU_SILENCE: menu_key,
    StepKind.LEG_DONE: leg_done,
    StepKind.CONFIRM: confirm,
    StepKind.CONFIRM_KEY: confirm_key,
    StepKind.WAIT: wait,
    StepKind.LEFT_QUEUE: left_queue,
    StepKind.OPERATOR_DONE: operator_done,
    StepKind.CALL_BACK: call_back,
    StepKind.CALLED_BACK: called_back,
    StepKind.OFFERED: offered,
}
