"""A list, or other rows, as a file: CSV or XLSX that no spreadsheet carries out, or JSON; the import
reads it back as it was."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Final, TextIO

import xlsxwriter
import xlsxwriter.worksheet
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.lists.files.columns import FIELDS
from app.lists.files.formula_guard import guarded
from app.plan.rows import Row
from models import LineRecord
from models.list_name import ListName

_FETCHED: Final = 5_000
_PART_CHARACTERS: Final = 200_000
_ROWS_OF_A_SHEET: Final = 1_048_576


class FileFormat(StrEnum):
    """The form of an exported file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """As HTTP calls it."""
        return {
            FileFormat.CSV: "text/csv; charset=utf-8",
            FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileFormat.JSON: "application/json",
        }[self]


Entry = Row
"""A row of the file: texts, numbers, lists of texts. Of a list it has the fields of
:data:`app.lists.files.columns.FIELDS`: ``lines`` are line numbers, moments RFC 3339."""


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
    async for part in json_parts(entries):
        out.write(part)


async def json_parts(entries: AsyncIterator[Entry]) -> AsyncIterator[str]:
    """The same, in parts."""
    separator = "["
    async for entry in entries:
        yield f"{separator}\n{json.dumps(entry, ensure_ascii=False)}"
        separator = ","
    yield "[]\n" if separator == "[" else "\n]\n"


async def write_sheet(entries: AsyncIterator[Entry], out: BinaryIO, fields: tuple[str, ...], name: str) -> None:
    """XLSX with a header; more entries than a sheet has rows go onto further sheets. Every cell is text, and guarded like
    those of CSV: whoever saves the sheet as CSV has a file that is as safe."""
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        row = _ROWS_OF_A_SHEET
        sheet = None
        async for entry in entries:
            if sheet is None or row == _ROWS_OF_A_SHEET:
                sheet, row = _new_sheet(book, fields, name), 1
            for column, cell in enumerate(_cells(entry, fields)):
                sheet.write_string(row, column, cell)
            row += 1
            if row % _FETCHED == 0:
                await asyncio.sleep(0)
        if sheet is None:
            _new_sheet(book, fields, name)


def _new_sheet(book: xlsxwriter.Workbook, fields: tuple[str, ...], name: str) -> xlsxwriter.worksheet.Worksheet:
    count = len(book.worksheets())
    sheet = book.add_worksheet(f"{name} {count + 1}" if count else name)
    for column, field in enumerate(fields):
        sheet.write_string(0, column, field)
    return sheet


def _cells(entry: Entry, fields: tuple[str, ...]) -> list[str]:
    return [guarded(_cell(entry[field])) for field in fields]


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return " ".join(map(str, value))
        case _:
            return str(value)


def fields_of(name: ListName) -> tuple[str, ...]:
    """The columns of a list's file."""
    return tuple(field for field in FIELDS if hasattr(name.model, field))
