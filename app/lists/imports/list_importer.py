"""Imports of the VIP list and the blacklist."""

from typing import Final

from app.base.problems.import_lines import RowKind, SkipReason
from app.lists.files.columns import CHOICES
from app.lists.files.decoded_file import DecodedFile
from app.lists.files.line_parts import line_of_part
from app.lists.files.problem_json import problem_of_json, protection_of_json
from app.lists.files.report import Report
from app.lists.files.table import read_table
from app.lists.import_file import ListImport
from app.lists.import_options import ImportOptions
from app.lists.imports.importer import CutFile, Found, Importer, LineSeen, Occasion, recognised_json
from app.lists.undo_import import UndoImport
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.words.import_row_words import protected_words, twice_words, why_words
from app.words.problems.entries import protection_words
from app.words.problems.files import line_words
from models import ImportRow, StoredImport
from models.list_name import ListName


class ListImporter:
    """See :class:`app.lists.imports.importer.Importer`."""

    path: Final = "app.lists.imports.list_importer:LIST_IMPORTER"

    def choices(self, tenant: TenantRows) -> tuple[str, ...]:
        """What a column can be."""
        return CHOICES

    def cut(self, file: DecodedFile, options: ImportOptions) -> CutFile:
        """The names of the columns, and the lines below them."""
        table = read_table(file.lines, options.columns)
        return CutFile(table.columns.names or tuple(one or "" for one in table.columns.fields()), table.rows)

    def seen(self, row: ImportRow, target: str) -> LineSeen:
        """The line as people see it."""
        return line_seen(row, target)

    async def preview(
        self, occasion: Occasion, stored: StoredImport, file: DecodedFile, options: ImportOptions
    ) -> Found:
        """What would happen."""
        work = _work(occasion, stored, file, options)
        return found_of(work, await work.preview(stored.id))

    async def apply(
        self, occasion: Occasion, stored: StoredImport, file: DecodedFile, options: ImportOptions, expected: str | None
    ) -> Found:
        """Do it."""
        work = _work(occasion, stored, file, options)
        return found_of(work, await work.apply(stored.id, expected))

    async def undo(self, occasion: Occasion, stored: StoredImport) -> Row:
        """Take it back."""
        undo = UndoImport(occasion.edit, stored, occasion.data_dir, occasion.now, occasion.progress)
        return (await undo.undo()).as_json()


def _work(occasion: Occasion, stored: StoredImport, file: DecodedFile, options: ImportOptions) -> ListImport:
    name = ListName(stored.target)
    return ListImport(occasion.edit, name, file, occasion.data_dir, occasion.now, occasion.progress, options)


def found_of(work: ListImport, report: Report) -> Found:
    """What ``work`` has found, as it is stored."""
    columns = work.table.columns
    counts: Row = report.five_counts() | {
        "rows": report.rows, "missing": report.missing, "removed": report.removed, "remarks": report.remarks,
        "rounded": report.rounded,
    }  # fmt: skip
    recognised = recognised_json(columns.fields(), columns.names, work.file, work.country)
    return Found(counts, recognised, work.outcome, work.first_id, work.last_id)


def line_seen(row: ImportRow, target: str) -> LineSeen:
    """The line as people see it."""
    before: dict[str, str] | None = None
    after: dict[str, str] | None = None
    if row.kind == RowKind.CHANGE.value and row.before is not None:
        said = {"label": row.label, "reason": row.reason}
        before = {
            name: str(row.before.get(name) or "") for name, new in said.items() if new and new != row.before[name]
        }
        after = {name: said[name] for name in before}
    return LineSeen(
        line_of_part(row.line), RowKind(row.kind), row.number, row.match, row.to, row.label, row.reason, row.field, row.why,
        _detail(row, target), before, after,
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


LIST_IMPORTER: Final[Importer] = ListImporter()
