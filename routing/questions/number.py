"""Questions about the caller's number, before and after the lists: our own, protected, or not shown at all."""

from typing import Final

import phonenumbers

from filters.attestation import Attestation
from filters.caller_id import CallerKind
from routing.actions import Message, Phrase, Queue, QueuePriority, Reject, RejectReason, Voicemail
from routing.findings import Finding, Found, Question
from routing.inquiry import Answer, Inquiry
from routing.plan import HiddenTreatment
from routing.reasons import Reason, ReasonCode

MAX_CALLS_AT_ONCE: Final = 3
"""Calls of one number to one company that are received at the same time."""
MAX_HOPS: Final = 3
"""Calls of our own lines to one line within a minute before we take it for a loop."""

_LISTS: Final = frozenset(
    {
        Question.PROTECTED_NUMBER, Question.VIP, Question.CALLS_AT_ONCE, Question.BLACKLIST, Question.CATEGORY,
        Question.RULES,
    }
)  # fmt: skip
_OTHER_NUMBER: Final = Finding(Found.OTHER_NUMBER)
_OUR_NUMBER: Final = Finding(Found.OUR_NUMBER)
_PROTECTED: Final = Finding(Found.PROTECTED)
_EMERGENCY_DOUBTED: Final = Finding(Found.EMERGENCY_DOUBTED)
_FEW_CALLS: Final = Finding(Found.FEW_CALLS)
_NOT_PROTECTED: Final = Finding(Found.NOT_PROTECTED)
_NUMBER_SHOWN: Final = Finding(Found.NUMBER_SHOWN)
_WITHHELD: Final = Finding(Found.NUMBER_WITHHELD)
_UNAVAILABLE: Final = Finding(Found.NUMBER_UNAVAILABLE)


def is_our_own_number(ask: Inquiry) -> Answer | Finding:
    """Our own number calling us is a loop or a spoof: received without any list or rule, never as a VIP."""
    number = ask.call.caller.number
    if number not in ask.plan.lines:
        return _OTHER_NUMBER
    if number == ask.call.to or ask.call.recent_hops >= MAX_HOPS:
        return Answer(Reject(RejectReason.BUSY), ReasonCode.OWN_NUMBER, Finding(Found.CALL_LOOP))
    ask.left_out = _LISTS
    ask.reason = Reason(ReasonCode.OWN_NUMBER, _OUR_NUMBER)
    return _OUR_NUMBER


def is_protected(ask: Inquiry) -> Answer | Finding:
    """Emergency services get straight through, unless the network says that the number may be forged; own staff and chosen
    numbers cannot be blocked."""
    if is_emergency_service(ask):
        if ask.call.attestation is Attestation.FAILED:
            return _EMERGENCY_DOUBTED
        if (queue_id := ask.queue_id) is not None:
            action = Queue(queue_id, QueuePriority.EMERGENCY)
            return Answer(action, ReasonCode.PROTECTED, Finding(Found.EMERGENCY_SERVICE))
    ask.protected = ask.call.caller.number in ask.plan.protected
    return _PROTECTED if ask.protected else _NOT_PROTECTED


def calls_too_often(ask: Inquiry) -> Answer | Finding:
    """Whoever holds several lines at once keeps others from them: what is more is refused, unanswered and unbilled. A VIP
    has been decided by now, and a protected number may call as often as it likes."""
    if ask.call.calls_at_once <= MAX_CALLS_AT_ONCE or ask.protected:
        return _FEW_CALLS
    return Answer(Reject(RejectReason.BUSY), ReasonCode.TOO_MANY_CALLS, Finding(Found.TOO_MANY_CALLS))


def is_emergency_service(ask: Inquiry) -> bool:
    """Whether 112, 911 and the like call back; their numbers are short codes of the line's country."""
    caller = ask.call.caller
    return caller.kind is CallerKind.SHORT_CODE and phonenumbers.is_emergency_number(caller.value, ask.line.country)


def is_hidden(ask: Inquiry) -> Answer | Finding:
    """Withheld and unavailable callers have their own treatment; by default that of everybody else."""
    caller, treatments = ask.call.caller, ask.plan.treatments
    if not caller.is_hidden:
        return _NUMBER_SHOWN
    withheld = caller.kind is CallerKind.WITHHELD
    code, found = ReasonCode.WITHHELD, _WITHHELD if withheld else _UNAVAILABLE
    match treatments.withheld if withheld else treatments.unavailable:
        case HiddenTreatment.REJECT:
            return Answer(Reject(RejectReason.REJECTED), code, found)
        case HiddenTreatment.MESSAGE:
            return Answer(Message(Phrase.APOLOGY), code, found)
        case HiddenTreatment.VOICEMAIL:
            return Answer(Voicemail(), code, found)
        case HiddenTreatment.QUEUE if (queue_id := ask.queue_id) is not None:
            return Answer(Queue(queue_id), code, found)
        case _:
            ask.reason = Reason(code, found)
            return found
