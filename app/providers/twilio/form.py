"""A webhook's parameters, read from its body or its query: what :func:`urllib.parse.parse_qsl` reads, in a third of the
time. Most fields come with every call (our account, our number, the countries), so they are read once."""

from functools import lru_cache
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

from app.providers.twilio.signature import Parameters

MAX_FIELDS: Final = 200
_LONGEST_REMEMBERED: Final = 64


class TooManyFields(ValueError):
    """More fields than any webhook has."""


def read_form(data: bytes) -> Parameters:
    """The names and values in ``data`` (application/x-www-form-urlencoded), in their order; blank values are kept, bytes
    that are no UTF-8 become U+FFFD. Raises :class:`TooManyFields`."""
    fields = data.decode("utf-8", "replace").split("&")
    if len(fields) > MAX_FIELDS:
        raise TooManyFields(f"more than {MAX_FIELDS} fields")
    # What is long is different every time, and not worth the memory.
    return [_remembered(one) if len(one) <= _LONGEST_REMEMBERED else _parameter(one) for one in fields if one]


def _parameter(field: str) -> tuple[str, str]:
    name, _, value = field.partition("=")
    if "%" in field or "+" in field:
        return _decoded(name), _decoded(value)
    return name, value


def _decoded(text: str) -> str:
    text = text.replace("+", " ")
    # For text in ASCII this is what `unquote` does, without its search for what is not.
    return unquote_to_bytes(text).decode("utf-8", "replace") if text.isascii() else unquote(text)


_remembered = lru_cache(maxsize=8192)(_parameter)
