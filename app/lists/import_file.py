"""Put a whole file on a list: read, checked against what is there, and merged in one commit. Pages, the API and the command
line all do it here.

Nothing is visible before that commit, and a process killed at any moment leaves nothing behind in the database. Other
edits of the same company wait meanwhile; nobody else does, and no lock is held that a call, the shipper or a worker's plan
would wait for. The versions' own lock is taken at the very end.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.errors import Unprocessable
from app.base.problems.files import BadLinesAndMissing
from app.edits.edit import Edit
from app.edits.in_turn import take_companys_turn
from app.lists.conflicts import protected_numbers
from app.lists.files.decoded_file import DecodedFile
from app.lists.files.list_file import fields_of
from app.lists.files.report import Report
from app.lists.files.row_entry import Batch, ReadingPlace, read_batches
from app.lists.files.staging import Staging
from app.lists.files.table import Table, read_table
from app.lists.import_options import ImportOptions
from app.lists.ties import opposite_ties
from app.plan.number_files import write_number_file
from app.plan.rows import Row, as_row
from app.plan.unfinished_number_files import remove_unfinished
from filters.number_index import LONGEST_E164
from models import Company, ImportReplaced, LineRecord
from models.base import new_id
from models.list_name import ListName

_READ_AT_ONCE: Final = 5_000
_MERGED_AT_ONCE: Final = 50_000
_STAMP_CHARACTERS: Final = 10


class Progress(Protocol):
    """Told how far each phase has come; ``total`` is None where that cannot be known."""

    def __call__(self, phase: str, done: int, total: int | None) -> None:
        """``done`` of ``total`` in ``phase``."""


class OutcomeDiffers(Exception):
    """The list has changed since somebody looked at what the import would do, and it would do something else now."""


@dataclass(slots=True)
class ListImport:
    """One import of ``file`` into the list ``name``. ``edit`` is the transaction, which whoever began it commits (or rolls
    back, for a preview); ``now`` is UTC."""

    edit: Edit
    name: ListName
    file: DecodedFile
    data_dir: Path
    now: datetime
    progress: Progress
    options: ImportOptions = field(default_factory=ImportOptions)
    report: Report = field(init=False)
    table: Table = field(init=False)
    outcome: str = ""
    country: str = ""
    first_id: str = ""
    last_id: str = ""
    _staged: int = 0
    _changes: int = 0

    async def preview(self, keep_as: str | None = None) -> Report:
        """What would happen. ``keep_as`` is the import with which what becomes of each line is kept."""
        staging = await self._stage(preview=True)
        self.report.added = await self._check(staging) - self._changes
        self.report.changed = self._changes
        if keep_as is not None:
            with self._phase("keep"):
                await staging.keep_rows(self.edit.tenant_id, keep_as, all_of_them=True)
        return self.report

    async def apply(self, import_id: str, expected: str | None = None, *, keep: bool = False) -> Report:
        """Import, so that ``import_id``, which is there already, can be undone; to be committed. ``expected`` is the
        :attr:`outcome` of a preview; ``keep``: what became of the lines is kept as well, where there was none.

        Raises :class:`app.lists.files.decoded_file.FileUnreadable` and :class:`OutcomeDiffers`.
        """
        staging = await self._stage(preview=False)
        with self._phase("wait"):
            await take_companys_turn(self.edit)
        left = await self._check(staging)
        if expected is not None and expected != self.outcome:
            raise OutcomeDiffers
        if keep:
            await staging.keep_rows(self.edit.tenant_id, import_id, all_of_them=False)
        if left or (self.options.remove_missing and self.report.missing):
            await self._merge(staging, import_id, left)
            self.report.id = import_id
        return self.report

    async def _stage(self, *, preview: bool) -> Staging:
        self.table = table = read_table(self.file.lines, self.options.columns)
        self.report = Report(self.name.value, preview, self.file.encoding, table.columns.unread)
        staging = Staging(
            await driver_connection(self.edit.session), self.name.model.__tablename__,
            self.name.other.model.__tablename__,
        )  # fmt: skip
        with self._phase("read"):
            await staging.create()
            for batch in read_batches(table.rows, table.columns, await self._reading_place(), _READ_AT_ONCE):
                self.report.rows += len(batch)
                await self._stage_batch(staging, batch)
                self.progress("read", self.file.position, self.file.size)
        self.report.remarks = table.remarks.count
        with self._phase("sort"):
            self._staged = await staging.sort(self.now)
            self.report.rounded = await staging.count_rounded()
        return staging

    async def _stage_batch(self, staging: Staging, batch: Batch) -> None:
        if batch.numbers:
            await staging.add_numbers(batch.numbers)
        if batch.entries:
            await staging.add(batch.entries)
        if batch.bad:
            await staging.add_bad(batch.bad)
            for one in batch.bad:
                self.report.note_problem(one)

    async def _reading_place(self) -> ReadingPlace:
        company = await self.edit.session.get_one(Company, self.edit.tenant_id)
        self.country = self.options.country or company.country
        lines = await self.edit.session.scalars(
            select(LineRecord).where(LineRecord.tenant_id == self.edit.tenant_id).order_by(LineRecord.id)
        )
        names = {
            key: (line.id, line.country) for line in lines.all() for key in (line.id, line.number)
        }  # fmt: skip
        return ReadingPlace(
            self.options.country or company.country,
            ZoneInfo(company.time_zone),
            names,
            self.now,
            self.name is ListName.BLACKLIST,
        )

    async def _check(self, staging: Staging) -> int:
        """Leave out what must not be imported; returns how many rows are left."""
        tenant_id = self.edit.tenant_id
        with self._phase("check"):
            await staging.match(tenant_id)
            await staging.skip_expired(self.now)
            if self.name is ListName.BLACKLIST:
                company = await self.edit.session.get_one(Company, tenant_id)
                await staging.skip_protected(await protected_numbers(self.edit, company))
            await staging.skip_opposite(tenant_id, self.now)
            await staging.skip_clients(tenant_id, self.name.other.standing.value)
            await staging.skip(await opposite_ties(self.edit, self.name, await staging.wide(), self.now))
            left = self._staged - await staging.report_skipped(self.report)
            self._changes = await staging.count_changes()
            self.report.missing = await staging.count_missing(tenant_id)
            removes = self.options.remove_missing
            if removes and self.report.unreadable:
                raise Unprocessable(BadLinesAndMissing(self.report.unreadable), field="remove_missing")
            self.outcome = await staging.outcome(tenant_id, with_missing=removes) + f" {left}"
            return left

    async def _merge(self, staging: Staging, import_id: str, left: int) -> None:
        stamp, start = new_id()[:_STAMP_CHARACTERS], secrets.randbits(39)
        self.first_id, self.last_id = (f"{stamp}{start + place:010x}" for place in (1, self._staged))
        tenant_id, fields = self.edit.tenant_id, fields_of(self.name)
        with self._phase("merge"):
            if self.options.remove_missing:  # before anything is added that the list did not have
                self.report.removed = await staging.remove_missing(tenant_id, import_id)
            await staging.hold_company(tenant_id)
            for first in range(1, self._staged + 1, _MERGED_AT_ONCE):
                places = range(first, first + _MERGED_AT_ONCE)
                self.report.added += await staging.merge(tenant_id, self.edit.actor, stamp, start, places, fields)
                self.progress("merge", self.report.added, left)
            await staging.release_company()
            if self._changes:
                self.report.changed = await staging.change(tenant_id, import_id, fields)
        await record_list(
            self.edit,
            self.name,
            "import",
            self.data_dir,
            await self._wide(import_id),
            self.report.counts(),
            self._phase,
        )

    async def _wide(self, import_id: str) -> dict[str, Row | None]:
        """What changed of those entries that no number file has."""
        model, tenant_id = self.name.model, self.edit.tenant_id
        replaced = select(ImportReplaced.row_id).where(
            ImportReplaced.tenant_id == tenant_id, ImportReplaced.import_id == import_id
        )
        gone = await self.edit.session.scalars(replaced.where(ImportReplaced.after.is_(None)))
        ours = model.id.between(self.first_id, self.last_id) | model.id.in_(replaced)
        return dict.fromkeys(gone.all()) | await wide_rows(self.edit, self.name, ours)

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        self.progress(name, 0, None)
        began = time.perf_counter()
        yield
        self.report.seconds[name] = time.perf_counter() - began


async def wide_rows(edit: Edit, name: ListName, which: ColumnElement[bool]) -> dict[str, Row | None]:
    """The rows that no number file has, by id."""
    model = name.model
    records = await edit.session.scalars(
        select(model).where(
            model.tenant_id == edit.tenant_id, which,
            or_(model.match != "exact", model.number.not_like("+%"), func.length(model.number) > LONGEST_E164),
        )
    )  # fmt: skip
    return {record.id: as_row(record) for record in records.all()}


async def record_list(
    edit: Edit, name: ListName, act: str, data_dir: Path, wide: Mapping[str, Row | None], counts: Row,
    phase: Callable[[str], AbstractContextManager[None]],
) -> None:  # fmt: skip
    """Write the list's number file, and record that it is changed as a whole."""
    subject, generation = name.model.__tablename__, new_id()
    with phase("number file"):
        remove_unfinished(data_dir, edit.tenant_id, subject)
        connection = await driver_connection(edit.session)
        await write_number_file(connection, data_dir, edit.tenant_id, subject, generation)
    await edit.record_bulk(act, subject, generation, wide, counts)


async def driver_connection(session: AsyncSession) -> asyncpg.Connection:
    """asyncpg's connection of the session, inside its transaction: for COPY and cursors."""
    await session.execute(select(1))  # SQLAlchemy begins the transaction with its first statement
    raw = await (await session.connection()).get_raw_connection()
    return raw.driver_connection
