"""Text from outside: what screens can show, and what the database can hold. PostgreSQL takes every character but NUL, and no
lone surrogates."""

import unicodedata
from typing import Final

from app.base.errors import Unprocessable
from app.base.problems.requests import RequestFault
from app.base.xml_text import xml_text

_BLANK: Final = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs by their category, and blank: fillers of Hangul, and Braille without a dot."""


def refuse_unstorable(value: object, field: str) -> None:
    """Raises :class:`Unprocessable` naming the field when a text in ``value``, however deep, cannot be stored."""
    if isinstance(value, str):
        if not is_storable(value):
            raise Unprocessable(RequestFault.TEXT_NOT_STORABLE, field=field)
    elif isinstance(value, dict):
        for key, inner in value.items():
            refuse_unstorable(key, field)
            refuse_unstorable(inner, f"{field}.{key}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            refuse_unstorable(inner, f"{field}.{position}")


def display_text(text: str) -> str:
    """A name from outside for screens: printable characters only (no controls, no direction overrides), at most 200."""
    if not text.isascii() or not text.isprintable():
        text = xml_text("".join(c for c in text if c.isprintable() or c.isspace()))
    return text[:200].strip()


def storable_text(text: str) -> str:
    """What PostgreSQL takes of the text; of a lone surrogate stays a question mark."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def can_be_seen(text: str) -> bool:
    """Whether there is anything in it for people to see: a letter, a digit, a sign; accents and joiners alone are none."""
    return any(unicodedata.category(one)[0] in "LNPS" and one not in _BLANK for one in text)


def is_storable(text: str) -> bool:
    """Whether PostgreSQL takes the text."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
