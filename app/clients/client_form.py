"""The form of a client's card: what was typed, and where it is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from fastapi import Request

from app.base.errors import Problem
from app.clients.client import FIELDS, LISTS, PLAIN, ClientIn, ClientKind, NumberIn, checked_card
from app.clients.own_fields import OwnField
from app.clients.several_values import joined, split
from app.plan.rows import Row, whole_row
from app.words.problems import problem_words
from filters.clients import Standing

_MOST_ROWS: Final = 50


@dataclass(slots=True)
class Typed:
    """What the form shows: ``values`` are the card's, those of :data:`app.clients.client.LISTS` in one text, ``own`` are
    those of the company's own fields by id. ``errors`` are sentences by field (``numbers.0`` for the first number, ``""``
    for none); ``theirs`` is what somebody else wrote meanwhile, where it differs."""

    values: dict[str, str]
    numbers: list[NumberIn] = field(default_factory=list)
    as_of: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    theirs: Row = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)

    def changes(self) -> dict[str, object]:
        """The fields of :class:`app.clients.client.ClientIn`; the standing only if the form had it."""
        empty = {name: field.default for name, field in ClientIn.model_fields.items()}
        changes: dict[str, object] = {
            name: self.values[name] or (None if empty[name] is None else "") for name in PLAIN
        }
        if (standing := changes.pop("standing")) in set(Standing):
            changes["standing"] = Standing(str(standing))
        kind = changes.pop("kind")
        changes["kind"] = ClientKind(str(kind)) if kind in set(ClientKind) else ClientKind.PERSON
        changes |= {name: split(name, self.values[name]) for name in LISTS}
        own: dict[str, object] = {field_id: text or None for field_id, text in self.own.items()}
        return changes | {"fields": own, "numbers": self.numbers}

    def form(self) -> ClientIn:
        """A new client. Raises :class:`Unprocessable`."""
        return checked_card(ClientIn, self.changes())

    def seen(self) -> datetime | None:
        """The ``updated_at`` of the card that was looked at."""
        try:
            return datetime.fromisoformat(self.as_of)
        except ValueError:
            return None

    def blame(self, problem: Problem) -> None:
        """Put what is wrong where it stands."""
        name = (problem.field or "").removesuffix(".number")
        of, _dot, place = name.partition(".")
        name = of if of in LISTS else name
        known = name in FIELDS or (of == "numbers" and (not place or place.isdecimal())) or (of == "fields" and place)
        self.errors.setdefault(name if known else "", problem_words(problem))

    def compare(self, row: Row) -> None:
        """Somebody else saved ``row`` meanwhile: show what is different, and let the next save be one that knows it."""
        values, own = _texts(row)
        self.theirs = {name: text for name, text in values.items() if text != self.values[name]}
        self.theirs |= {
            f"fields.{name}": own.get(name, "") for name, text in self.own.items() if own.get(name, "") != text
        }
        if not self.values["standing"]:
            self.theirs.pop("standing", None)
        stored = [(one["number"], one["shared"]) for one in row["numbers"]]
        if stored != [(one.number, one.shared) for one in self.numbers]:
            self.theirs["numbers"] = row["numbers"]
        self.as_of = row["updated_at"]


def typed_from(row: Row) -> Typed:
    """The form as the card is."""
    numbers = [NumberIn.model_construct(**one) for one in row["numbers"]]
    values, own = _texts(row)
    return Typed(values, numbers, row["updated_at"], own=own)


def blank(number: str = "", name: str = "") -> Typed:
    """The form of a new client."""
    return Typed(
        dict.fromkeys((*PLAIN, *LISTS), "") | {"name": name},
        [NumberIn.model_construct(number=number)] if number else [],
    )


async def typed_in(request: Request, fields: Iterable[OwnField]) -> Typed:
    """What was sent; ``fields`` are the company's own. Rows of numbers that were left empty are no numbers."""
    sent = await request.form()

    def text(name: str) -> str:
        value = sent.get(name)
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""

    rows = [(text(f"number-{place}"), text(f"shared-{place}") == "yes") for place in range(_MOST_ROWS)]
    numbers = [NumberIn.model_construct(number=number, shared=shared) for number, shared in rows if number]
    own = {one.id: text(f"own-{one.id}") for one in fields if f"own-{one.id}" in sent}
    return Typed({name: text(name) for name in (*PLAIN, *LISTS)}, numbers, text("as_of"), own=own)


def _texts(row: Row) -> tuple[dict[str, str], dict[str, str]]:
    """The card's values and those of the company's own fields, as the form shows them."""
    row = whole_row("client", row)
    values = {name: str(row[name] or "") for name in PLAIN}
    values |= {name: joined(name, row[name]) for name in LISTS}
    return values, {field_id: str(value) for field_id, value in row["fields"].items()}
