"""Questions about the two lists: who skips everything, and who reaches nobody."""

from collections.abc import Mapping
from typing import Final

from filters.entries import Treatment
from filters.list_entry import Idle
from filters.matches import Match
from filters.vip import Doubt, doubt_about
from filters.vip_pin import PinOutcome
from routing.actions import (
    Action,
    Connect,
    FakeQueue,
    Message,
    Phrase,
    PinAsked,
    Queue,
    QueuePriority,
    Reject,
    RejectReason,
    RingOut,
    Voicemail,
)
from routing.fake_queue import Cap, below, month_cap
from routing.findings import Finding, Found
from routing.inquiry import Answer, Inquiry
from routing.questions.number import MAX_CALLS_AT_ONCE
from routing.reasons import Reason, ReasonCode

_NOT_ON_VIP_LIST: Final = Finding(Found.NOT_ON_VIP_LIST)
_NOT_BLACKLISTED: Final = Finding(Found.NOT_BLACKLISTED)

_REFUSALS: Final[Mapping[Treatment, Action]] = {
    Treatment.RING_OUT: RingOut(),
    Treatment.BUSY: Reject(RejectReason.BUSY),
    Treatment.REJECT: Reject(RejectReason.REJECTED),
    Treatment.NOT_IN_SERVICE: Message(Phrase.NOT_IN_SERVICE),
    Treatment.VOICEMAIL: Voicemail(),
}
"""What a blacklisted caller gets instead of the fake queue."""
_STEPPED_DOWN: Final[Mapping[Cap, Found]] = {
    Cap.TOLL_FREE: Found.BLACKLISTED_TOLL_FREE,
    Cap.AT_ONCE: Found.BLACKLISTED_HELD_ENOUGH,
    Cap.NUMBER: Found.BLACKLISTED_NUMBER_USED_UP,
    Cap.LINE: Found.BLACKLISTED_LINE_USED_UP,
    Cap.MONTH: Found.BLACKLISTED_MONTH_USED_UP,
}


def is_vip(ask: Inquiry) -> Answer | Finding:
    """A VIP skips message, menu and hours: management rings first, then the very front of the queue."""
    entry = ask.caller.vip
    if entry is None:
        return _NOT_ON_VIP_LIST
    if ask.caller.winner is not entry and not ask.protected:
        return Finding(Found.OUTRANKED, entry)
    tie, queue_id = ask.caller.tie, ask.queue_id
    doubt = ask.call.doubt or doubt_about(
        ask.call.attestation, ask.plan.treatments.vip_policy, plain=ask.call.caller.plain
    )
    if doubt is not None:
        if ask.call.pin is not PinOutcome.RIGHT or ask.call.pin_of != entry.entry_id:
            return _unconfirmed(ask, entry, doubt)
        confirmed = Finding(Found.VIP_PIN_RIGHT, entry, tie, doubt)
        ask.trace.append(confirmed)
        ask.reason = Reason(ReasonCode.VIP, confirmed)
    chain = ask.plan.vip_chain(ask.call.not_rung, ask.now)
    if urgent := ask.plan.urgent_chain(ask.call.not_rung, ask.now):
        found = Finding(Found.VIP_ASKED_IF_URGENT, entry, tie, name=urgent[0].name)
        return Answer(Connect(chain, queue_id, urgent=urgent), ReasonCode.VIP, found)
    if chain:
        found = Finding(Found.VIP_RINGS, entry, tie, name=chain[0].name)
        return Answer(Connect(chain, queue_id), ReasonCode.VIP, found)
    if queue_id is not None:
        return Answer(Queue(queue_id, QueuePriority.VIP), ReasonCode.VIP, Finding(Found.VIP_QUEUED, entry, tie))
    return Answer(Message(Phrase.APOLOGY), ReasonCode.VIP, Finding(Found.VIP_UNSERVED, entry, tie))


def _unconfirmed(ask: Inquiry, entry: Match, doubt: Doubt) -> Answer | Finding:
    """A VIP whose number may be forged comes near the front of the queue, and before that is asked for the entry's PIN."""
    tie, queue_id = ask.caller.tie, ask.queue_id
    if queue_id is None:
        return Finding(Found.VIP_UNCONFIRMED_UNSERVED, entry, tie, doubt)
    if doubt is Doubt.FAILED_VALIDATION and ask.call.calls_at_once > MAX_CALLS_AT_ONCE:
        # A forged number must not fill the front of the queue.
        return Finding(Found.VIP_UNCONFIRMED_TOO_OFTEN, entry, tie, doubt)
    found = _about_pin(ask, entry)
    pin = PinAsked(entry.entry_id, doubt) if found is Found.VIP_ASKED_FOR_PIN else None
    action = Queue(queue_id, QueuePriority.VIP_UNCONFIRMED, pin=pin)
    return Answer(action, ReasonCode.VIP_UNCONFIRMED, Finding(found, entry, tie, doubt))


def _about_pin(ask: Inquiry, entry: Match) -> Found:
    call = ask.call
    if entry.entry_id not in ask.plan.pins:
        return Found.VIP_UNCONFIRMED
    if call.pin is not None:
        return Found.VIP_PIN_NOT_KEYED if call.pin is PinOutcome.NOT_KEYED else Found.VIP_PIN_WRONG
    return Found.VIP_PIN_LOCKED if entry.entry_id in call.locked_pins else Found.VIP_ASKED_FOR_PIN


def is_blacklisted(ask: Inquiry) -> Answer | Finding:
    """A blacklisted caller gets the entry's treatment, by default the fake queue, which cannot reach anybody."""
    entry = ask.caller.blacklist
    if entry is None:
        _note_shadows(ask)
        exception = ask.caller.exception
        return _NOT_BLACKLISTED if exception is None else Finding(Found.EXCEPTION, exception)
    if ask.plan.blocks(ask.caller):
        return Finding(Found.BLACKLISTED_BUT_RELEASED, entry) if ask.call.released else _refused(entry, ask)
    return Finding(Found.BLACKLISTED_BUT_PROTECTED if ask.protected else Found.BLACKLISTED_BUT_VIP, entry)


def _note_shadows(ask: Inquiry) -> None:
    """The lists of others that are only watched and would block this caller leave a line in the trace, each its own."""
    if ask.protected or ask.call.released or ask.call.caller.number in ask.plan.lines:
        return
    for one in ask.caller.matches:
        if one.idle is Idle.SHADOW:
            ask.trace.append(Finding(Found.WOULD_BE_BLACKLISTED, one))


def _refused(entry: Match, ask: Inquiry) -> Answer:
    treatments, found = ask.plan.treatments, Found.BLACKLISTED
    treatment = entry.treatment or treatments.blacklist
    if treatment not in _REFUSALS:
        if (cap := cap_reached(ask)) is None:
            action = FakeQueue(treatments.caps.call_seconds)
            return Answer(action, ReasonCode.BLACKLISTED, Finding(Found.BLACKLISTED, entry))
        treatment, found = below(treatments.ladder, cap), _STEPPED_DOWN[cap]
    return Answer(_REFUSALS[treatment], ReasonCode.BLACKLISTED, Finding(found, entry))


def instead_of_holding(ask: Inquiry, cap: Cap) -> Action:
    """What a caller gets whom the fake queue does not take because of ``cap``."""
    return _REFUSALS[below(ask.plan.treatments.ladder, cap)]


def cap_reached(ask: Inquiry) -> Cap | None:
    """The cap that keeps this caller out of the fake queue; None while it has room."""
    if ask.line.toll_free:
        return Cap.TOLL_FREE  # holding a call on a toll-free line is what traffic pumpers are paid for
    if ask.call.held_at_once >= ask.plan.treatments.caps.at_once:
        return Cap.AT_ONCE
    return month_cap(ask.call.held_so_far, ask.plan.treatments.caps)
