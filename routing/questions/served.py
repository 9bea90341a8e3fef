"""The last question, about every answer that is a queue: whoever waits there, waits for somebody."""

from routing.actions import Message, Phrase, Queue
from routing.findings import Finding, Found
from routing.inquiry import Answer, Inquiry
from routing.plan import Service
from routing.reasons import ReasonCode


def is_queue_served(ask: Inquiry, answer: Answer) -> Answer:
    """``answer``, unless it is a queue that nobody serves now: then callers hear at once that nobody can answer, and what
    they can do. A VIP's call stays one, so that it counts as missed."""
    action = answer.action
    if not isinstance(action, Queue):
        return answer
    service = ask.plan.service_of(action.queue_id, ask.call.not_rung)
    if service is Service.SERVED:
        return answer
    ask.trace.append(answer.finding)
    if answer.code is not ReasonCode.VIP:
        ask.reason = None
    found = Found.ALL_AWAY if service is Service.ALL_AWAY else Found.NOBODY_SERVES
    code = ReasonCode.VIP if answer.code is ReasonCode.VIP else ReasonCode.NOBODY_SERVES
    queue = ask.plan.queues.get(action.queue_id)
    return Answer(Message(Phrase.NOBODY_SERVES), code, Finding(found, name=queue.name if queue else ""))
