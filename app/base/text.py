"""Text that the database can hold: PostgreSQL takes every character but NUL, and no lone surrogates."""

from app.base.errors import Unprocessable
from app.base.problems.requests import RequestFault


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


def is_storable(text: str) -> bool:
    """Whether PostgreSQL takes the text."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
