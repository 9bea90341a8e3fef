"""A call comes in: decide, record, answer. Memory and one local file, never the database."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.answering.booth_ticket import BoothTicket, ticket_of
from app.answering.incoming_record import incoming_fact
from app.answering.render import Renderer, language_of
from app.answering.strangers import Strangers
from app.base.log_setup import masked_number
from app.event_log.records import FactKind, fact
from app.providers.twilio.payload import Webhook
from app.switchboard import Switchboard
from filters.caller import Caller, look_up
from filters.caller_id import CallerId, CallerKind, read_caller_id
from filters.number import NumberUnreadable, read_number
from routing.actions import Connect, FakeQueue, Message, Phrase, Queue
from routing.call import IncomingCall
from routing.findings import Finding, Found
from routing.inquiry import Decision
from routing.plan import RoutingPlan
from routing.reasons import Reason, ReasonCode

_DOCUMENTS_KEPT: Final = 500
_strangers: Final = Strangers()

log = structlog.get_logger(__name__)
_plain_log = logging.getLogger(__name__)


async def answer_call(board: Switchboard, tenant_id: str, webhook: Webhook) -> str:
    """The document that answers an incoming call. A repeated webhook gets the same one again."""
    if (known := board.open_calls.answer_to(tenant_id, webhook.call_id)) is not None:
        return known
    key = (tenant_id, webhook.call_id)
    if (repetitions := board.answering.get(key)) is not None:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        repetitions.append(answer)
        return await answer
    board.answering[key] = repetitions = []
    try:
        document = await _decide_and_record(board, tenant_id, webhook, decide_safely)
    except BaseException as error:
        for one in repetitions:
            if not one.done():
                one.set_exception(error)
        raise
    else:
        for one in repetitions:
            if not one.done():
                one.set_result(document)
        return document
    finally:
        del board.answering[key]


async def answer_after_failure(board: Switchboard, tenant_id: str, webhook: Webhook) -> str:
    """The provider could not use our answer: the plainest one that still tells a blacklisted caller from the others."""
    has_failed = board.open_calls.answer_to(tenant_id, webhook.call_id) is not None
    return await _decide_and_record(board, tenant_id, webhook, decide_neutrally, has_failed=has_failed)


async def _decide_and_record(
    board: Switchboard,
    tenant_id: str,
    webhook: Webhook,
    how: Callable[[IncomingCall, RoutingPlan, datetime], Decision],
    *,
    has_failed: bool = False,
) -> str:
    now = board.clock()
    plan = board.live_plan.plan_of(tenant_id)
    if plan is None:
        raise LookupError("the account's company has no plan")
    call = incoming_call(board, plan, webhook, now)
    ticket = ticket_of(board.settings, webhook.call_id, webhook.booth)
    decision = how(call, plan, now if ticket is None else now + timedelta(seconds=ticket.shift))
    document = _first_document(board, plan, call, decision, int(now.timestamp()), ticket)
    record = incoming_fact(tenant_id, webhook, call, decision, document, now, _strangers, ticket)
    if has_failed:  # the call had been answered, and that answer was of no use: what counts is this one
        record = fact(tenant_id, webhook.call_id, FactKind.REDECIDED, now, record.payload, "after failure")
    await board.journal.append(record)
    board.open_calls.remember_answer(tenant_id, webhook.call_id, document)
    if _plain_log.isEnabledFor(logging.DEBUG):  # every decision is in the event log anyway
        log.debug(
            "call.decided",
            call=webhook.call_id,
            caller=masked_number(call.caller.value),
            action=decision.action.name,
            reason=decision.reason.code.value,
        )
    return document


def incoming_call(board: Switchboard, plan: RoutingPlan, webhook: Webhook, now: datetime) -> IncomingCall:
    """The webhook's facts as the core wants them."""
    called = called_line(plan, webhook.called)
    caller = caller_of(plan, webhook, called)
    hops = board.hops.count(called, now) if caller.number in plan.lines else 0
    return IncomingCall(webhook.call_id, called, caller, webhook.attestation, hops)


def caller_of(plan: RoutingPlan, webhook: Webhook, called: str) -> CallerId:
    """Who calls; a national form is read with the called line's country."""
    line = plan.lines.get(called)
    country = line.country if line else next((one.country for one in plan.lines.values()), "FR")
    return read_caller_id(webhook.caller, country)


def called_line(plan: RoutingPlan, called: str) -> str:
    """The called number in the form of the plan's lines; SIP addresses by their user part."""
    if called in plan.lines:
        return called
    user = called.partition(":")[2].partition("@")[0] if called.startswith(("sip:", "sips:")) else called
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
    if caller.blacklist is not None and caller.winner is caller.blacklist:
        action: FakeQueue | Queue | Message = FakeQueue(plan.treatments.fake_queue_cap_seconds)
        reason = Reason(ReasonCode.BLACKLISTED, Finding(Found.BLACKLISTED_WITHOUT_RULES, caller.blacklist))
    else:
        action = Queue(queue_id) if queue_id is not None else Message(Phrase.APOLOGY)
        reason = Reason(ReasonCode.DEFAULT, Finding(Found.RULES_FAILED))
    return Decision(action, reason, caller, (reason.finding,), plan.revision, language_of(line), line)


def is_blocked(call: IncomingCall, plan: RoutingPlan, now: datetime) -> bool:
    """Whether the caller of a running call is blacklisted now: asked again before anybody is rung."""
    line = plan.lines.get(call.to)
    caller: Caller = look_up(call.caller, plan.lists, line.id if line else "", now)
    blocked = caller.blacklist is not None and caller.winner is caller.blacklist
    return blocked and call.caller.number not in plan.protected and call.caller.number not in plan.lines


def renderer(
    board: Switchboard,
    plan: RoutingPlan,
    call: IncomingCall,
    language: str,
    began: int,
    ticket: BoothTicket | None = None,
) -> Renderer:
    """The renderer of one call's documents."""
    return Renderer(
        plan, board.settings.base_url, board.step_key, call.to, began, language, _number_to_show(call.caller), ticket
    )


def _first_document(
    board: Switchboard,
    plan: RoutingPlan,
    call: IncomingCall,
    decision: Decision,
    began: int,
    ticket: BoothTicket | None = None,
) -> str:
    """The document of the decision: the same for all who get it in one second, apart from the caller shown to a callee."""
    shown = _number_to_show(call.caller) if isinstance(decision.action, Connect) else None
    key = (plan.tenant_id, plan.revision, call.to, decision.language, began, decision.action, shown, ticket)
    if (document := board.documents.get(key)) is None:
        if len(board.documents) >= _DOCUMENTS_KEPT:
            board.documents.clear()
        document = renderer(board, plan, call, decision.language, began, ticket).action(decision.action)
        board.documents[key] = document
    return document


def _number_to_show(caller: CallerId) -> str | None:
    return caller.value if caller.kind is CallerKind.NUMBER else None
