"""Put a whole file on a list: read, checked against what is there, and merged in one commit.

Nothing is visible before that commit, and a process killed at any moment leaves nothing behind in the database. Other
edits of the same company wait meanwhile; nobody else does, and no lock is held that a call, the shipper or a worker's plan
would wait for. The versions' own lock is taken at the very end.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.edits.edit import Edit
from app.edits.in_turn import take_companys_turn
from app.lists.conflicts import living, protected_numbers, tie
from app.lists.files.decoded_file import DecodedFile
from app.lists.files.list_file import fields_of
from app.lists.files.report import Report, Skipped, SkipReason
from app.lists.files.row_entry import Expired, ReadingPlace, read_entries
from app.lists.files.staging import Staging
from app.lists.files.table import BadLine, read_table
from app.plan.number_files import write_number_file
from app.plan.rows import Row, as_row
from app.plan.unfinished_number_files import remove_unfinished
from app.words.entry_words import entry_words
from filters.number_index import LONGEST_E164
from filters.pattern import Pattern, PatternKind
from models import Company, LineRecord
from models.base import new_id
from models.list_name import ListName

_READ_AT_ONCE: Final = 5_000
_MERGED_AT_ONCE: Final = 50_000
_STAMP_CHARACTERS: Final = 10


class Progress(Protocol):
    """Told how far each phase has come; ``total`` is None where that cannot be known."""

    def __call__(self, phase: str, done: int, total: int | None) -> None:
        """``done`` of ``total`` in ``phase``."""


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
    report: Report = field(init=False)
    _staged: int = 0

    async def preview(self) -> Report:
        """What would happen."""
        staging = await self._stage(preview=True)
        self.report.added = await self._check(staging)
        return self.report

    async def apply(self) -> Report:
        """Import; to be committed. Raises :class:`app.lists.files.decoded_file.FileUnreadable`."""
        staging = await self._stage(preview=False)
        with self._phase("wait"):
            await take_companys_turn(self.edit)
        left = await self._check(staging)
        if left:
            await self._merge(staging, left)
        return self.report

    async def _stage(self, *, preview: bool) -> Staging:
        table = read_table(self.file.lines)
        self.report = Report(self.name.value, preview, self.file.encoding, table.columns.unread)
        staging = Staging(
            await _driver_connection(self.edit.session), self.name.model.__tablename__,
            self.name.other.model.__tablename__,
        )  # fmt: skip
        with self._phase("read"):
            await staging.create()
            entries = read_entries(table.rows, table.columns, await self._reading_place())
            while batch := list(islice(entries, _READ_AT_ONCE)):
                self.report.rows += len(batch)
                await staging.add([one for one in batch if not isinstance(one, BadLine | Expired)])
                for one in batch:
                    if isinstance(one, BadLine):
                        self.report.note_problem(one)
                    elif isinstance(one, Expired):
                        self.report.note_skipped(Skipped(one.line, one.number, SkipReason.EXPIRED))
                self.progress("read", self.file.position, self.file.size)
        self.report.remarks = table.remarks.count
        with self._phase("sort"):
            self._staged = await staging.sort()
            self.report.rounded = await staging.count_rounded()
        return staging

    async def _reading_place(self) -> ReadingPlace:
        company = await self.edit.session.get_one(Company, self.edit.tenant_id)
        lines = await self.edit.session.scalars(
            select(LineRecord).where(LineRecord.tenant_id == self.edit.tenant_id).order_by(LineRecord.id)
        )
        names = {
            key: (line.id, line.country) for line in lines.all() for key in (line.id, line.number)
        }  # fmt: skip
        return ReadingPlace(
            company.country, ZoneInfo(company.time_zone), names, self.now, self.name is ListName.BLACKLIST
        )

    async def _check(self, staging: Staging) -> int:
        """Leave out what must not be imported; returns how many rows are left."""
        tenant_id = self.edit.tenant_id
        with self._phase("check"):
            await staging.skip_listed(tenant_id)
            if self.name is ListName.BLACKLIST:
                company = await self.edit.session.get_one(Company, tenant_id)
                await staging.skip_protected(await protected_numbers(self.edit, company))
            await staging.skip_opposite(tenant_id, self.now)
            await staging.skip_clients(tenant_id, self.name.other.standing.value)
            await staging.skip(await self._ties(await staging.wide()))
            return self._staged - await staging.report_skipped(self.report)

    async def _ties(self, wide: list[tuple[int, str, str, str | None]]) -> list[tuple[int, SkipReason, str]]:
        """Prefixes and ranges that would decide as well as a prefix or range of the opposite list."""
        if not wide:
            return []
        model = self.name.other.model
        entries = await self.edit.session.execute(
            select(model.match, model.number, model.to, model.label).where(
                model.tenant_id == self.edit.tenant_id, model.match.in_(["prefix", "range"]), living(model, self.now)
            )
        )
        opposite: dict[int, list[tuple[Pattern, str]]] = {}
        for kind, number, to, label in entries.all():
            pattern = Pattern(PatternKind(kind), number, to)
            opposite.setdefault(pattern.specificity, []).append((pattern, label))
        found = []
        for line, kind, number, to in wide:
            mine = Pattern(PatternKind(kind), number, to)
            for theirs, label in opposite.get(mine.specificity, ()):
                if tie(mine, theirs):
                    found.append((line, SkipReason.OPPOSITE, label or entry_words(theirs).names))
                    break
        return found

    async def _merge(self, staging: Staging, left: int) -> None:
        stamp, start = new_id()[:_STAMP_CHARACTERS], secrets.randbits(39)
        with self._phase("merge"):
            await staging.hold_company(self.edit.tenant_id)
            for first in range(1, self._staged + 1, _MERGED_AT_ONCE):
                places = range(first, first + _MERGED_AT_ONCE)
                self.report.added += await staging.merge(
                    self.edit.tenant_id, self.edit.actor, stamp, start, places,
                    fields_of(self.name),
                )  # fmt: skip
                self.progress("merge", self.report.added, left)
            await staging.release_company()
        subject, generation = self.name.model.__tablename__, new_id()
        with self._phase("number file"):
            remove_unfinished(self.data_dir, self.edit.tenant_id, subject)
            connection = await _driver_connection(self.edit.session)
            await write_number_file(connection, self.data_dir, self.edit.tenant_id, subject, generation)
        await self.edit.record_bulk("import", subject, generation, await self._wide_rows(stamp), self.report.counts())

    async def _wide_rows(self, stamp: str) -> list[Row]:
        """The rows that no number file has."""
        model = self.name.model
        records = await self.edit.session.scalars(
            select(model).where(
                model.tenant_id == self.edit.tenant_id,
                model.id.startswith(stamp),
                or_(model.match != "exact", model.number.not_like("+%"), func.length(model.number) > LONGEST_E164),
            )
        )
        return [as_row(record) for record in records.all()]

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        self.progress(name, 0, None)
        began = time.perf_counter()
        yield
        self.report.seconds[name] = time.perf_counter() - began


async def _driver_connection(session: AsyncSession) -> asyncpg.Connection:
    """asyncpg's connection of the session, inside its transaction: for COPY and cursors."""
    await session.execute(select(1))  # SQLAlchemy begins the transaction with its first statement
    raw = await (await session.connection()).get_raw_connection()
    return raw.driver_connection
