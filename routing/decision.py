"""READ THIS FIRST: how one call is decided.

``decide`` asks the questions of ``QUESTIONS`` in order and stops at the first answer. Every question leaves a line in
the trace, which is stored with the call, shown on the card, and is what "explain" prints.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import phonenumbers

from filters.caller import Caller, look_up
from filters.caller_id import CallerKind
from filters.entries import Treatment
from filters.vip import doubt_about
from routing.actions import (
    Action,
    Connect,
    FakeQueue,
    Menu,
    Message,
    Phrase,
    Queue,
    QueuePriority,
    Reject,
    RejectReason,
    RingOut,
    Voicemail,
)
from routing.call import IncomingCall
from routing.hours import opening_at
from routing.inquiry import Decision, Inquiry
from routing.plan import HiddenTreatment, RoutingPlan
from routing.reasons import ReasonCode

MAX_HOPS: Final = 3
"""Calls of our own lines to one line within a minute before we take it for a loop."""
_MINUTE: Final = timedelta(minutes=1)

_TREATED: Final[Mapping[Treatment, Action]] = {
    Treatment.RING_OUT: RingOut(),
    Treatment.BUSY: Reject(RejectReason.BUSY),
    Treatment.REJECT: Reject(RejectReason.REJECTED),
    Treatment.NOT_IN_SERVICE: Message(Phrase.NOT_IN_SERVICE),
    Treatment.VOICEMAIL: Voicemail(),
}
"""What a blacklisted caller gets instead of the fake queue."""


def line_is_unknown(ask: Inquiry) -> Decision | None:
    """1. Whose line is this? A number that nobody here owns gets a polite sentence."""
    if ask.line is not None:
        return ask.note(f"{ask.line.label}, {ask.line.number}")
    return ask.decide(
        Message(Phrase.UNKNOWN_LINE), ReasonCode.UNKNOWN_LINE, "The called number is not one of our lines."
    )


def number_is_our_own(ask: Inquiry) -> Decision | None:
    """3. Our own number calling us is a loop or a spoof: received without any list, never as a VIP."""
    if ask.call.caller.number not in ask.plan.lines:
        return ask.note("no")
    if ask.call.caller.number == ask.call.to or ask.call.recent_hops >= MAX_HOPS:
        why = "One of our own lines calls in a loop; the call is refused to break it."
        return ask.decide(Reject(RejectReason.BUSY), ReasonCode.OWN_NUMBER, why)
    why = "The caller shows one of our own numbers: never a VIP."
    return ask.received_in_the_ordinary_way(_FROM_THE_RULES, ReasonCode.OWN_NUMBER, why)


def number_is_protected(ask: Inquiry) -> Decision | None:
    """4. Emergency services get straight through; own staff and chosen numbers cannot be blocked."""
    caller, country = ask.call.caller, ask.required_line.country
    if caller.kind is CallerKind.SHORT_CODE and phonenumbers.is_emergency_number(caller.value, country):
        queue_id = ask.plan.default_queue_id(ask.required_line)
        if queue_id is not None:
            action = Queue(queue_id, QueuePriority.EMERGENCY)
            return ask.decide(action, ReasonCode.PROTECTED, "An emergency service calls back: no menu, no hours.")
    ask.protected = caller.number in ask.plan.protected
    return ask.note("protected: the blacklist is not asked" if ask.protected else "no", matched=ask.protected)


def caller_is_a_vip(ask: Inquiry) -> Decision | None:
    """6. A VIP skips message, menu and hours: management rings first, then the very front of the queue."""
    match = ask.caller.vip
    if match is None:
        return ask.note("on no VIP list")
    if ask.caller.winner is not match and not ask.protected:
        return ask.note(f"{match}, but a more specific blacklist entry decides", matched=True)
    note = f"{match}; also blacklisted equally well, VIP wins" if ask.caller.tie else str(match)
    queue_id = ask.plan.default_queue_id(ask.required_line)
    if doubt := doubt_about(ask.call.attestation, ask.plan.treatments.vip_policy):
        why = f"VIP list: {match}, but the identity is unconfirmed: {doubt}. Near the front of the queue."
        if queue_id is None:
            return ask.note(f"{note}; {doubt}, and there is no queue", matched=True)
        return ask.decide(Queue(queue_id, QueuePriority.VIP_UNCONFIRMED), ReasonCode.VIP_UNCONFIRMED, why, note)
    if chain := ask.plan.vip_chain():
        why = f"VIP list: {match}. Straight to {chain[0].name}."
        return ask.decide(Connect(chain, queue_id), ReasonCode.VIP, why, note)
    if queue_id is not None:
        why = f"VIP list: {match}. To the front of the queue; nobody is set up to be rung directly."
        return ask.decide(Queue(queue_id, QueuePriority.VIP), ReasonCode.VIP, why, note)
    why = f"VIP list: {match}, but this company has no operator and no queue yet."
    return ask.decide(Message(Phrase.APOLOGY), ReasonCode.VIP, why, note)


def caller_is_blacklisted(ask: Inquiry) -> Decision | None:
    """7. A blacklisted caller gets the entry's treatment, by default the fake queue, which cannot reach anybody."""
    match = ask.caller.blacklist
    if match is None:
        return ask.note("on no blacklist")
    if ask.protected or ask.caller.winner is not match:
        why = "the number is protected" if ask.protected else "the VIP entry decides"
        return ask.note(f"{match}, but {why}", matched=True)
    treatments, entry = ask.plan.treatments, str(match)
    treatment = match.treatment or treatments.blacklist
    why = f"Blacklist: {entry}."
    if treatment is Treatment.FAKE_QUEUE and ask.required_line.toll_free:
        # Holding a call on a toll-free line is what traffic pumpers are paid for.
        return ask.decide(Reject(), ReasonCode.BLACKLISTED, why + " Toll-free lines refuse instead of holding.")
    action = _TREATED.get(treatment) or FakeQueue(treatments.fake_queue_cap_seconds)
    return ask.decide(action, ReasonCode.BLACKLISTED, why, entry)


def category_says(ask: Inquiry) -> Decision | None:
    """8. The category of a known client decides queue, priority, greeting and treatment."""
    category = ask.category
    if category is None:
        return ask.note("several clients share this number" if len(ask.caller.clients) > 1 else "no category")
    ask.priority, ask.greeting = category.priority, category.greeting or ask.greeting
    ask.ignores_hours = category.ignores_hours
    if not category.decides:
        return ask.note(f"{category.name}: priority {category.priority}", matched=True)
    if not category.ignores_hours and (opening := ask.opening()) and not opening.open:
        return ask.note(f"{category.name}, but {opening.why}", matched=True)
    why = f"Category “{category.name}” decides how the call is received."
    if category.treatment == "message":
        return ask.decide(Message(Phrase.APOLOGY, category.greeting), ReasonCode.CATEGORY, why, category.name)
    if category.treatment == "voicemail":
        return ask.decide(Voicemail(category.greeting), ReasonCode.CATEGORY, why, category.name)
    if category.menu_id is not None and category.menu_id in ask.plan.menus:
        action = Menu(category.menu_id, ask.greeting, ask.priority)
        return ask.decide(action, ReasonCode.CATEGORY, why, category.name)
    if category.queue_id is not None and category.queue_id in ask.plan.queues:
        return ask.decide(Queue(category.queue_id, ask.priority, ask.greeting), ReasonCode.CATEGORY, why, category.name)
    return ask.note(f"{category.name}: its queue or menu is gone", matched=True)


def number_is_hidden(ask: Inquiry) -> Decision | None:
    """9. Withheld and unavailable callers have their own treatment; by default that of everybody else."""
    caller, treatments = ask.call.caller, ask.plan.treatments
    if not caller.is_hidden:
        return ask.note("no")
    withheld = caller.kind is CallerKind.WITHHELD
    why = "The caller withholds the number." if withheld else "The network does not tell the number."
    match treatments.withheld if withheld else treatments.unavailable:
        case HiddenTreatment.REJECT:
            return ask.decide(Reject(RejectReason.REJECTED), ReasonCode.WITHHELD, why)
        case HiddenTreatment.MESSAGE:
            return ask.decide(Message(Phrase.APOLOGY), ReasonCode.WITHHELD, why)
        case HiddenTreatment.VOICEMAIL:
            return ask.decide(Voicemail(), ReasonCode.WITHHELD, why)
        case HiddenTreatment.QUEUE if (queue_id := ask.plan.default_queue_id(ask.required_line)) is not None:
            return ask.decide(Queue(queue_id), ReasonCode.WITHHELD, why)
        case _:
            return ask.received_in_the_ordinary_way(_FROM_THE_HOURS, ReasonCode.WITHHELD, why)


def line_is_closed(ask: Inquiry) -> Decision | None:
    """10. Outside the opening hours of the line callers hear when to call again."""
    opening = ask.opening()
    if opening is None:
        return ask.note("this line has no opening hours")
    if opening.open:
        return ask.note(opening.why)
    if ask.ignores_hours:
        return ask.note(f"{opening.why}, but the client's category is received at any hour", matched=True)
    return ask.decide(
        Message(Phrase.CLOSED, ask.required_line.closed_text),
        ReasonCode.CLOSED,
        f"Outside opening hours: {opening.why}.",
    )


def line_has_a_menu(ask: Inquiry) -> Decision | None:
    """11. The line's IVR menu."""
    menu_id = ask.required_line.menu_id
    if menu_id is None or menu_id not in ask.plan.menus:
        return ask.note("this line has no menu")
    action = Menu(menu_id, ask.greeting, ask.priority)
    return ask.decide(action, ReasonCode.MENU, f"The line's menu “{ask.plan.menus[menu_id].name}”.")


def line_has_a_queue(ask: Inquiry) -> Decision | None:
    """11. The line's queue."""
    queue_id = ask.required_line.queue_id
    if queue_id is None or queue_id not in ask.plan.queues:
        return ask.note("this line has no queue")
    action = Queue(queue_id, ask.priority, ask.greeting)
    return ask.decide(action, ReasonCode.QUEUE, f"The line's queue “{ask.plan.queues[queue_id].name}”.")


def nothing_matched(ask: Inquiry) -> Decision | None:
    """12. Nothing matched, which is not "blocked": the company's first queue, or a polite sentence without one."""
    if (queue_id := ask.plan.default_queue_id(ask.required_line)) is not None:
        why = f"Nothing else is set up for this line: the company's queue “{ask.plan.queues[queue_id].name}”."
        return ask.decide(Queue(queue_id, ask.priority, ask.greeting), ReasonCode.DEFAULT, why)
    why = "Nothing matched, and this company has no queue yet."
    return ask.decide(Message(Phrase.APOLOGY), ReasonCode.DEFAULT, why)


Question = Callable[[Inquiry], Decision | None]

_FROM_THE_HOURS: Final[tuple[Question, ...]] = (line_is_closed, line_has_a_menu, line_has_a_queue, nothing_matched)
_FROM_THE_RULES: Final[tuple[Question, ...]] = (number_is_hidden, *_FROM_THE_HOURS)

QUESTIONS: Final[tuple[Question, ...]] = (
    line_is_unknown,
    number_is_our_own,
    number_is_protected,
    caller_is_a_vip,
    caller_is_blacklisted,
    category_says,
    *_FROM_THE_RULES,
)


def decide(call: IncomingCall, plan: RoutingPlan, now: datetime) -> Decision:
    """What happens to ``call`` at ``now`` (aware UTC) by ``plan``. Pure: the same arguments, the same decision."""
    line = plan.lines.get(call.to)
    caller = look_up(call.caller, plan.lists, line.id if line else "", now)
    if line is None or not is_a_stranger(caller, plan):
        return Inquiry(call, plan, now, line, caller, opening_at).ask_in_order(QUESTIONS)
    # Strangers are received alike, and the hours know no seconds: one of each minute is asked for all.
    known = plan.strangers.get(line.number)
    if known is None or not known[0] <= now < known[1]:
        alike = Inquiry(call, plan, now, line, caller, opening_at).ask_in_order(QUESTIONS)
        minute = now.replace(second=0, microsecond=0)
        plan.strangers[line.number] = minute, minute + _MINUTE, alike
        return alike
    action, reason, _, asked, revision, language, line = known[2]
    return Decision(action, reason, caller, asked, revision, language, line)


def is_a_stranger(caller: Caller, plan: RoutingPlan) -> bool:
    """Whether the caller is nobody but a number: no list, client or protection names it, and it is none of our own."""
    number = caller.caller_id.number
    return not (number is None or caller.matches or caller.clients or number in plan.lines or number in plan.protected)
