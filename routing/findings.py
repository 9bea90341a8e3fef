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
    BLACKLIST = "caller_is_blacklisted"
    CATEGORY = "category_says"
    HIDDEN_NUMBER = "number_is_hidden"
    HOURS = "line_is_closed"
    MENU = "line_has_a_menu"
    QUEUE = "line_has_a_queue"
    OTHERWISE = "nothing_matched"


class Found(StrEnum):
    """The answers to those questions, and behind each the values that its :class:`Finding` has."""

    OUR_LINE = "our_line"
    UNKNOWN_LINE = "unknown_line"

    OTHER_NUMBER = "other_number"
    OUR_NUMBER = "our_number"
    CALL_LOOP = "call_loop"

    NOT_PROTECTED = "not_protected"
    PROTECTED = "protected"
    EMERGENCY_SERVICE = "emergency_service"

    NOT_ON_VIP_LIST = "not_on_vip_list"
    OUTRANKED = "outranked"  # entry
    VIP_RINGS = "vip_rings"  # entry, tie, name of the first to be rung
    VIP_QUEUED = "vip_queued"  # entry, tie
    VIP_UNSERVED = "vip_unserved"  # entry, tie
    VIP_UNCONFIRMED = "vip_unconfirmed"  # entry, tie, doubt
    VIP_UNCONFIRMED_UNSERVED = "vip_unconfirmed_unserved"  # entry, tie, doubt

    NOT_BLACKLISTED = "not_blacklisted"
    BLACKLISTED = "blacklisted"  # entry
    BLACKLISTED_TOLL_FREE = "blacklisted_toll_free"  # entry
    BLACKLISTED_BUT_PROTECTED = "blacklisted_but_protected"  # entry
    BLACKLISTED_BUT_VIP = "blacklisted_but_vip"  # entry
    BLACKLISTED_WITHOUT_RULES = "blacklisted_without_rules"  # entry

    NO_CATEGORY = "no_category"
    SEVERAL_CLIENTS = "several_clients"
    CATEGORY_DECIDES = "category_decides"  # name
    CATEGORY_PRIORITY = "category_priority"  # name, priority
    CATEGORY_CLOSED = "category_closed"  # name, opening
    CATEGORY_TARGET_GONE = "category_target_gone"  # name

    NUMBER_SHOWN = "number_shown"
    NUMBER_WITHHELD = "number_withheld"
    NUMBER_UNAVAILABLE = "number_unavailable"

    NO_HOURS = "no_hours"
    OPEN = "open"  # opening
    CLOSED = "closed"  # opening
    CLOSED_BUT_RECEIVED = "closed_but_received"  # opening

    NO_MENU = "no_menu"
    LINE_MENU = "line_menu"  # name

    NO_QUEUE = "no_queue"
    LINE_QUEUE = "line_queue"  # name

    COMPANY_QUEUE = "company_queue"  # name
    NO_QUEUE_AT_ALL = "no_queue_at_all"
    RULES_FAILED = "rules_failed"

    @property
    def matched(self) -> bool:
        """Whether the question applies to this call; if not, the next one is asked as if this one had not been."""
        return self not in _WITHOUT_EFFECT


_WITHOUT_EFFECT: Final = frozenset(
    {
        Found.OUR_LINE,
        Found.OTHER_NUMBER,
        Found.NOT_PROTECTED,
        Found.NOT_ON_VIP_LIST,
        Found.NOT_BLACKLISTED,
        Found.NO_CATEGORY,
        Found.SEVERAL_CLIENTS,
        Found.NUMBER_SHOWN,
        Found.NO_HOURS,
        Found.OPEN,
        Found.NO_MENU,
        Found.NO_QUEUE,
    }
)


class Finding(NamedTuple):
    """One finding with its values; :class:`Found` says which of them a finding has.

    ``entry`` is the match that was looked at and ``tie`` whether the other list names the number as narrowly. ``name`` is
    somebody's or something's own name, as hostile as any input.
    """

    found: Found
    entry: Match | None = None
    tie: bool = False
    doubt: Doubt | None = None
    opening: Opening | None = None
    name: str = ""
    priority: int = 0
