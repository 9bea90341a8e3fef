"""Take an import back: what it added goes, what it changed or took off is as it was. What somebody has edited since then
stays as it is now, and is named; what an undo needs of it is kept, so that it can be undone once nothing is in the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import asyncpg

from app.base.problems.import_lines import LeftBecause
from app.edits.edit import Edit
from app.edits.in_turn import take_companys_turn
from app.lists.conflicts import protected_numbers
from app.lists.files.staging import Staging
from app.lists.import_file import Progress, driver_connection, record_list, wide_rows
from app.lists.ties import opposite_ties
from app.plan.rows import Row
from models import Company, StoredImport
from models.list_name import ListName

NAMED_AT_MOST: Final = 1000


@dataclass(slots=True)
class UndoReport:
    """``removed`` entries were added by the import, ``restored`` ones it had changed or taken off; ``kept`` could not be
    undone: the first :data:`NAMED_AT_MOST` of them are ``left``, each a number and why."""

    removed: int = 0
    restored: int = 0
    kept: int = 0
    left: list[tuple[str, LeftBecause]] = field(default_factory=list)

    def note_kept(self, number: str, why: LeftBecause) -> None:
        """Count an entry that stays as it is."""
        self.kept += 1
        if len(self.left) < NAMED_AT_MOST:
            self.left.append((number, why))

    def as_json(self) -> Row:
        """As it is stored."""
        left = [{"number": number, "why": why.value} for number, why in self.left]
        return {"removed": self.removed, "restored": self.restored, "kept": self.kept, "left": left}


# An entry of the import has no history before it: whatever the trail has of it, or a later import has replaced, came after.
_BY_HAND: Final = (
    "EXISTS (SELECT FROM audit_entry a WHERE a.tenant_id = e.tenant_id AND a.subject = $4 AND a.row_id = e.id)"
)
_EDITED: Final = f"""
    ({_BY_HAND} OR EXISTS (SELECT FROM list_import_replaced k WHERE k.tenant_id = e.tenant_id AND k.row_id = e.id))
"""
_ADDED: Final = 'e.tenant_id = $1 AND e.id COLLATE "C" BETWEEN $2 AND $3'
_RESTORABLE: Final = """
    CREATE TEMP TABLE import_restore ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY k.row_id)::int AS line, k.row_id, e.id IS NULL AS is_gone, k.before
    FROM list_import_replaced k LEFT JOIN {table} e ON e.tenant_id = k.tenant_id AND e.id = k.row_id
    WHERE k.tenant_id = '{tenant}' AND k.import_id = '{import_id}'
        AND CASE WHEN k.after IS NULL THEN e.id IS NULL AND NOT EXISTS (
                SELECT FROM {table} t WHERE t.tenant_id = k.tenant_id AND t.match = k.before ->> 'match'
                    AND t.number = k.before ->> 'number' AND t."to" IS NOT DISTINCT FROM k.before ->> 'to')
            ELSE e.id IS NOT NULL AND to_jsonb(e) = k.after END
"""
_STAGE: Final = """
    INSERT INTO import_read (line, match, number, "to", label, reason, expires_at, lines, treatment)
    SELECT r.line, b.match, b.number, b."to", b.label, b.reason, b.expires_at, b.lines::text, r.before ->> 'treatment'
    FROM import_restore r, jsonb_populate_record(NULL::{table}, r.before) b
"""
_SKIP_GONE: Final = """
    INSERT INTO import_skip SELECT r.line, 'gone', '' FROM import_restore r WHERE EXISTS (
        SELECT FROM jsonb_array_elements_text(r.before -> 'lines') AS named (id)
        WHERE NOT EXISTS (SELECT FROM line l WHERE l.tenant_id = $1 AND l.id = named.id)) ON CONFLICT DO NOTHING
"""
_STILL_GOOD: Final = "NOT EXISTS (SELECT FROM import_skip s WHERE s.line = r.line)"
_CHANGE_BACK: Final = f"""
    UPDATE {{table}} e SET {{values}}
    FROM import_restore r, jsonb_populate_record(NULL::{{table}}, r.before) b
    WHERE NOT r.is_gone AND {_STILL_GOOD} AND e.tenant_id = $1 AND e.id = r.row_id
"""  # noqa: S608  the names are ours
_PUT_BACK: Final = f"""
    INSERT INTO {{table}} SELECT b.* FROM import_restore r, jsonb_populate_record(NULL::{{table}}, r.before) b
    WHERE r.is_gone AND {_STILL_GOOD}
"""  # noqa: S608  the names are ours
_KEPT: Final = """
    SELECT k.row_id, k.before ->> 'number' AS number, CASE WHEN s.why = 'gone' THEN 'gone'
        WHEN s.line IS NOT NULL THEN 'conflict'
        WHEN EXISTS (
            SELECT FROM list_import_replaced later WHERE later.tenant_id = k.tenant_id AND later.row_id = k.row_id
                AND later.import_id <> k.import_id AND later.before = k.after) THEN 'later_import'
        WHEN k.after IS NULL AND EXISTS (
            SELECT FROM {table} t JOIN list_import i ON i.tenant_id = t.tenant_id AND i.first_id <> ''
                AND t.id COLLATE "C" BETWEEN i.first_id AND i.last_id
            WHERE t.tenant_id = k.tenant_id AND t.match = k.before ->> 'match' AND t.number = k.before ->> 'number'
                AND t."to" IS NOT DISTINCT FROM k.before ->> 'to' AND i.id <> k.import_id) THEN 'later_import'
        ELSE 'edited' END AS why
    FROM list_import_replaced k
    LEFT JOIN import_restore r ON r.row_id = k.row_id LEFT JOIN import_skip s ON s.line = r.line
    WHERE k.tenant_id = $1 AND k.import_id = $2 AND (r.line IS NULL OR s.line IS NOT NULL) ORDER BY k.row_id
"""
_FORGET: Final = """
    DELETE FROM list_import_replaced WHERE tenant_id = $1 AND import_id = $2 AND NOT row_id = ANY ($3::text[])
"""


@dataclass(slots=True)
class UndoImport:
    """The undo of ``stored``, which was applied; ``edit`` is the transaction, ``now`` is UTC."""

    edit: Edit
    stored: StoredImport
    data_dir: Path
    now: datetime
    progress: Progress
    report: UndoReport = field(default_factory=UndoReport)

    async def undo(self) -> UndoReport:
        """Take it back; to be committed."""
        name, tenant_id = ListName(self.stored.target), self.edit.tenant_id
        table = name.model.__tablename__
        connection = await driver_connection(self.edit.session)
        staging = Staging(connection, table, name.other.model.__tablename__)
        await staging.create()
        with self._phase("wait"):
            await take_companys_turn(self.edit)
        wide: dict[str, Row | None] = {}
        with self._phase("remove"):
            gone = await self._remove_added(connection, table)
            wide |= dict.fromkeys(gone)
        with self._phase("restore"):
            await connection.execute("SET LOCAL TimeZone = 'UTC'")
            await connection.execute(
                _RESTORABLE.format(table=table, tenant=tenant_id, import_id=self.stored.id)
            )  # fmt: skip
            await connection.execute(_STAGE.format(table=table))
            await self._check(connection, staging, name)
            kept = await self._restore(connection, name)
        ids = [row["row_id"] for row in await connection.fetch("SELECT row_id FROM import_restore")]
        if self.report.removed or self.report.restored:
            wide |= await wide_rows(self.edit, name, name.model.id.in_(ids)) if ids else {}
            counts: Row = {"removed": self.report.removed, "restored": self.report.restored, "kept": self.report.kept}
            await record_list(self.edit, name, "undo import", self.data_dir, wide, counts, self._phase)
        await connection.execute(_FORGET, tenant_id, self.stored.id, kept)
        return self.report

    async def _remove_added(self, connection: asyncpg.Connection, table: str) -> list[str]:
        """Returns the ids of those that no number file had."""
        if not self.stored.first_id:
            return []
        bounds = (self.edit.tenant_id, self.stored.first_id, self.stored.last_id, table)
        edited = await connection.fetch(
            f"SELECT number, {_BY_HAND} AS by_hand FROM {table} e WHERE {_ADDED} AND {_EDITED}",  # noqa: S608
            *bounds,
        )
        for row in edited:
            self.report.note_kept(row["number"], LeftBecause.EDITED if row["by_hand"] else LeftBecause.LATER_IMPORT)
        wide = await connection.fetch(
            f"""SELECT id FROM {table} e WHERE {_ADDED} AND NOT {_EDITED}
                AND (match <> 'exact' OR number NOT LIKE '+%' OR length(number) > 16)""",  # noqa: S608
            *bounds,
        )
        status = await connection.execute(f"DELETE FROM {table} e WHERE {_ADDED} AND NOT {_EDITED}", *bounds)  # noqa: S608
        self.report.removed = int(status.split()[-1])
        return [row["id"] for row in wide]

    async def _check(self, connection: asyncpg.Connection, staging: Staging, name: ListName) -> None:
        """Leave out what names something that is gone, or would contradict what is there by now."""
        await staging.sort(self.now)
        await connection.execute(_SKIP_GONE, self.edit.tenant_id)
        if name is ListName.BLACKLIST:
            company = await self.edit.session.get_one(Company, self.edit.tenant_id)
            await staging.skip_protected(await protected_numbers(self.edit, company))
        await staging.skip_opposite(self.edit.tenant_id, self.now)
        await staging.skip_clients(self.edit.tenant_id, name.other.standing.value)
        await staging.skip(await opposite_ties(self.edit, name, await staging.wide(), self.now))

    async def _restore(self, connection: asyncpg.Connection, name: ListName) -> list[str]:
        """Returns the ids of those that stay as they are."""
        table, tenant_id = name.model.__tablename__, self.edit.tenant_id
        columns = [f'"{one.name}"' for one in name.model.__table__.columns if one.name not in {"tenant_id", "id"}]
        values = ", ".join(f"{one} = b.{one}" for one in columns)
        changed = await connection.execute(_CHANGE_BACK.format(table=table, values=values), tenant_id)
        put_back = await connection.execute(_PUT_BACK.format(table=table))
        self.report.restored = int(changed.split()[-1]) + int(put_back.split()[-1])
        kept = await connection.fetch(_KEPT.format(table=table), tenant_id, self.stored.id)
        for row in kept:
            self.report.note_kept(row["number"], LeftBecause(row["why"]))
        return [row["row_id"] for row in kept]

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        self.progress(name, 0, None)
        yield
