"""What a decision asks and what it can find: codes and values, for :mod:`app.words` to say. Both codes are public."""

from enum import StrEnum
from typing import Final, NamedTuple

from filters.matches import Match
from filters.vip import Doubt
from routing.hours import Opening


class Question(StrEnum):
    """The questions of a decision. Their order is in :mod:`routing.decision`."""

    WHOSE_LINE = "line_is_unknown"
    OWN_NUMBER = "number_is_our_own"
    PROTECTED_NUMBER = "number_is_protected"
    VIP = "caller_is_a_vip"
    CALLS_AT_ONCE = "caller_calls_too_often_at_once"
    BLACKLIST = "caller_is_blacklisted"
    CATEGORY = "category_says"
    RULES = "rule_says"
    HIDDEN_NUMBER = "number_is_hidden"
    HOURS = "line_is_closed"
    MENU = "line_has_a_menu"
    QUEUE = "line_has_a_queue"
    OTHERWISE = "nothing_matched"
    SERVED = "nobody_serves_the_queue"


_NO_EFFECT: Final = False


class Found(StrEnum):
    """What can be found, by the question that finds it, and behind each the values that its :class:`Finding` has."""

    question: Question
    matched: bool
    """Whether it changes anything for this call: the others only lead to the next question."""

    def __new__(cls, code: str, question: Question, matched: bool = True) -> "Found":
        """Make a member whose value is ``code``."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.question = question
        member.matched = matched
        return member

    OUR_LINE = "our_line", Question.WHOSE_LINE, _NO_EFFECT
    UNKNOWN_LINE = "unknown_line", Question.WHOSE_LINE

    OTHER_NUMBER = "other_number", Question.OWN_NUMBER, _NO_EFFECT
    OUR_NUMBER = "our_number", Question.OWN_NUMBER
    CALL_LOOP = "call_loop", Question.OWN_NUMBER

    NOT_PROTECTED = "not_protected", Question.PROTECTED_NUMBER, _NO_EFFECT
    PROTECTED = "protected", Question.PROTECTED_NUMBER
    EMERGENCY_SERVICE = "emergency_service", Question.PROTECTED_NUMBER
    EMERGENCY_DOUBTED = "emergency_doubted", Question.PROTECTED_NUMBER

    NOT_ON_VIP_LIST = "not_on_vip_list", Question.VIP, _NO_EFFECT
    OUTRANKED = "outranked", Question.VIP  # entry
    VIP_RINGS = "vip_rings", Question.VIP  # entry, tie, name of the first to be rung
    VIP_ASKED_IF_URGENT = "vip_asked_if_urgent", Question.VIP  # entry, tie, name of the first to be rung then
    VIP_QUEUED = "vip_queued", Question.VIP  # entry, tie
    VIP_UNSERVED = "vip_unserved", Question.VIP  # entry, tie
    VIP_UNCONFIRMED = "vip_unconfirmed", Question.VIP  # entry, tie, doubt
    VIP_ASKED_FOR_PIN = "vip_asked_for_pin", Question.VIP  # entry, tie, doubt
    VIP_PIN_RIGHT = "vip_pin_right", Question.VIP  # entry, tie, doubt
    VIP_PIN_WRONG = "vip_pin_wrong", Question.VIP  # entry, tie, doubt
    VIP_PIN_NOT_KEYED = "vip_pin_not_keyed", Question.VIP  # entry, tie, doubt
    VIP_PIN_LOCKED = "vip_pin_locked", Question.VIP  # entry, tie, doubt
    VIP_UNCONFIRMED_TOO_OFTEN = "vip_unconfirmed_too_often", Question.VIP  # entry, tie, doubt
    VIP_UNCONFIRMED_UNSERVED = "vip_unconfirmed_unserved", Question.VIP  # entry, tie, doubt
    VIP_NOT_RECORDED = "vip_not_recorded", Question.VIP  # entry, tie

    FEW_CALLS = "few_calls", Question.CALLS_AT_ONCE, _NO_EFFECT
    TOO_MANY_CALLS = "too_many_calls", Question.CALLS_AT_ONCE

    NOT_BLACKLISTED = "not_blacklisted", Question.BLACKLIST, _NO_EFFECT
    BLACKLISTED = "blacklisted", Question.BLACKLIST  # entry
    BLACKLISTED_TOLL_FREE = "blacklisted_toll_free", Question.BLACKLIST  # entry
    BLACKLISTED_HELD_ENOUGH = "blacklisted_held_enough", Question.BLACKLIST  # entry
    BLACKLISTED_NUMBER_USED_UP = "blacklisted_number_used_up", Question.BLACKLIST  # entry
    BLACKLISTED_LINE_USED_UP = "blacklisted_line_used_up", Question.BLACKLIST  # entry
    BLACKLISTED_MONTH_USED_UP = "blacklisted_month_used_up", Question.BLACKLIST  # entry
    BLACKLISTED_BUT_PROTECTED = "blacklisted_but_protected", Question.BLACKLIST  # entry
    BLACKLISTED_BUT_VIP = "blacklisted_but_vip", Question.BLACKLIST  # entry
    BLACKLISTED_BUT_RELEASED = "blacklisted_but_released", Question.BLACKLIST  # entry
    EXCEPTION = "exception", Question.BLACKLIST  # entry
    WOULD_BE_BLACKLISTED = "would_be_blacklisted", Question.BLACKLIST, _NO_EFFECT  # entry, of a list of others
    BLACKLISTED_WITHOUT_RULES = "blacklisted_without_rules", Question.BLACKLIST  # entry

    NO_CATEGORY = "no_category", Question.CATEGORY, _NO_EFFECT
    SEVERAL_CLIENTS = "several_clients", Question.CATEGORY, _NO_EFFECT
    CATEGORY_DECIDES = "category_decides", Question.CATEGORY  # name, target
    CATEGORY_PRIORITY = "category_priority", Question.CATEGORY  # name, priority, target
    CATEGORY_HOURS = "category_hours", Question.CATEGORY  # name, opening
    CATEGORY_CLOSED = "category_closed", Question.CATEGORY  # name, opening
    CATEGORY_TARGET_GONE = "category_target_gone", Question.CATEGORY  # name

    NO_RULE = "no_rule", Question.RULES, _NO_EFFECT
    NOT_BY_RULES = "not_by_rules", Question.RULES, _NO_EFFECT
    RULE_SHADOW = "rule_shadow", Question.RULES, _NO_EFFECT  # name, does, target
    RULE_BUT_PROTECTED = "rule_but_protected", Question.RULES  # name
    RULE_TARGET_GONE = "rule_target_gone", Question.RULES  # name
    RULE_DECIDES = "rule_decides", Question.RULES  # name, does, target
    RULE_STEPPED_DOWN = "rule_stepped_down", Question.RULES  # name, does

    NUMBER_SHOWN = "number_shown", Question.HIDDEN_NUMBER, _NO_EFFECT
    NUMBER_WITHHELD = "number_withheld", Question.HIDDEN_NUMBER
    NUMBER_UNAVAILABLE = "number_unavailable", Question.HIDDEN_NUMBER

    NO_HOURS = "no_hours", Question.HOURS, _NO_EFFECT
    OPEN = "open", Question.HOURS, _NO_EFFECT  # opening
    CLOSED = "closed", Question.HOURS  # opening
    CLOSED_BUT_RECEIVED = "closed_but_received", Question.HOURS  # opening

    NO_MENU = "no_menu", Question.MENU, _NO_EFFECT
    LINE_MENU = "line_menu", Question.MENU  # name

    NO_QUEUE = "no_queue", Question.QUEUE, _NO_EFFECT
    LINE_QUEUE = "line_queue", Question.QUEUE  # name

    COMPANY_QUEUE = "company_queue", Question.OTHERWISE  # name
    NO_QUEUE_AT_ALL = "no_queue_at_all", Question.OTHERWISE
    RULES_FAILED = "rules_failed", Question.OTHERWISE
    NOT_RECORDED = "not_recorded", Question.OTHERWISE

    ALL_AWAY = "all_away", Question.SERVED  # name of the queue
    NOBODY_SERVES = "nobody_serves", Question.SERVED  # name of the queue
    SENT_TO_QUEUE = "sent_to_queue", Question.SERVED  # name of the other queue
    SENT_TO_NUMBER = "sent_to_number", Question.SERVED  # the number as name


class Finding(NamedTuple):
    """One finding with its values; :class:`Found` says which of them a finding has.

    ``entry`` is the match that was looked at and ``tie`` whether the other list names the number as narrowly. ``name`` is
    somebody's or something's own name, as hostile as any input. ``does`` is what a rule does
    (:class:`routing.rules.RuleAction`), ``target`` the name of the queue or menu that it names;
    of a category it is the name of the operator who is rung first.
    """

    found: Found
    entry: Match | None = None
    tie: bool = False
    doubt: Doubt | None = None
    opening: Opening | None = None
    name: str = ""
    priority: int = 0
    does: str = ""
    target: str = ""
