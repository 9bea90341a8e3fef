"""Why a call went where it went: one stable code and one plain sentence each. Scripts rely on the codes."""

from enum import StrEnum
from typing import NamedTuple


class ReasonCode(StrEnum):
    """The public reason codes."""

    VIP = "vip"
    VIP_UNCONFIRMED = "vip_unconfirmed"
    BLACKLISTED = "blacklisted"
    CATEGORY = "category"
    WITHHELD = "withheld"
    OWN_NUMBER = "own_number"
    PROTECTED = "protected"
    RULE = "rule"
    CLOSED = "closed"
    MENU = "menu"
    QUEUE = "queue"
    DEFAULT = "default"
    UNKNOWN_LINE = "unknown_line"


class Reason(NamedTuple):
    """``text`` is one sentence for a person; it may name an entry's label, so it is as hostile as any input."""

    code: ReasonCode
    text: str
