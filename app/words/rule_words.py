"""A company's own rule in words: whom it means, and what it does."""

from collections.abc import Iterator
from typing import assert_never

from app.base.language import gettext as _
from app.base.language import ngettext
from app.words.attestation_words import attestation_words
from app.words.number_words import country_words, grouped
from filters.attestation import Attestation
from filters.caller_id import CallerKind
from routing.plan import RoutingPlan
from routing.rules import Repeated, Rule, RuleAction, RuleState, When


def rule_words(rule: Rule, plan: RoutingPlan) -> str:
    """``Caller from Spain, line “Sales”, closed: goes to the queue “Support”``. What the rule names is called by its name in
    ``plan``."""
    return _("%(when)s: %(does)s", when=conditions_words(rule.when, plan), does=rule_consequence_words(rule, plan))


def conditions_words(when: When, plan: RoutingPlan) -> str:
    """``Caller from Spain, line “Sales”, closed``."""
    text = ", ".join(_conditions(when, plan))
    return text[:1].upper() + text[1:]


def rule_consequence_words(rule: Rule, plan: RoutingPlan) -> str:
    """What the rule does, with the name of its queue or menu."""
    queue, menu = plan.queues.get(rule.queue_id), plan.menus.get(rule.menu_id)
    named = queue or menu
    return consequence_words(rule.action, named.name if named is not None else "")


def consequence_words(action: RuleAction, target: str) -> str:
    """``goes to the queue “Support”``: the end of a sentence about the caller. ``target`` is the name of the queue or menu;
    empty where there is none."""
    match action:
        case RuleAction.QUEUE:
            return _("goes to the queue “%(queue)s”", queue=target)
        case RuleAction.MENU:
            return _("hears the menu “%(menu)s”", menu=target)
        case RuleAction.MESSAGE:
            return _("hears an announcement")
        case RuleAction.VOICEMAIL:
            return _("can leave a message")
        case RuleAction.REJECT:
            return _("is rejected")
        case RuleAction.RING_OUT:
            return _("hears ringing, and nobody answers")
        case RuleAction.FAKE_QUEUE:
            return _("is held in the fake queue")
        case RuleAction.CONNECT if target:
            return _("is put through to the operators of the queue “%(queue)s”", queue=target)
        case RuleAction.CONNECT:
            return _("is put through to the operators of the line's queue")
        case _:
            assert_never(action)


def rule_state_words(state: RuleState) -> str:
    """The state in one or two words."""
    match state:
        case RuleState.ACTIVE:
            return _("active")
        case RuleState.SHADOW:
            return _("only watched")
        case RuleState.OFF:
            return _("off")
        case _:
            assert_never(state)


def kind_condition_words(kind: CallerKind) -> str:
    """``number withheld``: what a caller shows in place of a number."""
    match kind:
        case CallerKind.WITHHELD:
            return _("number withheld")
        case CallerKind.UNAVAILABLE:
            return _("number not passed on")
        case CallerKind.SIP:
            return _("SIP address")
        case CallerKind.SHORT_CODE:
            return _("short code")
        case CallerKind.NUMBER | CallerKind.CLIENT | CallerKind.UNREADABLE:  # no rule names these
            return kind.value
        case _:
            assert_never(kind)


def hours_condition_words(is_open: bool) -> str:
    """``open`` or ``closed``, of the called line."""
    return _("open") if is_open else _("closed")


def _conditions(when: When, plan: RoutingPlan) -> Iterator[str]:
    if when.country:
        yield _("caller from %(country)s", country=country_words(when.country))
    if when.prefix:
        yield _("number that begins with %(prefix)s", prefix=grouped(when.prefix))
    if when.kind is not None:
        yield kind_condition_words(when.kind)
    if when.attestation:
        levels = [one for one in Attestation if one in when.attestation]
        yield " / ".join(attestation_words(one) or _("no attestation") for one in levels)
    if when.name:
        yield _("caller ID name with “%(text)s”", text=when.name)
    if when.category_id:
        category = plan.categories.get(when.category_id)
        yield _("category “%(name)s”", name=category.name if category else when.category_id)
    if when.tag:
        yield _("client with the tag “%(tag)s”", tag=when.tag)
    if when.line_id:
        line = next((one for one in plan.lines.values() if one.id == when.line_id), None)
        yield _("line “%(name)s”", name=(line.label or grouped(line.number)) if line else when.line_id)
    if when.open is not None:
        yield hours_condition_words(when.open)
    if when.calls is not None:
        yield _repeated(when.calls)


def _repeated(calls: Repeated) -> str:
    return ngettext(
        "%(calls)s calls within %(num)s minute", "%(calls)s calls within %(num)s minutes", calls.within_minutes,
        calls=calls.at_least,
    )  # fmt: skip
