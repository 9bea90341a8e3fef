"""Questions about the called line: whose it is, whether it is open, and where its callers go."""

from typing import Final

from filters.texts import said_in
from routing.actions import Menu, Message, Phrase, Queue, Voicemail
from routing.findings import Finding, Found
from routing.inquiry import Answer, Inquiry
from routing.plan import ClosedTreatment
from routing.reasons import ReasonCode

_OUR_LINE: Final = Finding(Found.OUR_LINE)
_NO_HOURS: Final = Finding(Found.NO_HOURS)
_NO_MENU: Final = Finding(Found.NO_MENU)
_NO_QUEUE: Final = Finding(Found.NO_QUEUE)


def whose_line(ask: Inquiry) -> Answer | Finding:
    """A called number that nobody here owns gets a polite sentence, never an error."""
    if ask.called is not None:
        return _OUR_LINE
    return Answer(Message(Phrase.UNKNOWN_LINE), ReasonCode.UNKNOWN_LINE, Finding(Found.UNKNOWN_LINE))


def is_line_open(ask: Inquiry) -> Answer | Finding:
    """Outside the opening hours of the line callers hear when to call again, or may leave a message."""
    opening = ask.opening()
    if opening is None:
        return _NO_HOURS
    if opening.open:
        return Finding(Found.OPEN, opening=opening)
    if ask.ignores_hours:
        return Finding(Found.CLOSED_BUT_RECEIVED, opening=opening)
    said, closed = said_in(ask.line.closed_text, ask.language), Finding(Found.CLOSED, opening=opening)
    if ask.line.closed_treatment is ClosedTreatment.VOICEMAIL:
        return Answer(Voicemail(*said, closed=True), ReasonCode.CLOSED, closed)
    return Answer(Message(Phrase.CLOSED, *said), ReasonCode.CLOSED, closed)


def line_menu(ask: Inquiry) -> Answer | Finding:
    """The line's IVR menu."""
    menu = ask.plan.menus.get(ask.line.menu_id or "")
    if menu is None:
        return _NO_MENU
    action = Menu(menu.id, ask.greeting.text, ask.priority, ask.greeting.language)
    return Answer(action, ReasonCode.MENU, Finding(Found.LINE_MENU, name=menu.name))


def line_queue(ask: Inquiry) -> Answer | Finding:
    """The line's queue."""
    queue = ask.plan.queues.get(ask.line.queue_id or "")
    if queue is None:
        return _NO_QUEUE
    return Answer(
        Queue(queue.id, ask.priority, *ask.greeting), ReasonCode.QUEUE, Finding(Found.LINE_QUEUE, name=queue.name)
    )


def otherwise(ask: Inquiry) -> Answer:
    """Nothing matched, which is not "blocked": the company's first queue, or a polite sentence without one."""
    if (queue_id := ask.queue_id) is None:
        return Answer(Message(Phrase.APOLOGY), ReasonCode.DEFAULT, Finding(Found.NO_QUEUE_AT_ALL))
    found = Finding(Found.COMPANY_QUEUE, name=ask.plan.queues[queue_id].name)
    return Answer(Queue(queue_id, ask.priority, *ask.greeting), ReasonCode.DEFAULT, found)
