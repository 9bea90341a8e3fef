"""Imports of the VIP list and the blacklist."""

from typing import Final

from app.lists.files.columns import CHOICES
from app.lists.files.decoded_file import DecodedFile
from app.lists.files.report import Report
from app.lists.import_file import ListImport
from app.lists.import_options import ImportOptions
from app.lists.imports.importer import Found, Importer, Occasion
from app.lists.undo_import import UndoImport
from app.plan.rows import Row
from models import StoredImport
from models.list_name import ListName


class ListImporter:
    """See :class:`app.lists.imports.importer.Importer`."""

    path: Final = "app.lists.imports.list_importer:LIST_IMPORTER"
    choices: Final = CHOICES

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
    recognised: Row = {
        "columns": [
            {"name": columns.names[place] if columns.names else "", "field": field}
            for place, field in enumerate(columns.fields())
        ],
        "encoding": report.encoding,
        "sheet": work.file.sheet,
        "country": work.country,
    }
    return Found(counts, recognised, work.outcome, work.first_id, work.last_id)


LIST_IMPORTER: Final[Importer] = ListImporter()
