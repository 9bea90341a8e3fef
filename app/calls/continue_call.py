"""A running call goes on: key presses, queue ticks, the results of ringing somebody. Where the call stands is in the step
of its URL, so any worker can go on with it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog

from app.audio import HOLD_MUSIC_SECONDS
from app.calls.answer_call import decide_safely, incoming_call, incoming_fact, is_blocked, renderer
from app.calls.records import CallFact, FactKind, fact
from app.calls.render import Renderer
from app.providers import twiml
from app.providers.twilio.payload import Webhook
from app.switchboard import Switchboard
from routing.actions import Leg, Phrase, Queue
from routing.call import IncomingCall
from routing.call_queue import place_of
from routing.lifecycle import Outcome
from routing.menu import Again, GiveUp, MenuTarget, TargetKind, after_key
from routing.plan import RoutingPlan
from routing.reasons import ReasonCode
from routing.step import Step, StepKind

log = structlog.get_logger(__name__)

HOLD_BEFORE_RINGING_AGAIN_SECONDS: Final = 20
ANNOUNCE_EVERY_SECONDS: Final = 90
SIGN_OF_LIFE_SECONDS: Final = 300
_ENDED: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_CALLEE_STEPS: Final = frozenset({StepKind.CONFIRM, StepKind.CONFIRM_KEY})


@dataclass(frozen=True, slots=True)
class Moment:
    """One request about a running call."""

    board: Switchboard
    tenant_id: str
    plan: RoutingPlan
    webhook: Webhook
    step: Step
    call: IncomingCall
    now: datetime
    render: Renderer

    async def record(self, kind: FactKind, payload: dict[str, object], *identity: object) -> None:
        """Record a fact about the call (the caller's leg, also when a callee's leg asks)."""
        call_id = self.webhook.parent_call_id or self.webhook.call_id
        await self.record_fact(fact(self.tenant_id, call_id, kind, self.now, dict(payload), *identity))

    async def record_fact(self, recorded: CallFact) -> None:
        """Record a fact and let this worker know it at once."""
        self.board.open_calls.apply(recorded)
        await self.board.journal.append(recorded)

    async def record_still_here(self) -> None:
        """Every five minutes of waiting leave a sign of life, so that the sweep does not take the call for lost."""
        waited = int(self.now.timestamp()) - self.step.began
        if waited % SIGN_OF_LIFE_SECONDS < HOLD_MUSIC_SECONDS:
            await self.record(FactKind.SEEN, {}, waited // SIGN_OF_LIFE_SECONDS)


async def continue_call(board: Switchboard, tenant_id: str, webhook: Webhook, step: Step) -> str:
    """The next document of a running call."""
    now = board.clock()
    plan = board.live_plan.plan_of(tenant_id)
    if plan is None:
        raise LookupError("the account's company has no plan")
    call = replace(incoming_call(board, plan, webhook, now), to=step.line, recent_hops=0)
    render = renderer(board, plan, call, step.language or "en", step.began)
    moment = Moment(board, tenant_id, plan, webhook, step, call, now, render)
    if step.kind is not StepKind.FAKE_QUEUE and step.kind not in _CALLEE_STEPS and is_blocked(call, plan, now):
        return await _blocked_meanwhile(moment)
    return await _STEPS[step.kind](moment)


async def _blocked_meanwhile(moment: Moment) -> str:
    """The caller was blacklisted during the call: out of the real queue, into the fake one."""
    if moment.step.kind is StepKind.WAIT:
        return twiml.leave()
    if moment.webhook.status in _ENDED or _was_connected(moment.webhook):
        return await _ended(moment)
    return await _decide_again(moment)


async def _fake_queue(moment: Moment) -> str:
    """Another round, unless the caller is no longer blacklisted: then the call is decided again."""
    if not is_blocked(moment.call, moment.plan, moment.now):
        return await _decide_again(moment)
    await moment.record_still_here()
    waited = moment.now.timestamp() - moment.step.began
    return moment.render.fake_queue(moment.step.count, waited, moment.plan.treatments.fake_queue_cap_seconds)


async def _decide_again(moment: Moment) -> str:
    decision = decide_safely(moment.call, moment.plan, moment.now)
    blocked = decision.reason.code is ReasonCode.BLACKLISTED
    render = replace(moment.render, language=decision.language)
    if blocked:
        # The call has been answered, so whatever the entry's treatment is, waiting is what is left.
        waited = moment.now.timestamp() - moment.step.began
        document = render.fake_queue(0, waited, moment.plan.treatments.fake_queue_cap_seconds)
    else:
        document = render.action(decision.action)
    incoming = incoming_fact(moment.tenant_id, moment.webhook, moment.call, decision, document, moment.now)
    again = fact(
        moment.tenant_id, moment.webhook.call_id, FactKind.REDECIDED, moment.now, incoming.payload, decision.revision,
        blocked,
    )  # fmt: skip
    await moment.record_fact(again)
    return document


async def _menu_key(moment: Moment) -> str:
    menu = moment.plan.menus.get(moment.step.target)
    if menu is None:
        return await _to_default_queue(moment)
    digits = moment.webhook.digits if moment.step.kind is StepKind.MENU_KEY else ""
    outcome = after_key(menu, digits, moment.step.count)
    if isinstance(outcome, Again):
        return moment.render.menu(menu.id, tries=outcome.tries, priority=moment.step.priority, miss=outcome.miss)
    if isinstance(outcome, GiveUp):
        return await _to_default_queue(moment)
    if digits in menu.keys:
        choice = f"{digits} {outcome.label}".strip()
        await moment.record(FactKind.MENU, {"menu": menu.name, "choice": choice}, menu.id, digits)
    return await _to_target(moment, outcome)


async def _to_target(moment: Moment, target: MenuTarget) -> str:
    plan, render, priority = moment.plan, moment.render, moment.step.priority
    match target.kind:
        case TargetKind.MENU if target.id and target.id in plan.menus:
            return render.menu(target.id, priority=priority)
        case TargetKind.QUEUE if target.id and target.id in plan.queues:
            return render.queue(target.id, priority)
        case TargetKind.OPERATOR if target.id and target.id in plan.operators:
            queue_id = plan.default_queue_id(plan.lines[moment.step.line]) if moment.step.line in plan.lines else None
            return render.leg((plan.operators[target.id].leg,), 0, queue_id, priority)
        case TargetKind.MESSAGE:
            return render.message(Phrase.GOODBYE, target.text)
        case TargetKind.VOICEMAIL:
            return render.message(Phrase.VOICEMAIL, target.text)
        case TargetKind.HANG_UP:
            return render.message(Phrase.GOODBYE)
        case _:
            return await _to_default_queue(moment)


async def _to_default_queue(moment: Moment) -> str:
    line = moment.plan.lines.get(moment.step.line)
    queue_id = moment.plan.default_queue_id(line) if line else None
    if queue_id is None:
        return moment.render.message(Phrase.APOLOGY)
    return moment.render.action(Queue(queue_id, moment.step.priority))


async def _leg_done(moment: Moment) -> str:
    """Somebody of the VIP chain was rung: on to the next, then to the front of the queue."""
    if _was_connected(moment.webhook) or moment.webhook.status in _ENDED:
        return await _ended(moment)
    chain = moment.plan.vip_chain() if moment.step.priority else ()
    return moment.render.leg(chain, moment.step.count + 1, moment.step.target or None, moment.step.priority)


async def _confirm(moment: Moment) -> str:
    return moment.render.confirm(moment.step.target)


async def _confirm_key(moment: Moment) -> str:
    """The callee pressed a key: 1 connects, anything else sends the call on."""
    if moment.webhook.digits != "1":
        return twiml.hang_up()
    if moment.webhook.parent_call_id:
        await moment.record(FactKind.ANSWERED, {"operator_id": moment.step.target}, moment.step.target)
    return twiml.empty()


async def _wait(moment: Moment) -> str:
    """A tick of the queue: ring the operators when it is this call's turn, play music until then."""
    step, seconds = moment.step, moment.webhook.queue_seconds
    payload: dict[str, object] = {
        "queue_id": step.target,
        "priority": step.priority,
        "since": datetime.fromtimestamp(step.began, moment.now.tzinfo).isoformat(),
    }
    if seconds < HOLD_BEFORE_RINGING_AGAIN_SECONDS:
        await moment.record(FactKind.QUEUED, payload, step.target, step.count)
    else:
        await moment.record_still_here()
    rested = step.count == 0 or seconds >= HOLD_BEFORE_RINGING_AGAIN_SECONDS
    if rested and _is_next(moment) and _free_legs(moment):
        return twiml.leave()
    announce = seconds % ANNOUNCE_EVERY_SECONDS < HOLD_BEFORE_RINGING_AGAIN_SECONDS
    return moment.render.hold(step.target, announce=announce)


def _is_next(moment: Moment) -> bool:
    queue_id, calls = moment.step.target, moment.board.open_calls
    place = place_of(moment.webhook.call_id, calls.waiting_in(moment.tenant_id, queue_id), moment.now)
    free = len(_free_legs(moment)) - calls.offered_from(moment.tenant_id, queue_id)
    return place is not None and place < free


def _free_legs(moment: Moment) -> list[Leg]:
    busy = moment.board.open_calls.busy_operators(moment.tenant_id)
    return [one.leg for one in moment.plan.operators_of(moment.step.target) if one.leg.operator_id not in busy]


async def _left_queue(moment: Moment) -> str:
    result, step = moment.webhook.queue_result, moment.step
    await moment.record(
        FactKind.LEFT_QUEUE, {"queue_id": step.target, "result": result}, step.target, step.count, result
    )
    if result == "hangup" or moment.webhook.status in _ENDED:
        return await _ended(moment)
    if result == "leave":
        if legs := _free_legs(moment):
            return moment.render.operators(legs, replace(step, kind=StepKind.OPERATOR_DONE, count=step.count + 1))
        return moment.render.queue(step.target, step.priority, count=step.count + 1)
    if result.startswith("redirected") or result.startswith("bridg"):
        return twiml.empty()
    return moment.render.message(Phrase.APOLOGY)


async def _operator_done(moment: Moment) -> str:
    """The operators were rung: either the talk is over, or nobody answered and the caller waits on."""
    if _was_connected(moment.webhook) or moment.webhook.status in _ENDED:
        return await _ended(moment)
    return moment.render.queue(moment.step.target, moment.step.priority, count=moment.step.count)


async def _ring_out(moment: Moment) -> str:
    return twiml.hang_up()


async def _ended(moment: Moment) -> str:
    await moment.record(FactKind.ENDED, {"outcome": Outcome.COMPLETED.value})
    return twiml.hang_up()


def _was_connected(webhook: Webhook) -> bool:
    """Whether the Dial that just ended had put caller and callee together."""
    return webhook.dial_status in {"completed", "answered"} and webhook.dial_bridged


_STEPS: Final[dict[StepKind, Callable[[Moment], Awaitable[str]]]] = {
    StepKind.FAKE_QUEUE: _fake_queue,
    StepKind.MENU_KEY: _menu_key,
    StepKind.MENU_SILENCE: _menu_key,
    StepKind.LEG_DONE: _leg_done,
    StepKind.CONFIRM: _confirm,
    StepKind.CONFIRM_KEY: _confirm_key,
    StepKind.WAIT: _wait,
    StepKind.LEFT_QUEUE: _left_queue,
    StepKind.OPERATOR_DONE: _operator_done,
    StepKind.RING_OUT: _ring_out,
}
