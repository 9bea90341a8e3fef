"""The one pager. A page begins behind the last row of the page before, by what rows are sorted by and never by counting:
rows that come or go meanwhile neither repeat nor hide others, and the last page of a million comes as fast as the first."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from sqlalchemy import ColumnElement, DateTime, Integer, Row, Select, and_, false, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.requests import RequestFault
from app.base.search_text import AT_BEGINNING, folded, has_folded, search_words
from app.base.text import is_storable

Item = TypeVar("Item")
Position = tuple[str, ...]
"""Where a page ended: the name of its part, if the list has parts, and the last row's keys."""

Search = Annotated[str, Query(max_length=limits.SEARCH, description="Part of a name, a label or a number.")]
NumberQuery = Annotated[
    str | None,
    Query(
        max_length=limits.TYPED_NUMBER,
        description="A telephone number in any form; national ones of the company's country.",
    ),
]
After = Annotated[str, Query(max_length=limits.LONG_CURSOR)]
"""The position in the address of a page for people."""


_FEWEST_DIGITS = 3
_LARGEST = 2**31 - 1
_Columns = tuple[Any, ...]
"""Whatever a query selects."""


@dataclass(frozen=True, slots=True)
class PageWanted:
    """How many, and behind which position. ``field`` is the parameter that a problem with the position names."""

    limit: int
    after: Position | None = None
    field: str = "cursor"


@dataclass(frozen=True, slots=True)
class Slice(Generic[Item]):
    """One page; ``after`` is the cursor of the next one, None on the last."""

    items: list[Item]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A list, or a part of it that an index of its own keeps in order: the rows of ``query`` by ``keys``, which together
    are different for every row and never null."""

    query: Select[*_Columns]
    keys: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]
    descending: bool = True
    name: str = ""


def read_page_query(
    limit: Annotated[int, Query(ge=1, le=limits.LONGEST_PAGE, description="How many at once.")] = limits.PAGE,
    cursor: Annotated[
        str | None, Query(max_length=limits.CURSOR, description="The `next_cursor` of the page before.")
    ] = None,
) -> PageWanted:
    """The dependency that reads ``limit`` and ``cursor``. Raises :class:`Unprocessable`."""
    return PageWanted(limit, _opened(cursor, "cursor") if cursor else None)


def page_after(cursor: str, limit: int) -> PageWanted:
    """The same for a page for people, whose address has the cursor as ``after``. Raises :class:`Unprocessable`."""
    return PageWanted(limit, _opened(cursor, "after") if cursor else None, "after")


async def read_page(session: AsyncSession, page: PageWanted, *parts: Part) -> Slice[Row[*_Columns]]:
    """The rows of one page, of the first part and then of the following ones; each row has the columns of its query first.
    Raises :class:`Unprocessable` for a position that none of the parts has."""
    begin, keys = _place(page, parts)
    found: list[tuple[Part, Row[*_Columns]]] = []
    for part in parts[begin:]:
        query = part.query.add_columns(*part.keys)
        query = query.order_by(*(key.desc() if part.descending else key.asc() for key in part.keys))
        if keys is not None:
            here, there = tuple_(*part.keys), tuple_(*_values(part, keys, page.field))
            query = query.where(here < there if part.descending else here > there)
            keys = None
        rows = await session.execute(query.limit(page.limit + 1 - len(found)))
        found += [(part, row) for row in rows.all()]
        if len(found) > page.limit:
            last, row = found[page.limit - 1]
            return Slice([row for _part, row in found[: page.limit]], _cursor(last.name, row[-len(last.keys) :]))
    return Slice([row for _part, row in found])


def cut_page(items: Sequence[Item], page: PageWanted, key: Callable[[Item], Position]) -> Slice[Item]:
    """One page of ``items``, which are sorted by ``key``."""
    rest = items if page.after is None else [one for one in items if key(one) > page.after]
    shown = list(rest[: page.limit])
    return Slice(shown, _cursor("", key(shown[-1])) if len(rest) > page.limit else None)


def match_text(
    text: str, *columns: InstrumentedAttribute[str] | ColumnElement[str], country: str,
    numbers: Sequence[InstrumentedAttribute[Any]] = (),
    where: Callable[[ColumnElement[bool]], ColumnElement[bool]] = lambda condition: condition,
) -> ColumnElement[bool]:  # fmt: skip
    """Rows that have every word of ``text``, in any order and whatever its case and accents, in ``columns``, or its digits,
    at least three and as dialled in ``country`` (ISO alpha-2) or internationally, in ``numbers``. ``where`` makes of a
    condition on ``numbers`` one on the row, where they are in another table."""
    if not is_storable(text):
        raise Unprocessable(RequestFault.NOT_SEARCHABLE, field="q")
    whole = [has_folded(column, folded(text).strip()) for column in columns]
    words = []
    for spellings in search_words(text, country):
        found = [has_folded(column, one) for column in columns for one in spellings if not one.startswith(AT_BEGINNING)]
        in_numbers = [
            number.startswith(f"+{one[1:]}") if one.startswith(AT_BEGINNING) else number.contains(one)
            for one in spellings
            if len(one) >= _FEWEST_DIGITS and one.lstrip(AT_BEGINNING).isdecimal()
            for number in numbers
        ]
        words.append(or_(false(), *found, *([where(or_(*in_numbers))] if in_numbers else [])))
    return or_(false(), *whole, and_(*words)) if words else or_(false(), *whole)


def _cursor(name: str, keys: Sequence[object]) -> str:
    """Opaque, so that nobody builds on what it is made of."""
    texts = [key.isoformat() if isinstance(key, datetime) else str(key) for key in keys]
    position = json.dumps([name, *texts] if name else texts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(position.encode()).rstrip(b"=").decode()


def _opened(cursor: str, field: str) -> Position:
    try:
        position = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, UnicodeDecodeError, ValueError, RecursionError):
        raise _none_of_ours(field) from None
    if isinstance(position, list) and all(isinstance(one, str) and is_storable(one) for one in position):
        return tuple(position)
    raise _none_of_ours(field)


def _place(page: PageWanted, parts: Sequence[Part]) -> tuple[int, Position | None]:
    """The part to begin with, and behind which keys of it."""
    if page.after is None:
        return 0, None
    for place, part in enumerate(parts):
        keys = page.after[1:] if part.name else page.after
        if len(keys) == len(part.keys) and (not part.name or page.after[0] == part.name):
            return place, keys
    raise _none_of_ours(page.field)


def _values(part: Part, texts: Position, field: str) -> list[object]:
    try:
        return [_value(key, text) for key, text in zip(part.keys, texts, strict=True)]
    except (ValueError, OverflowError):
        raise _none_of_ours(field) from None


def _value(key: ColumnElement[Any] | InstrumentedAttribute[Any], text: str) -> object:
    if isinstance(key.type, DateTime):
        return datetime.fromisoformat(text).astimezone(UTC)
    if isinstance(key.type, Integer):
        if not -_LARGEST <= (number := int(text)) <= _LARGEST:
            raise ValueError
        return number
    return text


def _none_of_ours(field: str) -> Unprocessable:
    return Unprocessable(RequestFault.CURSOR_UNREADABLE, field=field)
