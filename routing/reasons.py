"""Why a call went where it went. Scripts rely on the codes."""

from enum import StrEnum
from typing import Final, NamedTuple

from routing.findings import Finding


class ReasonCode(StrEnum):
    """The public reason codes."""

    VIP = "vip"
    VIP_UNCONFIRMED = "vip_unconfirmed"
    BLACKLISTED = "blacklisted"
    CATEGORY = "category"
    RULE = "rule"
    WITHHELD = "withheld"
    OWN_NUMBER = "own_number"
    PROTECTED = "protected"
    CLOSED = "closed"
    MENU = "menu"
    QUEUE = "queue"
    DEFAULT = "default"
    UNKNOWN_LINE = "unknown_line"
    TOO_MANY_CALLS = "too_many_calls"
    NOBODY_SERVES = "nobody_serves"
    NOT_RECORDED = "not_recorded"


OF_VIPS: Final = frozenset({ReasonCode.VIP, ReasonCode.VIP_UNCONFIRMED})
"""The codes of VIPs, whether or not the network vouches for them."""


class Reason(NamedTuple):
    """``finding`` is what the code stands for. It is not always what decided: a caller who withholds the number goes where
    the line's hours, menu or queue say, and the reason is still that the number is withheld."""

    code: ReasonCode
    finding: Finding
