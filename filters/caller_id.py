"""What the caller ID of a call says: a number, an address, or that there is none.

Withheld callers reach us in many spellings, some of which look like numbers of Lesotho, Russia or China. They are
recognised here, on the *whole* value and before any country rule.
Sources: twilio.com/docs/voice/twiml (From may be "anonymous", "unknown" or other text); Twilio changelog 2022-11-16
(letters were once turned into keypad digits); RFC 3323 section 4.1.1.3 (anonymous@anonymous.invalid).
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final, NamedTuple

from filters.number import NumberUnreadable, ShortCode, is_canonical, read_number


class CallerKind(StrEnum):
    """The closed set of things a caller ID can be."""

    NUMBER = "number"
    SIP = "sip"
    CLIENT = "client"
    SHORT_CODE = "short_code"
    WITHHELD = "withheld"
    UNAVAILABLE = "unavailable"
    UNREADABLE = "unreadable"


class CallerId(NamedTuple):
    """Who the network says is calling.

    ``value`` is the E.164 number, ``user@host`` of a SIP address, the identity of a browser client or the digits of
    a short code; it is empty for callers without an identity. Only kind NUMBER is ever looked up in number lists.
    """

    kind: CallerKind
    value: str = ""

    @property
    def number(self) -> str | None:
        """The E.164 number, or None when there is none that a list could name."""
        return self.value if self.kind is CallerKind.NUMBER else None

    @property
    def is_hidden(self) -> bool:
        """Whether the caller has no identity at all, by their own will or the network's failing."""
        return self.kind in (CallerKind.WITHHELD, CallerKind.UNAVAILABLE)


_WITHHELD_WORDS: Final = frozenset({"anonymous", "private", "restricted", "blocked", "withheld"})
_UNAVAILABLE_WORDS: Final = frozenset({"", "unknown", "unavailable"})
_KEYPAD: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")


def _spelled(words: frozenset[str]) -> frozenset[str]:
    """The words as typed on a telephone keypad (ANONYMOUS is 266696687), bare or after a carrier's +1."""
    digits = {word.translate(_KEYPAD) for word in words if word}
    return frozenset(prefix + spelled for prefix in ("", "+", "1", "+1") for spelled in digits)


_WITHHELD_DIGITS: Final = _spelled(_WITHHELD_WORDS - {"withheld"})
_UNAVAILABLE_DIGITS: Final = _spelled(_UNAVAILABLE_WORDS)
_SEPARATORS: Final = str.maketrans("", "", " .-()/")
_ZEROS: Final = re.compile(r"\+?0{2,}", re.ASCII)
_ADDRESS: Final = re.compile(r"(sips?|client):(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_CALLABLE: Final = re.compile(
    r"[+0-9().\-/ \u00a0\uff0b\uff10-\uff19]{2,}(?:(?:,+|;ext=| ?x| ?ext\.? ?)[0-9#]{1,8})?", re.I
)
_MAX_ADDRESS: Final = 200


def read_caller_id(raw: str, country: str) -> CallerId:
    """Classify the ``From`` of a call to a line in ``country`` (ISO alpha-2). All text is hostile: this never raises."""
    if is_canonical(raw) and raw not in _WITHHELD_DIGITS and raw not in _UNAVAILABLE_DIGITS:
        return CallerId(CallerKind.NUMBER, raw)
    text = unicodedata.normalize("NFKC", raw).strip()
    if hidden := _hidden(text):
        return hidden
    if match := _ADDRESS.fullmatch(text):
        return _address(match[1].lower(), match[2])
    if not _CALLABLE.fullmatch(text):
        return CallerId(CallerKind.UNREADABLE)
    try:
        return CallerId(CallerKind.NUMBER, read_number(text, country))
    except ShortCode:
        return CallerId(CallerKind.SHORT_CODE, text)
    except NumberUnreadable:
        return CallerId(CallerKind.UNREADABLE)


def _hidden(text: str) -> CallerId | None:
    word = text.lower()
    digits = word.translate(_SEPARATORS)
    if word in _WITHHELD_WORDS or digits in _WITHHELD_DIGITS or _ZEROS.fullmatch(digits):
        return CallerId(CallerKind.WITHHELD)
    if word in _UNAVAILABLE_WORDS or digits in _UNAVAILABLE_DIGITS:
        return CallerId(CallerKind.UNAVAILABLE)
    if word.endswith("@anonymous.invalid"):
        return CallerId(CallerKind.WITHHELD)
    return None


def _address(scheme: str, rest: str) -> CallerId:
    if scheme == "client":
        clean = rest.strip()
        return CallerId(CallerKind.CLIENT, clean) if clean and _printable(clean) else CallerId(CallerKind.UNREADABLE)
    address = re.split(r"[;?>]", rest, maxsplit=1)[0].strip().lower()
    user, _, host = address.rpartition("@")
    if hidden := _hidden(user or host):
        return hidden
    if not host or not _printable(address):
        return CallerId(CallerKind.UNREADABLE)
    return CallerId(CallerKind.SIP, address)


def _printable(text: str) -> bool:
    return len(text) <= _MAX_ADDRESS and text.isprintable() and " " not in text
