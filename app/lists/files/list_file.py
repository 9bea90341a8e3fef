"""A list as a file that the import reads back as it was: CSV that no spreadsheet carries out, or JSON."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final, TextIO

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.lists.files.columns import FIELDS
from app.lists.files.formula_guard import guarded
from app.plan.rows import Row
from models import LineRecord
from models.list_name import ListName

_FETCHED: Final = 5_000
_PART_CHARACTERS: Final = 200_000

Entry = Row
"""The fields of :data:`app.lists.files.columns.FIELDS`: ``lines`` are line numbers, moments RFC 3339."""


async def list_entries(connection: AsyncConnection, tenant_id: str, name: ListName) -> AsyncIterator[Entry]:
    """Every entry of a list, the oldest first; memory stays small however many there are."""
    lines = await connection.execute(select(LineRecord.id, LineRecord.number).where(LineRecord.tenant_id == tenant_id))
    number_of: dict[str, str] = {row.id: row.number for row in lines.all()}
    model, fields = name.model, fields_of(name)
    query = select(*(getattr(model, field) for field in fields)).where(model.tenant_id == tenant_id).order_by(model.id)
    rows = await connection.stream(query, execution_options={"yield_per": _FETCHED})
    async for row in rows:
        entry = {
            field: value.isoformat() if isinstance(value, datetime) else value
            for field, value in zip(fields, row, strict=True)
        }
        # A line that is gone limits nothing any more, but an entry for it alone must not become one for all.
        entry["lines"] = [number_of.get(line_id, line_id) for line_id in entry["lines"]]
        yield entry


async def write_csv(entries: AsyncIterator[Entry], out: TextIO, fields: tuple[str, ...]) -> None:
    """CSV (RFC 4180) with a header. Every cell is quoted, so that text with a semicolon stays one cell where spreadsheets
    cut at semicolons."""
    async for part in csv_parts(entries, fields):
        out.write(part)


async def csv_parts(entries: AsyncIterator[Entry], fields: tuple[str, ...]) -> AsyncIterator[str]:
    """The same, in parts of some hundred kilobytes, to be sent while the list is read."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(fields)
    async for entry in entries:
        writer.writerow(_cells(entry, fields))
        if out.tell() > _PART_CHARACTERS:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


async def write_json(entries: AsyncIterator[Entry], out: TextIO) -> None:
    """A JSON array, an entry a line."""
    separator = "["
    async for entry in entries:
        out.write(f"{separator}\n{json.dumps(entry, ensure_ascii=False)}")
        separator = ","
    out.write("[]\n" if separator == "[" else "\n]\n")


def _cells(entry: Entry, fields: tuple[str, ...]) -> list[str]:
    cells = entry | {"lines": " ".join(entry["lines"])}
    return [guarded(cells[field] or "") for field in fields]


def fields_of(name: ListName) -> tuple[str, ...]:
    """The columns of a list's file."""
    return tuple(field for field in FIELDS if hasattr(name.model, field))
