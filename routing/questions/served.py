"""The last question, about every answer that is a queue: whoever waits there, waits for somebody."""

from dataclasses import replace

from filters.texts import said_in
from routing.actions import Message, Phrase, Queue, Voicemail
from routing.findings import Finding, Found
from routing.inquiry import Answer, Inquiry
from routing.overflow import Way
from routing.plan import Service
from routing.reasons import ReasonCode


def is_queue_served(ask: Inquiry, answer: Answer) -> Answer:
    """``answer``, unless it is a queue that nobody serves now: then callers go where the queue says, or hear at once that
    nobody can answer, and what they can do. A VIP's call stays one, so that it counts as missed. Who is asked for a PIN
    first may not need the queue."""
    action = answer.action
    if not isinstance(action, Queue) or action.pin is not None:
        return answer
    not_rung = ask.call.not_rung
    service = ask.plan.service_of(action.queue_id, not_rung)
    if service is Service.SERVED:
        return answer
    ask.trace.append(answer.finding)
    over = ask.plan.overflow_of(action.queue_id, not_rung)
    match over.way:
        case Way.QUEUE:
            found = Finding(Found.SENT_TO_QUEUE, name=ask.plan.queues[over.queue_id].name)
            return Answer(replace(action, queue_id=over.queue_id), answer.code, found)
        case Way.NUMBER:
            return Answer(action, answer.code, Finding(Found.SENT_TO_NUMBER, name=over.number))
        case Way.MESSAGE | Way.CALLBACK | Way.VOICEMAIL:  # whoever is not served is called back in any case
            pass
    if answer.code is not ReasonCode.VIP:
        ask.reason = None
    found_nobody = Found.ALL_AWAY if service is Service.ALL_AWAY else Found.NOBODY_SERVES
    code = ReasonCode.VIP if answer.code is ReasonCode.VIP else ReasonCode.NOBODY_SERVES
    queue = ask.plan.queues.get(action.queue_id)
    own = said_in(over.text, ask.language)
    phrase = (
        Phrase.WILL_CALL_BACK
        if over.way is Way.CALLBACK and ask.plan.may_ring(ask.call.caller.number)
        else Phrase.NOBODY_SERVES
    )
    said = Voicemail(*own) if over.way is Way.VOICEMAIL else Message(phrase, *own)
    return Answer(said, code, Finding(found_nobody, name=queue.name if queue else ""))
