"""The rows of a file in temporary tables of one connection, where the database can compare millions of them with what is
there. Nobody else sees them, and they are gone with the transaction."""

import contextlib
from collections.abc import Iterable, Mapping
from typing import Final

import asyncpg

from app.base.problems.entries import Protection
from app.lists.files.report import LISTED_AT_MOST, Report, Skipped, SkipReason
from app.lists.files.row_entry import EntryRow

_COLUMNS: Final = EntryRow._fields
# The types are those of the blacklist's table, which has every column; ids of lines come as JSON text.
_TABLES: Final = f"""
    CREATE TEMP TABLE import_read ON COMMIT DROP AS
    SELECT 0 AS line, {", ".join(f"{name}::text" if name == "lines" else f'"{name}"' for name in _COLUMNS[1:])}
    FROM blacklist_entry WITH NO DATA;
    CREATE TEMP TABLE import_skip (line int PRIMARY KEY, why text NOT NULL, about text NOT NULL) ON COMMIT DROP
"""  # noqa: S608  the names are ours
# In the order of the list's index, and its ids in the same order: both indexes then grow at their ends.
_SORTED: Final = """
    CREATE TEMP TABLE import_row ON COMMIT DROP AS
    SELECT row_number() OVER sorted::int AS place,
        coalesce(number = lag(number) OVER sorted AND match = lag(match) OVER sorted
            AND "to" IS NOT DISTINCT FROM lag("to") OVER sorted, false) AS again, *
    FROM import_read WINDOW sorted AS (ORDER BY number, match, "to", line);
    DROP TABLE import_read;
    CREATE INDEX ON import_row (place);
    ANALYZE import_row
"""

_TWICE: Final = """
    INSERT INTO import_skip
    SELECT line, 'twice', first::text FROM (
        SELECT line, again, first_value(line) OVER (PARTITION BY number, match, "to" ORDER BY line) AS first
        FROM import_row WHERE number IN (SELECT number FROM import_row WHERE again)
    ) AS repeated WHERE again
"""
_LISTED: Final = """
    INSERT INTO import_skip
    SELECT r.line, 'listed', e.label FROM import_row r JOIN {table} e
        ON e.tenant_id = $1 AND e.match = r.match AND e.number = r.number AND e."to" IS NOT DISTINCT FROM r."to"
    ON CONFLICT DO NOTHING
"""
_PROTECTED: Final = """
    INSERT INTO import_skip
    SELECT r.line, 'protected', '' FROM import_row r JOIN unnest($1::text[]) AS p(number) USING (number)
    WHERE r.match = 'exact' AND r.treatment IS DISTINCT FROM 'allow' ON CONFLICT DO NOTHING
"""
_OPPOSITE: Final = """
    INSERT INTO import_skip
    SELECT r.line, 'opposite', e.label FROM import_row r JOIN {table} e
        ON e.tenant_id = $1 AND e.match = r.match AND e.number = r.number AND e."to" IS NOT DISTINCT FROM r."to"
    WHERE (e.expires_at IS NULL OR e.expires_at > $2) AND r.treatment IS DISTINCT FROM 'allow'
        AND to_jsonb(e) ->> 'treatment' IS DISTINCT FROM 'allow' ON CONFLICT DO NOTHING
"""
_CLIENT: Final = """
    INSERT INTO import_skip
    SELECT r.line, 'client', min(c.name) FROM import_row r
        JOIN client_number n ON n.tenant_id = $1 AND n.number = r.number AND NOT n.shared
        JOIN client c ON c.tenant_id = n.tenant_id AND c.id = n.client_id AND c.standing = $2
    WHERE r.match = 'exact' AND r.treatment IS DISTINCT FROM 'allow' GROUP BY r.line ON CONFLICT DO NOTHING
"""
_MERGE: Final = """
    INSERT INTO {table} (tenant_id, id, created_by, {columns})
    SELECT $1, $2 || lpad(to_hex($3::bigint + place), 10, '0'), $4, {values}
    FROM import_row LEFT JOIN import_skip USING (line)
    WHERE import_skip.line IS NULL AND place >= $5 AND place < $6 ORDER BY place
"""


class Staging:
    """The staged rows on ``connection``, inside its transaction. ``table`` and ``opposite_table`` are names of ours."""

    def __init__(self, connection: asyncpg.Connection, table: str, opposite_table: str) -> None:
        self._connection, self._table, self._opposite_table = connection, table, opposite_table
        self._protected: Mapping[str, Protection] = {}

    async def create(self) -> None:
        """Make the tables. Should this process be killed, the server ends the transaction within a second or two, also in
        the middle of a statement."""
        await self._connection.execute("SET LOCAL client_connection_check_interval = '1s'")
        await self._connection.execute("SET LOCAL work_mem = '64MB'")
        await self._connection.execute(_TABLES)

    async def add(self, entries: Iterable[EntryRow]) -> None:
        """Add rows."""
        await self._connection.copy_records_to_table("import_read", records=entries, columns=_COLUMNS)

    async def sort(self) -> int:
        """Sort what was added; of several rows for one thing the first counts. Returns how many rows there are."""
        await self._connection.execute(_SORTED)
        await self._connection.execute(_TWICE)
        rows: int = await self._connection.fetchval("SELECT count(*) FROM import_row")
        return rows

    async def count_rounded(self) -> int:
        """How many lines repeat a number that ends in five zeros."""
        rows: int = await self._connection.fetchval(
            "SELECT count(*) FROM import_row WHERE again AND match = 'exact' AND number LIKE '%00000'"
        )
        return rows

    async def skip_listed(self, tenant_id: str) -> None:
        """What the list has already."""
        await self._connection.execute(_LISTED.format(table=self._table), tenant_id)

    async def skip_protected(self, protected: Mapping[str, Protection]) -> None:
        """Numbers that cannot be blocked, with the reasons."""
        self._protected = protected
        await self._connection.execute(_PROTECTED, list(protected))

    async def skip_opposite(self, tenant_id: str, now: object) -> None:
        """What the opposite list says of the same numbers, now (UTC)."""
        await self._connection.execute(_OPPOSITE.format(table=self._opposite_table), tenant_id, now)

    async def skip_clients(self, tenant_id: str, opposite_standing: str) -> None:
        """Numbers of clients whose standing says the opposite."""
        await self._connection.execute(_CLIENT, tenant_id, opposite_standing)

    async def skip(self, rows: Iterable[tuple[int, SkipReason, str]]) -> None:
        """These lines; for what the database cannot compare."""
        await self._connection.executemany(
            "INSERT INTO import_skip VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            [(line, why.value, about) for line, why, about in rows],
        )

    async def wide(self) -> list[tuple[int, str, str, str | None]]:
        """The prefixes and ranges that are left: line, match, number, to."""
        rows = await self._connection.fetch(
            "SELECT line, match, number, \"to\" FROM import_row WHERE match IN ('prefix', 'range') "
            "AND NOT EXISTS (SELECT FROM import_skip WHERE import_skip.line = import_row.line)"
        )
        return [(row["line"], row["match"], row["number"], row["to"]) for row in rows]

    def _skipped(self, row: asyncpg.Record) -> Skipped:
        why = SkipReason(row["why"])
        protection = self._protected.get(row["number"]) if why is SkipReason.PROTECTED else None
        return Skipped(row["line"], row["number"], why, row["about"], protection)

    async def report_skipped(self, report: Report) -> int:
        """Put what is skipped into ``report``; returns how many rows that are."""
        rows = await self._connection.fetch(
            "SELECT line, number, why, about FROM import_skip JOIN import_row USING (line) ORDER BY line LIMIT $1",
            LISTED_AT_MOST,
        )
        report.left_out += [self._skipped(row) for row in rows]
        report.left_out.sort(key=lambda one: one.line)
        del report.left_out[LISTED_AT_MOST:]
        for row in await self._connection.fetch("SELECT why, count(*) AS n FROM import_skip GROUP BY why"):
            report.skipped[SkipReason(row["why"])] += row["n"]
        await self._connection.execute("ANALYZE import_skip")
        skipped: int = await self._connection.fetchval("SELECT count(*) FROM import_skip")
        return skipped

    async def hold_company(self, tenant_id: str) -> None:
        """Make sure once, instead of with each of a million rows, that the company is there and stays: what the foreign key
        would do, at a third of the time. Only a superuser may, as on an embedded database; for others the key does it."""
        await self._connection.execute("SELECT FROM company WHERE id = $1 FOR KEY SHARE", tenant_id)
        with contextlib.suppress(asyncpg.InsufficientPrivilegeError):
            async with self._connection.transaction():
                await self._connection.execute("SET LOCAL session_replication_role = replica")

    async def release_company(self) -> None:
        """Let foreign keys check again."""
        with contextlib.suppress(asyncpg.InsufficientPrivilegeError):
            async with self._connection.transaction():
                await self._connection.execute("SET LOCAL session_replication_role = origin")

    async def merge(
        self, tenant_id: str, actor: str, id_stamp: str, id_start: int, places: range, fields: Iterable[str]
    ) -> int:
        """Insert ``fields`` of what is left of ``places`` (from 1) into the list; returns how many. An entry's id is
        ``id_stamp`` (10 characters) and 10 hexadecimal digits that count on from ``id_start``."""
        columns = [f'"{name}"' for name in fields]
        values = [f"{name}::jsonb" if name == '"lines"' else name for name in columns]
        query = _MERGE.format(table=self._table, columns=", ".join(columns), values=", ".join(values))
        status = await self._connection.execute(query, tenant_id, id_stamp, id_start, actor, places.start, places.stop)
        return int(status.split()[-1])
