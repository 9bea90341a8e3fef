"""What the category of a known client says about receiving them."""

from typing import Final

from filters.category import Category
from filters.texts import said_in
from routing.actions import Action, Menu, Message, Phrase, Queue, Voicemail
from routing.findings import Finding, Found
from routing.inquiry import Answer, Inquiry
from routing.reasons import ReasonCode

_NO_CATEGORY: Final = Finding(Found.NO_CATEGORY)
_SEVERAL_CLIENTS: Final = Finding(Found.SEVERAL_CLIENTS)


def category_decides(ask: Inquiry) -> Answer | Finding:
    """The category of a known client decides queue, priority, greeting and treatment; within its own hours, else the line's,
    unless it ignores them."""
    category = ask.category
    if category is None:
        return _SEVERAL_CLIENTS if len(ask.caller.clients) > 1 else _NO_CATEGORY
    ask.priority = category.priority
    own = said_in(category.greeting, ask.language)
    ask.greeting = own if own.text else ask.greeting
    ask.ignores_hours = category.ignores_hours
    if category.hours_id is not None:
        _count_own_hours(category, ask)
    if not category.decides:
        return Finding(Found.CATEGORY_PRIORITY, name=category.name, priority=category.priority, target=_rung_first(ask))
    if not category.ignores_hours and (opening := ask.opening()) and not opening.open:
        return Finding(Found.CATEGORY_CLOSED, opening=opening, name=category.name)
    if (action := _action_of(category, ask)) is None:
        return Finding(Found.CATEGORY_TARGET_GONE, name=category.name)
    return Answer(
        action, ReasonCode.CATEGORY, Finding(Found.CATEGORY_DECIDES, name=category.name, target=_rung_first(ask))
    )


def _count_own_hours(category: Category, ask: Inquiry) -> None:
    """From here on its hours count in the place of the line's, for rules too. A line that somebody has opened or closed by
    hand is that for everybody."""
    if category.ignores_hours or category.hours_id not in ask.plan.hours:
        return
    ask.hours_id = category.hours_id
    opening = ask.opening()
    if opening is not None and not opening.by_hand:
        ask.trace.append(Finding(Found.CATEGORY_HOURS, opening=opening, name=category.name))


def _rung_first(ask: Inquiry) -> str:
    """The name of the operator who is rung first in a queue."""
    operator = ask.plan.operators.get(ask.plan.rung_first_for(ask.caller.clients))
    return operator.leg.name if operator is not None else ""


def _action_of(category: Category, ask: Inquiry) -> Action | None:
    """What the category asks for; None when its menu and its queue have been deleted."""
    text, spoken_in = said_in(category.greeting, ask.language)
    if category.treatment == "message":
        return Message(Phrase.APOLOGY, text, spoken_in)
    if category.treatment == "voicemail":
        return Voicemail(text, spoken_in)
    if category.menu_id is not None and category.menu_id in ask.plan.menus:
        return Menu(category.menu_id, ask.greeting.text, ask.priority, ask.greeting.language)
    if category.queue_id is not None and category.queue_id in ask.plan.queues:
        return Queue(category.queue_id, ask.priority, *ask.greeting)
    return None
