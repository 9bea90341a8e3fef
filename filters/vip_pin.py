"""The PIN by which a VIP is known whose number is in doubt: how it is kept, compared, and guarded against guessing.

It is kept as a keyed hash. Four digits would be found at once from a plain one, however slow it is; without the
installation's key, this one tells nothing.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SHORTEST: Final = 4
LONGEST: Final = 8
MOST_WRONG: Final = 3
"""Wrong PINs of one entry within :data:`LOCKED_FOR` after which none is asked for."""
LOCKED_FOR: Final = timedelta(hours=1)
_PIN: Final = re.compile(r"[0-9]{4,8}", re.ASCII)
_UP: Final = "01234567890"
_DOWN: Final = _UP[::-1]


class PinFault(StrEnum):
    """Why something is no PIN."""

    NOT_DIGITS = "not_digits"
    GUESSED_FIRST = "guessed_first"
    """One digit repeated, or digits in a row."""


class PinOutcome(StrEnum):
    """What became of asking for it."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_KEYED = "not_keyed"


def fault_of_pin(text: str) -> PinFault | None:
    """What is wrong with ``text`` as a new PIN."""
    if not _PIN.fullmatch(text):
        return PinFault.NOT_DIGITS
    return PinFault.GUESSED_FIRST if len(set(text)) == 1 or text in _UP or text in _DOWN else None


def sealed_pin(pin: str, key: bytes) -> str:
    """``pin`` as it is kept."""
    salt = secrets.token_hex(16)
    return f"{salt}.{_digest(pin, salt, key)}"


def is_pin(keys: str, sealed: str, key: bytes) -> bool:
    """Whether ``keys``, whatever they are, is the PIN that was ``sealed``. It takes the same time for every key press."""
    salt, _, digest = sealed.partition(".")
    return hmac.compare_digest(_digest(keys, salt, key), digest)


def locked_until(wrong: Iterable[datetime]) -> datetime | None:
    """Until when nobody is asked for a PIN that was ``wrong`` at these moments, in any order; None if it never came to that.
    The moment may have passed."""
    moments = sorted(wrong)
    ends = [
        last + LOCKED_FOR
        for first, last in zip(moments, moments[MOST_WRONG - 1 :], strict=False)
        if last - first <= LOCKED_FOR
    ]
    return max(ends, default=None)


def _digest(pin: str, salt: str, key: bytes) -> str:
    return hmac.digest(key, f"{salt} {pin}".encode("utf-8", "surrogatepass"), hashlib.sha256).hex()
