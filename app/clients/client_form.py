"""The form of a client's card: what was typed, and where it is wrong."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from fastapi import Request

from app.base.errors import Problem
from app.clients.client import FIELDS, ClientIn, NumberIn, checked_card
from app.plan.rows import Row
from app.words.problems import problem_words
from filters.clients import Standing

_MOST_ROWS: Final = 50


@dataclass(slots=True)
class Typed:
    """What the form shows. ``errors`` are sentences by field (``numbers.0`` for the first number, ``""`` for none);
    ``theirs`` is what somebody else wrote meanwhile, where it differs."""

    values: dict[str, str]
    numbers: list[NumberIn] = field(default_factory=list)
    as_of: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    theirs: Row = field(default_factory=dict)

    def changes(self) -> dict[str, object]:
        """The fields of :class:`app.clients.client.ClientIn`; the standing only if the form had it."""
        empty = {name: field.default for name, field in ClientIn.model_fields.items()}
        changes: dict[str, object] = {
            name: value or (None if empty[name] is None else "") for name, value in self.values.items()
        }
        if (standing := changes.pop("standing")) in set(Standing):
            changes["standing"] = Standing(str(standing))
        return changes | {"numbers": self.numbers}

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
        known = name in FIELDS or (name.startswith("numbers.") and name[8:].isdecimal()) or name == "numbers"
        self.errors.setdefault(name if known else "", problem_words(problem))

    def compare(self, row: Row) -> None:
        """Somebody else saved ``row`` meanwhile: show what is different, and let the next save be one that knows it."""
        self.theirs = {name: row[name] or "" for name in FIELDS if (row[name] or "") != self.values[name]}
        if not self.values["standing"]:
            self.theirs.pop("standing", None)
        stored = [(one["number"], one["shared"]) for one in row["numbers"]]
        if stored != [(one.number, one.shared) for one in self.numbers]:
            self.theirs["numbers"] = row["numbers"]
        self.as_of = row["updated_at"]


def typed_from(row: Row) -> Typed:
    """The form as the card is."""
    numbers = [NumberIn.model_construct(**one) for one in row["numbers"]]
    return Typed({name: row[name] or "" for name in FIELDS}, numbers, row["updated_at"])


def blank(number: str = "", name: str = "") -> Typed:
    """The form of a new client."""
    return Typed(
        dict.fromkeys(FIELDS, "") | {"name": name}, [NumberIn.model_construct(number=number)] if number else []
    )


async def typed_in(request: Request) -> Typed:
    """What was sent. Rows of numbers that were left empty are no numbers."""
    sent = await request.form()

    def text(name: str) -> str:
        value = sent.get(name)
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""

    rows = [(text(f"number-{place}"), text(f"shared-{place}") == "yes") for place in range(_MOST_ROWS)]
    numbers = [NumberIn.model_construct(number=number, shared=shared) for number, shared in rows if number]
    return Typed({name: text(name) for name in FIELDS}, numbers, text("as_of"))
