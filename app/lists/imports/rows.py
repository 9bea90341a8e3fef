"""What becomes of each line of an import, a page at a time, and those that cannot be imported as a file to mend."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterator
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from app.base.problems.import_lines import RowKind
from app.lists.files.decoded_file import unpacked_file
from app.lists.files.formula_guard import guarded
from app.lists.files.table import BadLine
from app.lists.import_options import ImportOptions
from app.lists.imports.importer import Importer, LineSeen
from app.web.paging import PageWanted, Part, read_page
from models import ImportRow, StoredImport

_ADDED: Final = ("file_line", "problem")
"""The columns that say what was wrong. No importer takes them for anything when the file is uploaded again, as it would
take ``line`` for the lines that an entry is limited to."""


async def lines_of(
    session: AsyncSession, stored: StoredImport, importer: Importer, kind: RowKind | None, page: PageWanted
) -> tuple[list[LineSeen], str | None]:
    """One page of lines in the order of the file, and the cursor of the next."""
    query = select(ImportRow).where(ImportRow.tenant_id == stored.tenant_id, ImportRow.import_id == stored.id)
    if kind is not None:
        query = query.where(ImportRow.kind == kind.value)
    found = await read_page(session, page, Part(query, (ImportRow.line,), descending=False))
    return [importer.seen(row[0], stored.target) for row in found.items], found.after


async def rejected_lines(session: AsyncSession, stored: StoredImport, importer: Importer) -> AsyncIterator[bytes]:
    """CSV of the lines that cannot be imported: as they stand in the file, with the line's number and what is wrong."""
    query = select(ImportRow).where(
        ImportRow.tenant_id == stored.tenant_id, ImportRow.import_id == stored.id, ImportRow.kind == RowKind.ERROR.value
    )
    rows = (await session.scalars(query.order_by(ImportRow.line))).all()
    wrong: dict[int, LineSeen] = {}
    for one in (importer.seen(row, stored.target) for row in rows):
        wrong.setdefault(one.line, one)
    again = select(StoredImport).where(StoredImport.tenant_id == stored.tenant_id, StoredImport.id == stored.id)
    packed = (await session.scalars(again.options(undefer(StoredImport.file)))).one().file
    options = ImportOptions.of_json(stored.options)
    parts = _parts(importer, packed, stored.recognised.get("sheet", ""), options, wrong)
    while part := await asyncio.to_thread(next, parts, None):
        yield part


def _parts(
    importer: Importer, packed: bytes, sheet: str, options: ImportOptions, wrong: dict[int, LineSeen]
) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    if not packed:
        writer.writerow(["number", *_ADDED])
        for one in wrong.values():
            writer.writerow([guarded(one.number), one.line, guarded(one.detail)])
        yield out.getvalue().encode()
        return
    with unpacked_file(packed, sheet) as file:
        cut = importer.cut(file, options)
        names = cut.names
        writer.writerow([*(guarded(name) for name in names), *_ADDED])
        for row in cut.rows:
            number, cells = (row.line, [row.value]) if isinstance(row, BadLine) else row
            if (found := wrong.get(number)) is not None:
                filled = [*cells[: len(names)], *[""] * (len(names) - len(cells))]
                # Cells without a column go last, so that uploading the line unmended is still an error.
                beyond = cells[len(names) :] if any(cell.strip() for cell in cells[len(names) :]) else []
                said = (str(number), guarded(found.detail))
                writer.writerow([*map(_safe, filled), *said, *map(_safe, beyond)])
            if out.tell() > 200_000:
                yield out.getvalue().encode()
                out.seek(0)
                out.truncate()
        yield out.getvalue().encode()


def _safe(cell: str) -> str:
    """What was guarded already stays as it is."""
    plain = cell.encode("utf-8", "replace").decode()
    return plain if plain.startswith("'") else guarded(plain)
