"""What can be wrong with a request whatever it is about: who makes it, where it points, what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Self


class RequestFault(Enum):
    """Nothing more is to be said than which it is."""

    NOT_FOUND = auto()
    METHOD_NOT_ALLOWED = auto()
    NOT_SIGNED_IN = auto()
    KEY_IN_ADDRESS = auto()
    PAGES_ARE_FOR_PEOPLE = auto()
    FROM_ANOTHER_SITE = auto()
    PAGE_OUT_OF_DATE = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    CURSOR_UNREADABLE = auto()
    NOT_SEARCHABLE = auto()
    TEXT_NOT_STORABLE = auto()
    DAY_UNREADABLE = auto()
    PERIOD_ENDS_BEFORE_IT_BEGINS = auto()
    PERIOD_TOO_LONG = auto()
    SERVER_FULL = auto()
    BODY_UNREADABLE = auto()
    TOO_LARGE = auto()
    MEDIA_NOT_TAKEN = auto()
    SECRET_SHOWN_ONCE = auto()
    DATABASE_AWAY = auto()
    FAILURE = auto()


@dataclass(frozen=True, slots=True)
class RoleMissing:
    """What is asked for takes the role ``needed`` (a value of :class:`app.auth.roles.Role`)."""

    needed: str


@dataclass(frozen=True, slots=True)
class ScopeMissing:
    """The API key lacks the ``scope``."""

    scope: str


@dataclass(frozen=True, slots=True)
class TooLong:
    """A text has more than ``limit`` characters."""

    limit: int


@dataclass(frozen=True, slots=True)
class YearOutOfRange:
    """The year is before ``first`` or after ``last``."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class TooManyStreams:
    """One API key has ``limit`` streams open."""

    limit: int


@dataclass(frozen=True, slots=True)
class TooManyPanels:
    """One session has ``limit`` panels open."""

    limit: int


@dataclass(frozen=True, slots=True)
class FieldNotValid:
    """``field`` of a body or an address does not have the documented form. ``kind`` is what the validator calls the fault,
    ``limit`` what it would have allowed, ``message`` its own sentence."""

    field: str
    message: str
    kind: str = ""
    limit: int | float | str | None = None

    @classmethod
    def of(cls, field: str, error: Mapping[str, object]) -> Self:
        """By one of the errors that Pydantic lists."""
        context = error.get("ctx")
        allowed = [*context.values()] if isinstance(context, Mapping) else []
        kind = str(error["type"])
        if kind in {"too_short", "too_long"} and isinstance(
            context, Mapping
        ):  # it names the field and its length as well
            allowed = [context.get("min_length", context.get("max_length"))]
        limit = allowed[0] if allowed and isinstance(allowed[0], int | float | str) else None
        return cls(field, str(error["msg"]), kind, limit)


@dataclass(frozen=True, slots=True)
class FieldsNotValid:
    """The request does not have the documented form."""

    fields: tuple[FieldNotValid, ...]


@dataclass(frozen=True, slots=True)
class RefusedByFramework:
    """What the web framework refuses by itself, in its own words."""

    message: str


RequestProblem = (
    RequestFault
    | RoleMissing
    | ScopeMissing
    | TooLong
    | YearOutOfRange
    | TooManyStreams
    | TooManyPanels
    | FieldsNotValid
    | RefusedByFramework
)
