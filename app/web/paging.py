"""Lists are read page by page, newest first. Ids sort by age, so a page begins below the last id of the one before: rows
that come or go meanwhile neither repeat nor hide others."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Query
from sqlalchemy import ColumnElement, Select, false, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.base.errors import Unprocessable
from app.base.problems.requests import RequestFault
from app.base.text import is_storable

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 500

Search = Annotated[str, Query(max_length=100, description="Part of a name, a label or a number.")]
NumberQuery = Annotated[
    str | None,
    Query(max_length=100, description="A telephone number in any form; national ones of the company's country."),
]


@dataclass(frozen=True, slots=True)
class PageWanted:
    """How many, and after which position."""

    limit: int
    after: str | None


def page_wanted(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many at once.")] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=200, description="The `next_cursor` of the page before.")] = None,
) -> PageWanted:
    """The dependency that reads ``limit`` and ``cursor``. Raises :class:`Unprocessable`."""
    return PageWanted(limit, opened_cursor(cursor) if cursor else None)


def cursor_at(position: str) -> str:
    """The cursor for what comes after ``position``. Opaque, so that nobody builds on what it is made of."""
    return base64.urlsafe_b64encode(position.encode()).rstrip(b"=").decode()


def opened_cursor(cursor: str, field: str = "cursor") -> str:
    """The position of a cursor. Raises :class:`Unprocessable`."""
    try:
        position = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        position = "\0"
    if not is_storable(position):
        raise Unprocessable(RequestFault.CURSOR_UNREADABLE, field=field)
    return position


async def page_of(
    session: AsyncSession, query: Select[tuple[Any]], id_column: InstrumentedAttribute[str], page: PageWanted
) -> tuple[Sequence[Any], str | None]:
    """The records of one page of ``query``, and the cursor of the next page if there is one."""
    if page.after is not None:
        query = query.where(id_column < page.after)
    records = (await session.scalars(query.order_by(id_column.desc()).limit(page.limit + 1))).all()
    if len(records) <= page.limit:
        return records, None
    records = records[: page.limit]
    return records, cursor_at(getattr(records[-1], id_column.key))


def matches(
    text: str, *columns: InstrumentedAttribute[str], numbers: Sequence[InstrumentedAttribute[Any]] = ()
) -> ColumnElement[bool]:
    """Rows with ``text`` anywhere in ``columns``, or with its digits, if it has at least three and no letters, anywhere in
    ``numbers``; a leading zero may stand for the country code."""
    if not is_storable(text):
        raise Unprocessable(RequestFault.NOT_SEARCHABLE, field="q")
    found = [column.icontains(text.strip(), autoescape=True) for column in columns]
    digits = re.sub(r"[^0-9]", "", text) if not re.search(r"[^\W\d_]", text) else ""
    if len(digits) >= 3:
        found += [number.contains(part) for number in numbers for part in {digits, digits.lstrip("0") or digits}]
    return or_(false(), *found)
