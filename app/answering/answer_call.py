"""A call comes in: decide, record, answer. Memory and one local file, never the database."""

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import orjson
import structlog

from app.answering.booth_ticket import BoothTicket, ticket_of
from app.answering.build_answers import AnswerBuilder, language_of
from app.answering.given import Given
from app.answering.in_turn import Turn, whose_turn
from app.answering.incoming_record import incoming_fact
from app.answering.report import CallReport
from app.answering.stored_answer import read_answer
from app.answering.strangers import Strangers
from app.base.log_setup import masked_number
from app.event_log.records import FactKind, fact
from app.switchboard import Switchboard
from filters.caller import look_up
from filters.caller_id import CallerId, CallerKind, read_caller_id
from filters.number import NumberUnreadable, read_number
from routing.actions import Action, Connect, FakeQueue, Message, Phrase, Queue, Reject
from routing.call import IncomingCall
from routing.dialling import SIP
from routing.findings import Finding, Found
from routing.inquiry import Decision
from routing.plan import RoutingPlan
from routing.questions.number import MAX_CALLS_AT_ONCE
from routing.reasons import Reason, ReasonCode

_KEPT: Final = 500
_SHOWABLE: Final = re.compile(r"\+?[0-9]{3,20}", re.ASCII)
_given: dict[tuple[object, ...], Given] = {}
"""The first answers of calls that came in lately, by what makes them differ."""
_strangers: Final = Strangers()
_ADDRESSES: Final = frozenset({CallerKind.SIP, CallerKind.CLIENT})
_NOBODY: Final[frozenset[str]] = frozenset()

log = structlog.get_logger(__name__)
_plain_log = logging.getLogger(__name__)


async def answer_call(board: Switchboard, tenant_id: str, report: CallReport) -> Given:
    """The answer to an incoming call. A repeated report gets the same one again."""
    if (known := board.open_calls.answer_to(tenant_id, report.call_id)) is not None:
        return _again(known)
    key = (tenant_id, report.call_id)
    if (repetitions := board.answering.get(key)) is not None:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        repetitions.append(answer)
        return _again(await answer)
    board.answering[key] = repetitions = []
    try:
        given = await _decide_and_record(board, tenant_id, report, decide_safely)
    except BaseException as error:
        for one in repetitions:
            if not one.done():
                one.set_exception(error)
        raise
    else:
        for one in repetitions:
            if not one.done():
                one.set_result(given.json)
        return given
    finally:
        del board.answering[key]


async def answer_after_failure(board: Switchboard, tenant_id: str, report: CallReport) -> Given:
    """The provider could not use our answer: the plainest one that still tells a blacklisted caller from the others."""
    has_failed = board.open_calls.answer_to(tenant_id, report.call_id) is not None
    return await _decide_and_record(board, tenant_id, report, decide_neutrally, has_failed=has_failed)


async def _decide_and_record(
    board: Switchboard,
    tenant_id: str,
    report: CallReport,
    how: Callable[[IncomingCall, RoutingPlan, datetime], Decision],
    *,
    has_failed: bool = False,
) -> Given:
    now = board.clock()
    plan = board.live_plan.plan_of(tenant_id)
    if plan is None:
        raise LookupError("the account's company has no plan")
    call = incoming_call(board, plan, report, now)
    ticket = ticket_of(board.settings, report.call_id, report.booth)
    as_of = now if ticket is None else now + timedelta(seconds=ticket.shift)
    decision = how(call, plan, as_of)
    if isinstance(decision.action, FakeQueue):
        call = _with_what_is_held(board, plan, call, now)
        decision = how(call, plan, as_of)
    turn = _first_turn(board, plan, call, decision.action, now) if ticket is None else None
    given = _first_answer(plan, call, decision, int(now.timestamp()), ticket, turn.index if turn else 0)
    if ticket is None:
        board.open_calls.came_in(tenant_id, report.call_id, call.caller.number, decision.action.name, now, call.to)
    record = incoming_fact(tenant_id, report, call, decision, given, now, _strangers, ticket)
    if has_failed:  # the call had been answered, and that answer was of no use: what counts is this one
        record = fact(tenant_id, report.call_id, FactKind.REDECIDED, now, record.payload, "after failure")
    rings = turn.as_fact(tenant_id, report.call_id, now) if turn else None
    if rings is None:
        await board.journal.append(record)
    else:
        board.open_calls.apply(rings)  # known before anything else is decided: nobody rings for two callers
        await board.journal.append(record, rings)
    board.open_calls.remember_answer(tenant_id, report.call_id, given.json)
    if _plain_log.isEnabledFor(logging.DEBUG):  # every decision is in the event log anyway
        log.debug(
            "call.decided",
            call=report.call_id,
            caller=masked_number(call.caller.value),
            action=decision.action.name,
            reason=decision.reason.code.value,
        )
    return given


def incoming_call(board: Switchboard, plan: RoutingPlan, report: CallReport, now: datetime) -> IncomingCall:
    """The reported facts as the core wants them."""
    called = called_line(plan, report.called)
    caller = caller_of(plan, report, called, now)
    number, calls = caller.number, board.open_calls
    # While the event log cannot be read, nobody knows which calls have ended elsewhere: then none is one too many.
    counted = board.feed.unread_since is None
    return IncomingCall(
        report.call_id,
        called,
        caller,
        report.attestation,
        board.hops.count(called, now) if number in plan.lines else 0,
        report.caller,
        1 + calls.others_of(plan.tenant_id, number, report.call_id, now, MAX_CALLS_AT_ONCE)
        if number and counted
        else 1,
        not_rung=not_rung_for(plan, caller, report.forwarded_from, called),
        locked_pins=calls.pin_attempts.locked(plan.tenant_id, now),
        caller_name=report.caller_name,
        earlier_calls=earlier_calls(board, plan, number, report.call_id, now),
    )


def earlier_calls(
    board: Switchboard, plan: RoutingPlan, number: str | None, call_id: str, now: datetime
) -> tuple[float, ...]:
    """How many seconds ago this number called before, as far as the company's rules count calls."""
    within = plan.rules.counted_seconds
    if not within or number is None:
        return ()
    return board.open_calls.recent_calls.ages(plan.tenant_id, number, call_id, now, within)


def _with_what_is_held(board: Switchboard, plan: RoutingPlan, call: IncomingCall, now: datetime) -> IncomingCall:
    """What the fake queue holds and has held, which is counted for those alone who are to go there."""
    if board.feed.unread_since is not None:
        return call
    calls, caps = board.open_calls, plan.treatments.caps
    return call._replace(
        held_at_once=calls.others_held(plan.tenant_id, call.call_id, now, caps.at_once),
        held_so_far=calls.held_so_far(plan.tenant_id, call.to, call.caller.number, now),
    )


def caller_of(plan: RoutingPlan, report: CallReport, called: str, now: datetime) -> CallerId:
    """Who calls. Of several who may have called it is one who is blocked, if any is, and otherwise nobody."""
    line = plan.lines.get(called)
    for one in report.callers:
        caller = identity_of(plan, one, called)
        if plan.blocks(look_up(caller, plan.lists, line.id if line else "", now)):
            return caller
    return identity_of(plan, report.caller, called)


def identity_of(plan: RoutingPlan, said: str, called: str) -> CallerId:
    """Who it is, as the network ``said``; a national form is read with the called line's country."""
    line = plan.lines.get(called)
    country = line.country if line else next((one.country for one in plan.lines.values()), "FR")
    return read_caller_id(said, country)


def not_rung_for(plan: RoutingPlan, caller: CallerId, forwarded_from: str, called: str) -> frozenset[str]:
    """The operators (ids) who have placed the call or forwarded it to us. Their numbers are protected, so that this is
    seldom looked for in vain. And those whom the provider of the ``called`` line cannot ring."""
    from_telephones = [caller] if caller.number in plan.protected or caller.kind in _ADDRESSES else []
    if forwarded_from:
        from_telephones.append(identity_of(plan, forwarded_from, called))
    beyond = plan.beyond(called)
    return plan.operators_at(from_telephones) | beyond if from_telephones else beyond


def called_line(plan: RoutingPlan, called: str) -> str:
    """The called number in the form of the plan's lines; SIP addresses by their user part."""
    if called in plan.lines:
        return called
    user = called.partition(":")[2].partition("@")[0] if called.startswith(SIP) else called
    for line in plan.lines.values():
        try:
            number = read_number(user, line.country)
        except NumberUnreadable:
            continue
        if number in plan.lines:
            return number
    return called


def decide_safely(call: IncomingCall, plan: RoutingPlan, now: datetime) -> Decision:
    """:func:`routing.decision.decide`, or, should it ever fail, a neutral decision: the ordinary queue for ordinary callers,
    the fake queue for blacklisted ones, VIP for nobody."""
    try:
        return _strangers.decide(call, plan, now)
    except Exception:
        log.exception("decision.failed", call=call.call_id)
        return decide_neutrally(call, plan, now)


def decide_neutrally(call: IncomingCall, plan: RoutingPlan, now: datetime) -> Decision:
    """Without rules, hours and menus: a blacklisted caller stays out, everybody else waits for an operator."""
    line = plan.lines.get(call.to)
    caller = look_up(call.caller, plan.lists, line.id if line else "", now)
    queue_id = plan.default_queue_id(line) if line else None
    action: FakeQueue | Reject | Queue | Message
    if caller.blacklist is not None and plan.blocks(caller) and not call.released:
        is_free_of_charge = line is not None and line.toll_free
        action = Reject() if is_free_of_charge else FakeQueue(plan.treatments.caps.call_seconds)
        reason = Reason(ReasonCode.BLACKLISTED, Finding(Found.BLACKLISTED_WITHOUT_RULES, caller.blacklist))
    else:
        action = Queue(queue_id) if queue_id is not None else Message(Phrase.APOLOGY)
        reason = Reason(ReasonCode.DEFAULT, Finding(Found.RULES_FAILED))
    return Decision(action, reason, caller, (reason.finding,), plan.revision, language_of(line), line)


def is_blocked(call: IncomingCall, plan: RoutingPlan, now: datetime) -> bool:
    """Whether the caller of a running call is blacklisted now: asked again before anybody is rung. Whom somebody has let
    out of the fake queue is received like everybody else until the call ends."""
    line = plan.lines.get(call.to)
    return not call.released and plan.blocks(look_up(call.caller, plan.lists, line.id if line else "", now))


def builder(
    plan: RoutingPlan, call: IncomingCall, language: str, began: int, ticket: BoothTicket | None = None
) -> AnswerBuilder:
    """What builds the answers of one call."""
    return AnswerBuilder(plan, call.to, began, language, _number_to_show(call), ticket, call.not_rung)


def _first_turn(
    board: Switchboard, plan: RoutingPlan, call: IncomingCall, action: Action, now: datetime
) -> Turn | None:
    """Who is rung first, where a decision has people rung one after the other."""
    if not isinstance(action, Connect) or action.urgent:
        return None
    return whose_turn(board, plan, call.call_id, action.legs, 0, now, or_anybody=action.queue_id is None)


def _first_answer(
    plan: RoutingPlan,
    call: IncomingCall,
    decision: Decision,
    began: int,
    ticket: BoothTicket | None = None,
    first: int = 0,
) -> Given:
    """The answer that the decision leads to: the same for all who get it in one second, apart from the caller shown to a
    callee."""
    shown = _number_to_show(call) if isinstance(decision.action, Connect) else None
    key = (
        plan.tenant_id, plan.revision, call.to, decision.language, began, decision.action, shown, ticket, call.not_rung,
        first,
    )  # fmt: skip
    if (given := _given.get(key)) is None:
        if len(_given) >= _KEPT:
            _given.clear()
        answer = builder(plan, call, decision.language, began, ticket).action(decision.action, first)
        given = _given[key] = Given.of(answer)
    return given


def _again(known: bytes) -> Given:
    """An answer that was given before."""
    return Given.of(read_answer(orjson.loads(known)))


def _number_to_show(call: IncomingCall) -> str | None:
    """The caller as the provider sent it: it lets callees see the call's own two numbers, in its own spelling, and ours
    (twilio.com/docs/api/errors/13214). None where that is no number in plain signs, which no telephone would show."""
    sent = call.caller_as_sent
    return sent if call.caller.kind is CallerKind.NUMBER and _SHOWABLE.fullmatch(sent) else None
