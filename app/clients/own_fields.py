"""Fields of a company's own on its clients' cards: what they are, and how a value is read."""

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.clients import FieldNotRead, UnknownField
from app.base.text import refuse_unstorable
from app.plan.rows import Row, as_row
from app.plan.tenant_rows import TenantRows
from models import ClientField

Value = str | int | float
"""What a field holds: a text or a choice, a number, or a day as ``2026-12-24``."""
MOST: Final = 10**15
"""The largest number: every program that reads JSON still has it exactly."""


class FieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field; ``choices`` are what one of the kind choice is chosen from."""

    id: str
    name: str
    kind: FieldKind
    choices: tuple[str, ...] = ()

    def read(self, given: Value) -> Value:
        """The value that is stored. Raises :class:`ValueError`."""
        match self.kind:
            case FieldKind.NUMBER:
                return _number(given)
            case FieldKind.DATE:
                return date.fromisoformat(str(given).strip()).isoformat()
            case FieldKind.CHOICE:
                if (chosen := str(given).strip()) not in self.choices:
                    raise ValueError(chosen)
                return chosen
            case FieldKind.TEXT:
                if not (text := str(given).strip()) or len(text) > limits.OWN_FIELD:
                    raise ValueError(text)
                return text


def own_field(row: Row) -> OwnField:
    """A field as it is stored."""
    return OwnField(row["id"], row["name"], FieldKind(row["kind"]), tuple(row["choices"]))


def in_order(rows: Iterable[Row]) -> list[OwnField]:
    """The fields in the order in which a card shows them."""
    return [
        own_field(row) for row in sorted(rows, key=lambda one: (one["position"], one["name"].casefold(), one["id"]))
    ]


def own_fields_of(tenant: TenantRows) -> list[OwnField]:
    """The company's fields in their order, as this worker knows them."""
    return in_order(tenant.rows[ClientField.__tablename__].values())


async def stored_fields(session: AsyncSession, tenant_id: str) -> list[OwnField]:
    """The same out of the database."""
    found = await session.scalars(select(ClientField).where(ClientField.tenant_id == tenant_id))
    return in_order([as_row(one) for one in found.all()])


def read_values(given: Mapping[str, Value | None], fields: Iterable[OwnField]) -> dict[str, Value | None]:
    """Values by the name or the id of their field, as they are stored: by id; None for what is to be empty. Raises
    :class:`Unprocessable` naming the field."""
    known = {one.name: one for one in fields}
    known |= {one.id: one for one in known.values()}
    values: dict[str, Value | None] = {}
    for name, value in given.items():
        at = f"fields.{name[: limits.NAME]}"
        if (field := known.get(name)) is None:
            raise Unprocessable(UnknownField(name[: limits.NAME]), field=at)
        if value is None or value == "":
            values[field.id] = None
            continue
        refuse_unstorable(value, at)
        try:
            values[field.id] = field.read(value)
        except (ValueError, OverflowError) as error:
            raise Unprocessable(FieldNotRead(field.name, field.kind.value, field.choices), field=at) from error
    return values


def readable(values: Mapping[str, Value], fields: Iterable[OwnField]) -> dict[str, Value]:
    """Those of ``values``, by the ids of their fields, that the fields still take: a text however long it is."""
    known, found = {one.id: one for one in fields}, dict[str, Value]()
    for field_id, value in values.items():
        with suppress(KeyError, ValueError, OverflowError):
            is_text = known[field_id].kind is FieldKind.TEXT
            found[field_id] = value if is_text else known[field_id].read(value)
    return found


def _number(given: Value) -> int | float:
    if isinstance(given, str):
        text = given.replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", ".")
        number: int | float = int(text) if text.lstrip("+-").isdecimal() else float(text)
    else:
        number = given
    if not math.isfinite(number) or abs(number) > MOST:
        raise ValueError(given)
    return number
