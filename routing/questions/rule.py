"""What the company's own rules say. VIPs and blacklisted callers were decided before; a client's category too, if it sends
its clients somewhere."""

from typing import Final

from filters.attestation import Attestation
from filters.texts import said_in
from routing.actions import (
    Action,
    Connect,
    FakeQueue,
    Menu,
    Message,
    Phrase,
    Queue,
    Reject,
    RejectReason,
    RingOut,
    Voicemail,
)
from routing.findings import Finding, Found
from routing.inquiry import Answer, Inquiry
from routing.questions.lists import cap_reached, instead_of_holding
from routing.questions.number import is_emergency_service
from routing.reasons import ReasonCode
from routing.rules import REFUSALS, Rule, RuleAction, RuleState

_NO_RULE: Final = Finding(Found.NO_RULE)
_NOT_BY_RULES: Final = Finding(Found.NOT_BY_RULES)


def rules_say(ask: Inquiry) -> Answer | Finding:
    """The first active rule that holds decides. What one in shadow would do is noted, and the next one is asked. No rule
    touches a VIP, and none keeps a protected number from the company."""
    if not ask.plan.rules.asked:
        return _NO_RULE
    if ask.caller.vip is not None and ask.caller.winner is ask.caller.vip:
        return _NOT_BY_RULES
    for rule in ask.plan.rules.asked:
        if not holds(rule, ask):
            continue
        said = _verdict(rule, ask)
        if rule.state is RuleState.SHADOW:
            if isinstance(said, Answer):
                ask.trace.append(said.finding._replace(found=Found.RULE_SHADOW))
        elif isinstance(said, Answer):
            return said
        else:
            ask.trace.append(said)
    return _NO_RULE


def holds(rule: Rule, ask: Inquiry) -> bool:
    """Whether everything holds that the rule asks for."""
    when = rule.when
    if when.line_id and when.line_id != ask.line.id:
        return False
    if not (when.fits_client(ask.caller) and when.fits_call(ask.call)):
        return False
    if when.open is None:
        return True
    opening = ask.opening()
    return when.open is (opening is None or opening.open)


def _verdict(rule: Rule, ask: Inquiry) -> Answer | Finding:
    if rule.action in REFUSALS and _may_not_be_refused(ask):
        return Finding(Found.RULE_BUT_PROTECTED, name=rule.name)
    does, target = rule.action, ""
    if rule.action is RuleAction.FAKE_QUEUE and (cap := cap_reached(ask)) is not None:
        found = Finding(Found.RULE_STEPPED_DOWN, name=rule.name, does=does)
        return Answer(instead_of_holding(ask, cap), ReasonCode.RULE, found)
    if (action := _action_of(rule, ask)) is None:
        return Finding(Found.RULE_TARGET_GONE, name=rule.name)
    match action:
        case Queue() | Connect():
            target = ask.plan.queues[action.queue_id or ""].name
        case Menu():
            target = ask.plan.menus[action.menu_id].name
        case _:
            pass
    return Answer(action, ReasonCode.RULE, Finding(Found.RULE_DECIDES, name=rule.name, does=does, target=target))


def _may_not_be_refused(ask: Inquiry) -> bool:
    is_emergency = is_emergency_service(ask) and ask.call.attestation is not Attestation.FAILED
    return ask.protected or ask.call.released or is_emergency


def _action_of(rule: Rule, ask: Inquiry) -> Action | None:
    """What the rule asks for; None when its menu or its queue is gone."""
    own = said_in(rule.text, ask.language)
    said = own if own.text else ask.greeting
    match rule.action:
        case RuleAction.MESSAGE:
            return Message(Phrase.APOLOGY, *own)
        case RuleAction.VOICEMAIL:
            return Voicemail(*own)
        case RuleAction.REJECT:
            return Reject(RejectReason.REJECTED)
        case RuleAction.RING_OUT:
            return RingOut()
        case RuleAction.FAKE_QUEUE:
            return FakeQueue(ask.plan.treatments.caps.call_seconds, rule.id)
        case RuleAction.MENU:
            known = rule.menu_id in ask.plan.menus
            return Menu(rule.menu_id, said.text, ask.priority, said.language) if known else None
        case RuleAction.QUEUE | RuleAction.CONNECT:
            queue_id = rule.queue_id or ask.queue_id
            if queue_id is None or queue_id not in ask.plan.queues:
                return None
            legs = ask.plan.desk_of(queue_id, ask.call.not_rung) if rule.action is RuleAction.CONNECT else ()
            if legs:
                return Connect(legs, queue_id, ask.priority, at_desk=True)
            return Queue(queue_id, ask.priority, *said)
