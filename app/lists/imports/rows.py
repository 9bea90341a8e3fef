"""What becomes of each line of an import, a page at a time, and those that cannot be imported as a file to mend."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from app.base.problems.import_lines import RowKind, SkipReason
from app.lists.files.decoded_file import unpacked_file
from app.lists.files.formula_guard import guarded
from app.lists.files.problem_json import problem_of_json, protection_of_json
from app.lists.files.table import BadLine, read_table
from app.lists.import_options import ImportOptions
from app.web.paging import PageWanted, Part, read_page
from app.words.import_row_words import protected_words, twice_words, why_words
from app.words.problems.entries import protection_words
from app.words.problems.files import line_words
from models import ImportRow, StoredImport
from models.list_name import ListName


@dataclass(frozen=True, slots=True)
class LineSeen:
    """One line: ``number`` and what else names an entry, ``why`` a code and ``detail`` the sentence where it is not
    imported, ``before`` what a change would replace (of that which the line says)."""

    line: int
    kind: RowKind
    number: str
    match: str
    to: str | None
    label: str
    reason: str
    field: str = ""
    why: str = ""
    detail: str = ""
    before: Mapping[str, str] | None = None


async def lines_of(
    session: AsyncSession, stored: StoredImport, kind: RowKind | None, page: PageWanted
) -> tuple[list[LineSeen], str | None]:
    """One page of lines in the order of the file, and the cursor of the next."""
    query = select(ImportRow).where(ImportRow.tenant_id == stored.tenant_id, ImportRow.import_id == stored.id)
    if kind is not None:
        query = query.where(ImportRow.kind == kind.value)
    found = await read_page(session, page, Part(query, (ImportRow.line,), descending=False))
    return [line_seen(row[0], stored.target) for row in found.items], found.after


def line_seen(row: ImportRow, target: str) -> LineSeen:
    """The line as people see it."""
    before: dict[str, str] | None = None
    if row.kind == RowKind.CHANGE.value and row.before is not None:
        said = {"label": row.label, "reason": row.reason}
        before = {
            name: str(row.before.get(name) or "") for name, new in said.items() if new and new != row.before[name]
        }
    return LineSeen(
        row.line, RowKind(row.kind), row.number, row.match, row.to, row.label, row.reason, row.field, row.why,
        _detail(row, target), before,
    )  # fmt: skip


def _detail(row: ImportRow, target: str) -> str:
    if row.why == "bad" and row.problem is not None:
        return line_words(problem_of_json(row.problem))
    if row.why == SkipReason.TWICE:
        return twice_words(row.about)
    if row.why == SkipReason.PROTECTED and row.problem is not None:
        return protected_words(protection_words(protection_of_json(row.problem)))
    if row.why in {one.value for one in SkipReason}:
        return why_words(SkipReason(row.why), ListName(target), row.about)
    return row.about


async def rejected_lines(session: AsyncSession, stored: StoredImport) -> AsyncIterator[bytes]:
    """CSV of the lines that cannot be imported: as they stand in the file, with the line's number and what is wrong."""
    query = select(ImportRow).where(
        ImportRow.tenant_id == stored.tenant_id, ImportRow.import_id == stored.id, ImportRow.kind == RowKind.ERROR.value
    )
    rows = (await session.scalars(query.order_by(ImportRow.line))).all()
    wrong = {row.line: line_seen(row, stored.target) for row in rows}
    again = select(StoredImport).where(StoredImport.tenant_id == stored.tenant_id, StoredImport.id == stored.id)
    packed = (await session.scalars(again.options(undefer(StoredImport.file)))).one().file
    options = ImportOptions.of_json(stored.options)
    parts = _parts(packed, stored.recognised.get("sheet", ""), options, wrong)
    while part := await asyncio.to_thread(next, parts, None):
        yield part


def _parts(packed: bytes, sheet: str, options: ImportOptions, wrong: dict[int, LineSeen]) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    if not packed:
        writer.writerow(["line", "number", "problem"])
        for one in wrong.values():
            writer.writerow([one.line, guarded(one.number), guarded(one.detail)])
        yield out.getvalue().encode()
        return
    with unpacked_file(packed, sheet) as file:
        table = read_table(file.lines, options.columns)
        names = table.columns.names or ("number", *[""] * (table.columns.width - 1))
        writer.writerow([*(guarded(name) for name in names), "line", "problem"])
        for row in table.rows:
            number, cells = (row.line, [row.value]) if isinstance(row, BadLine) else row
            if (found := wrong.get(number)) is not None:
                filled = [*cells[: len(names)], *[""] * (len(names) - len(cells))]
                writer.writerow([*(_safe(cell) for cell in filled), str(number), guarded(found.detail)])
            if out.tell() > 200_000:
                yield out.getvalue().encode()
                out.seek(0)
                out.truncate()
        yield out.getvalue().encode()


def _safe(cell: str) -> str:
    """What was guarded already stays as it is."""
    plain = cell.encode("utf-8", "replace").decode()
    return plain if plain.startswith("'") else guarded(plain)
