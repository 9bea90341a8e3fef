"""What an import can be of: each target is read, applied and undone in its own way, and shown in one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from app.base.problems.import_lines import RowKind
from app.base.text import storable_text
from app.edits.edit import Edit
from app.edits.in_turn import take_companys_turn
from app.lists.files.decoded_file import DecodedFile
from app.lists.files.table import BadLine
from app.lists.files.table import Row as Cells
from app.lists.import_file import OutcomeDiffers, Progress
from app.lists.import_options import ImportOptions
from app.lists.imports.import_state import ImportState
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from models import ImportRow, StoredImport


@dataclass(frozen=True, slots=True)
class Occasion:
    """Under which circumstances an import is worked on: the transaction ``edit``, ``now`` (UTC), and who is told how far
    it has come. ``may_judge``: whether this person decides who is a VIP or blacklisted."""

    edit: Edit
    now: datetime
    data_dir: Path
    progress: Progress
    may_judge: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What an import would do or has done: ``counts`` and ``recognised`` as they are stored, ``outcome`` the digest, and
    the ids between which new rows are."""

    counts: Row
    recognised: Row
    outcome: str = ""
    first_id: str = ""
    last_id: str = ""


@dataclass(frozen=True, slots=True)
class LineSeen:
    """One line: ``number`` and what else names an entry or a client, ``why`` a code and ``detail`` the sentence where it is
    not imported. ``before`` is what a change would replace (of that which the line says) and ``after`` what would stand
    there; of a client who would be added, the card."""

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
    after: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CutFile:
    """The ``names`` of a file's columns, and its ``rows`` below them."""

    names: tuple[str, ...]
    rows: Iterator[Cells | BadLine]


class Importer(Protocol):
    """One way. ``path`` is ``module:name`` of the importer, for a process of its own."""

    @property
    def path(self) -> str:
        """Where it is."""

    def choices(self, tenant: TenantRows) -> tuple[str, ...]:
        """What a column can be in a company."""

    def cut(self, file: DecodedFile, options: ImportOptions) -> CutFile:
        """The file as lines of cells. Raises :class:`app.base.errors.Unprocessable`, also when nobody knows which column has
        the numbers."""

    def seen(self, row: ImportRow, target: str) -> LineSeen:
        """A line that was kept, as people see it."""

    async def preview(
        self, occasion: Occasion, stored: StoredImport, file: DecodedFile, options: ImportOptions
    ) -> Found:
        """What would happen; what becomes of each line is kept. Raises :class:`app.base.errors.Unprocessable`."""

    async def apply(
        self, occasion: Occasion, stored: StoredImport, file: DecodedFile, options: ImportOptions, expected: str | None
    ) -> Found:
        """Do it, if it comes to ``expected`` (a digest; None: whatever it comes to). Raises
        :class:`app.lists.import_file.OutcomeDiffers`."""

    async def undo(self, occasion: Occasion, stored: StoredImport) -> Row:
        """Take it back; returns what has been done, as it is stored."""


class Work(Protocol):
    """What is to be done with one file in the transaction of an :class:`Occasion`."""

    @property
    def outcome(self) -> str:
        """A digest: the same means that the same would be done."""

    async def judge(self) -> None:
        """Read the file, and find out what becomes of each line. Raises :class:`app.base.errors.Unprocessable` and
        :class:`app.base.errors.TooLarge`."""

    async def keep_rows(self) -> None:
        """Keep what becomes of each line for whoever looks at the import, in place of what was kept before."""

    async def write(self) -> None:
        """Do it."""

    def found(self) -> Found:
        """What was found, as it is stored."""


async def look_ahead(work: Work) -> Found:
    """What would happen, with what becomes of each line."""
    await work.judge()
    await work.keep_rows()
    return work.found()


async def carry_out(work: Work, occasion: Occasion, stored: StoredImport, expected: str | None) -> Found:
    """Do it in the company's turn, if it comes to ``expected``; see :meth:`Importer.apply`. What becomes of the lines was
    kept by the preview, if there was one."""
    occasion.progress("wait", 0, None)
    await take_companys_turn(occasion.edit)
    await work.judge()
    if expected is not None and work.outcome != expected:
        raise OutcomeDiffers
    if stored.state != ImportState.PREVIEWED or expected is None:
        await work.keep_rows()
    await work.write()
    return work.found()


def recognised_json(fields: Sequence[str | None], names: Sequence[str], file: DecodedFile, country: str) -> Row:
    """How a file was read: what its columns are, below which names if it has any."""
    return {
        "columns": [
            {"name": storable_text(names[place]) if place < len(names) else "", "field": kind}
            for place, kind in enumerate(fields)
        ],
        "encoding": file.encoding, "sheet": file.sheet, "country": country,
    }  # fmt: skip


def note_found(stored: StoredImport, found: Found) -> None:
    """Write down what was found."""
    stored.counts, stored.recognised, stored.outcome = found.counts, found.recognised, found.outcome


def note_applied(stored: StoredImport, found: Found, edit: Edit) -> None:
    """Write down that it was applied, and what an undo needs."""
    note_found(stored, found)
    stored.refused = None
    stored.first_id, stored.last_id = found.first_id, found.last_id
    stored.state, stored.applied_at, stored.applied_by = ImportState.APPLIED.value, edit.now, edit.actor
