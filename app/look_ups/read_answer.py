"""Read what a program has answered, which may be anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems import Cause
from app.base.problems.look_ups import LookUpFault, MoreThanACardShows
from app.base.problems.requests import TooLong
from app.calls.card_fields import CardField, sound_field
from app.calls.card_fields_api import CardFieldIn
from app.web.schema import validated

_READ: Final = ("label", "value", "link")


class AnswerUnreadable(Exception):
    """It is not JSON of the shape that was asked for."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A field that cannot be shown: its path in the answer (``fields.3.link``), and why."""

    field: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """``fields`` can be shown. ``left_out`` are the others: nobody should see no field at all because one of them
    has an empty value."""

    fields: tuple[CardField, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def read_answer(content: bytes) -> CardAnswer:
    """By the rules of ``PUT /calls/{id}/fields``, field by field. Members that nobody asked for are not looked at. Raises
    :class:`AnswerUnreadable`."""
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise AnswerUnreadable from None
    given = answer.get("fields") if isinstance(answer, dict) else None
    if not isinstance(given, list):
        raise AnswerUnreadable
    fields: list[CardField] = []
    left_out: list[LeftOut] = []
    for place, one in enumerate(given[: limits.CARD_FIELDS]):
        try:
            fields.append(_field(one, place))
        except Unprocessable as problem:
            left_out.append(LeftOut(problem.field or f"fields.{place}", problem.cause))
    if len(given) > limits.CARD_FIELDS:
        left_out.append(LeftOut(f"fields.{limits.CARD_FIELDS}", MoreThanACardShows(limits.CARD_FIELDS)))
    return CardAnswer(tuple(fields), tuple(left_out))


def _field(given: object, place: int) -> CardField:
    if not isinstance(given, Mapping):
        raise Unprocessable(LookUpFault.NO_FIELD, field=f"fields.{place}")
    members = {name: given[name] for name in _READ if name in given}
    if members.get("link", "") is None:
        del members["link"]
    try:
        read = validated(CardFieldIn, members)
    except Unprocessable as problem:
        cause = problem.cause if isinstance(problem.cause, TooLong) else LookUpFault.NO_TEXT
        raise Unprocessable(cause, field=f"fields.{place}.{problem.field}") from problem
    return sound_field(CardField(read.label, read.value, read.link), place)
