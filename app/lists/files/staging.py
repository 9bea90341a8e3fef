"""The rows of a file in temporary tables of one connection, where the database can compare millions of them with what is
there. Nobody else sees them, and they are gone with the transaction."""

import contextlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import asyncpg

from app.base.problems.entries import Protection
from app.base.problems.import_lines import SkipReason
from app.lists.files.line_parts import LINE_IN_SQL, line_of_part
from app.lists.files.problem_json import problem_as_json, protection_as_json
from app.lists.files.report import LISTED_AT_MOST, Report, Skipped
from app.lists.files.row_entry import EntryRow
from app.lists.files.table import BadLine

_COLUMNS: Final = EntryRow._fields
# The types are those of the blacklist's table, which has every column; ids of lines come as JSON text.
_TABLES: Final = f"""
    CREATE TEMP TABLE import_read ON COMMIT DROP AS
    SELECT 0 AS line, {", ".join(f"{name}::text" if name == "lines" else f'"{name}"' for name in _COLUMNS[1:])}
    FROM blacklist_entry WITH NO DATA;
    ALTER TABLE import_read ALTER match SET DEFAULT 'exact', ALTER label SET DEFAULT '', ALTER reason SET DEFAULT '',
        ALTER lines SET DEFAULT '[]';
    CREATE TEMP TABLE import_skip (line int PRIMARY KEY, why text NOT NULL, about text NOT NULL) ON COMMIT DROP;
    CREATE TEMP TABLE import_match (line int PRIMARY KEY, entry_id text NOT NULL, was text, differs bool NOT NULL)
    ON COMMIT DROP;
    CREATE TEMP TABLE import_bad (line int, field text, value text, problem text) ON COMMIT DROP
"""  # noqa: S608  the names are ours
# In the order of the list's index, and its ids in the same order: both indexes then grow at their ends. Of several lines for
# one thing the first counts, before those that have expired.
_SORTED: Final = f"""
    CREATE TEMP TABLE import_row ON COMMIT DROP AS
    SELECT row_number() OVER sorted::int AS place,
        coalesce(number = lag(number) OVER sorted AND match = lag(match) OVER sorted
            AND "to" IS NOT DISTINCT FROM lag("to") OVER sorted, false) AS again, *
    FROM import_read
        WINDOW sorted AS (ORDER BY number, match, "to", coalesce(expires_at <= '{{now}}', false), line {LINE_IN_SQL}, line);
    DROP TABLE import_read;
    CREATE INDEX ON import_row USING brin (place, number) WITH (pages_per_range = 16);
    ANALYZE import_row
"""  # noqa: S608  the names are ours

_TWICE: Final = f"""
    INSERT INTO import_skip
    SELECT line, 'twice', (first {LINE_IN_SQL})::text FROM (
        SELECT line, again, first_value(line) OVER (PARTITION BY number, match, "to" ORDER BY place) AS first
        FROM import_row WHERE number IN (SELECT number FROM import_row WHERE again)
    ) AS repeated WHERE again
"""  # noqa: S608  the names are ours
# A cell that is empty says nothing, so it changes nothing.
_MATCHED: Final = """
    INSERT INTO import_match
    SELECT r.line, e.id, to_jsonb(e) ->> 'treatment',
        (r.label <> '' AND r.label <> e.label) OR (r.reason <> '' AND r.reason <> e.reason)
        OR (r.expires_at IS NOT NULL AND r.expires_at IS DISTINCT FROM e.expires_at)
        OR (r.lines <> '[]' AND NOT (r.lines::jsonb @> e.lines AND e.lines @> r.lines::jsonb))
        OR (r.treatment IS NOT NULL AND r.treatment IS DISTINCT FROM to_jsonb(e) ->> 'treatment')
        OR (r.review_at IS NOT NULL AND r.review_at IS DISTINCT FROM e.review_at)
        OR (r.owner IS NOT NULL AND r.owner IS DISTINCT FROM e.owner)
        OR (r.evidence_call_id IS NOT NULL AND r.evidence_call_id IS DISTINCT FROM e.evidence_call_id)
    FROM import_row r JOIN {table} e
        ON e.tenant_id = $1 AND e.match = r.match AND e.number = r.number AND e."to" IS NOT DISTINCT FROM r."to"
    WHERE NOT r.again
"""
_SAME: Final = """
    INSERT INTO import_skip SELECT line, 'listed', e.label FROM import_match m JOIN {table} e
        ON e.tenant_id = $1 AND e.id = m.entry_id WHERE NOT m.differs
"""
_EXPIRED: Final = """
    INSERT INTO import_skip SELECT line, 'expired', '' FROM import_row WHERE expires_at <= $1 ON CONFLICT DO NOTHING
"""
_MISSING: Final = """
    FROM {table} e WHERE e.tenant_id = $1 AND NOT EXISTS (SELECT FROM import_match m WHERE m.entry_id = e.id)
        AND NOT EXISTS (SELECT FROM vip_pin p WHERE p.tenant_id = e.tenant_id AND p.id = e.id)
"""
_PROTECTED: Final = """
    INSERT INTO import_skip
    SELECT r.line, 'protected', '' FROM import_row r JOIN unnest($1::text[]) AS p(number) USING (number)
    WHERE r.match = 'exact' AND {treatment} IS DISTINCT FROM 'allow' ON CONFLICT DO NOTHING
"""
_OPPOSITE: Final = """
    INSERT INTO import_skip
    SELECT r.line, 'opposite', e.label FROM import_row r JOIN {table} e
        ON e.tenant_id = $1 AND e.match = r.match AND e.number = r.number AND e."to" IS NOT DISTINCT FROM r."to"
    WHERE (e.expires_at IS NULL OR e.expires_at > $2) AND {treatment} IS DISTINCT FROM 'allow'
        AND to_jsonb(e) ->> 'treatment' IS DISTINCT FROM 'allow' ON CONFLICT DO NOTHING
"""
_CLIENT: Final = """
    INSERT INTO import_skip
    SELECT r.line, 'client', min(c.name) FROM import_row r
        JOIN client_number n ON n.tenant_id = $1 AND n.number = r.number AND NOT n.shared
        JOIN client c ON c.tenant_id = n.tenant_id AND c.id = n.client_id AND c.standing = $2
    WHERE r.match = 'exact' AND {treatment} IS DISTINCT FROM 'allow' GROUP BY r.line ON CONFLICT DO NOTHING
"""
# What holds for the entry when the line has been applied.
_TREATMENT: Final = "coalesce(r.treatment, (SELECT m.was FROM import_match m WHERE m.line = r.line))"
_MERGE: Final = """
    INSERT INTO {table} (tenant_id, id, created_by, {columns})
    SELECT $1, $2 || lpad(to_hex($3::bigint + place), 10, '0'), $4, {values}
    FROM import_row LEFT JOIN import_skip USING (line) LEFT JOIN import_match USING (line)
    WHERE import_skip.line IS NULL AND import_match.line IS NULL AND place >= $5 AND place < $6 ORDER BY place
"""
_TO_CHANGE: Final = "m.differs AND NOT EXISTS (SELECT FROM import_skip s WHERE s.line = m.line)"
_KEEP_CHANGED: Final = f"""
    INSERT INTO list_import_replaced (tenant_id, import_id, row_id, before)
    SELECT $1::text, $2::text, e.id, to_jsonb(e) FROM {{table}} e JOIN import_match m ON e.id = m.entry_id
    WHERE e.tenant_id = $1 AND {_TO_CHANGE}
"""  # noqa: S608  the names are ours
_CHANGE: Final = f"""
    UPDATE {{table}} e SET {{values}} FROM import_row r JOIN import_match m USING (line)
    WHERE e.tenant_id = $1 AND e.id = m.entry_id AND {_TO_CHANGE}
"""  # noqa: S608  the names are ours
_NEW_VALUES: Final = {
    "label": "label = CASE WHEN r.label <> '' THEN r.label ELSE e.label END",
    "reason": "reason = CASE WHEN r.reason <> '' THEN r.reason ELSE e.reason END",
    "expires_at": "expires_at = coalesce(r.expires_at, e.expires_at)",
    "lines": "lines = CASE WHEN r.lines <> '[]' THEN r.lines::jsonb ELSE e.lines END",
    "treatment": "treatment = coalesce(r.treatment, e.treatment)",
    "review_at": "review_at = coalesce(r.review_at, e.review_at)",
    "owner": "owner = coalesce(r.owner, e.owner)",
    "evidence_call_id": "evidence_call_id = coalesce(r.evidence_call_id, e.evidence_call_id)",
}
_KEEP_AFTER: Final = """
    UPDATE list_import_replaced k SET after = to_jsonb(e) FROM {table} e
    WHERE k.tenant_id = $1 AND k.import_id = $2 AND e.tenant_id = $1 AND e.id = k.row_id
"""
_KEEP_MISSING: Final = """
    INSERT INTO list_import_replaced (tenant_id, import_id, row_id, before)
    SELECT $1::text, $2::text, e.id, to_jsonb(e)
"""
_REMOVE: Final = """
    DELETE FROM {table} e USING list_import_replaced k
    WHERE k.tenant_id = $1 AND k.import_id = $2 AND k.after IS NULL AND e.tenant_id = $1 AND e.id = k.row_id
"""
_KIND: Final = """CASE WHEN s.why = 'listed' THEN 'same' WHEN s.why = 'twice' THEN 'twice'
    WHEN s.why IS NOT NULL THEN 'error' WHEN m.line IS NOT NULL THEN 'change' ELSE 'add' END"""
_KEEP_ROWS: Final = f"""
    INSERT INTO list_import_row
        (tenant_id, import_id, line, kind, number, match, "to", label, reason, why, about, problem, before)
    SELECT $1::text, $2::text, r.line, {_KIND}, r.number, r.match, r."to", r.label, r.reason, coalesce(s.why, ''),
        coalesce(s.about, ''), p.problem, CASE WHEN m.differs AND s.line IS NULL THEN to_jsonb(e) END
    FROM import_row r LEFT JOIN import_skip s USING (line) LEFT JOIN import_match m USING (line)
        LEFT JOIN {{table}} e ON e.tenant_id = $1 AND e.id = m.entry_id
        LEFT JOIN unnest($3::text[], $4::jsonb[]) AS p(number, problem) ON s.why = 'protected' AND p.number = r.number
    WHERE {{which}}
    ON CONFLICT DO NOTHING
"""  # noqa: S608  the names are ours
_KEEP_BAD: Final = """
    INSERT INTO list_import_row (tenant_id, import_id, line, kind, number, field, why, problem)
    SELECT $1, $2, line, 'error', value, field, 'bad', problem::jsonb FROM import_bad ON CONFLICT DO NOTHING
"""
_OUTCOME: Final = f"""
    SELECT concat_ws(' ',
        (SELECT md5(string_agg(line || why, ' ' ORDER BY line)) FROM import_skip),
        (SELECT md5(string_agg(m.line::text || to_jsonb(e), ' ' ORDER BY m.line))
            FROM import_match m JOIN {{table}} e ON e.tenant_id = $1 AND e.id = m.entry_id WHERE {_TO_CHANGE}))
"""  # noqa: S608  the names are ours


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

    async def add_numbers(self, numbers: Iterable[tuple[int, str]]) -> None:
        """Add rows that say nothing but an exact number: the line of each, and E.164."""
        await self._connection.copy_records_to_table("import_read", records=numbers, columns=("line", "number"))

    async def add_bad(self, lines: Iterable[BadLine]) -> None:
        """Add lines that cannot be read."""
        records = [
            (one.line, one.field, _storable(one.value), json.dumps(problem_as_json(one.problem))) for one in lines
        ]
        await self._connection.copy_records_to_table("import_bad", records=records)

    async def sort(self, now: datetime) -> int:
        """Sort what was added; of several rows for one thing the first counts that has not expired by ``now`` (UTC).
        Returns how many rows there are."""
        await self._connection.execute("SET LOCAL TimeZone = 'UTC'")  # rows are compared as JSON, between sessions too
        await self._connection.execute(_SORTED.format(now=now.isoformat()))
        await self._connection.execute(_TWICE)
        rows: int = await self._connection.fetchval("SELECT count(*) FROM import_row")
        return rows

    async def count_rounded(self) -> int:
        """How many lines repeat a number that ends in five zeros."""
        rows: int = await self._connection.fetchval(
            "SELECT count(*) FROM import_row WHERE again AND match = 'exact' AND number LIKE '%00000'"
        )
        return rows

    async def match(self, tenant_id: str) -> None:
        """Find what the list has already, and leave out what it has just so."""
        await self._connection.execute(_MATCHED.format(table=self._table), tenant_id)
        await self._connection.execute(_SAME.format(table=self._table), tenant_id)

    async def skip_expired(self, now: datetime) -> None:
        """What had ended by ``now`` (UTC)."""
        await self._connection.execute(_EXPIRED, now)

    async def skip_protected(self, protected: Mapping[str, Protection]) -> None:
        """Numbers that cannot be blocked, with the reasons."""
        self._protected = protected
        await self._connection.execute(_PROTECTED.format(treatment=_TREATMENT), list(protected))

    async def skip_opposite(self, tenant_id: str, now: object) -> None:
        """What the opposite list says of the same numbers, now (UTC)."""
        await self._connection.execute(
            _OPPOSITE.format(table=self._opposite_table, treatment=_TREATMENT), tenant_id, now
        )

    async def skip_clients(self, tenant_id: str, opposite_standing: str) -> None:
        """Numbers of clients whose standing says the opposite."""
        await self._connection.execute(_CLIENT.format(treatment=_TREATMENT), tenant_id, opposite_standing)

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
        return Skipped(line_of_part(row["line"]), row["number"], why, row["about"], protection)

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

    async def count_changes(self) -> int:
        """How many entries of the list get other values."""
        rows: int = await self._connection.fetchval(f"SELECT count(*) FROM import_match m WHERE {_TO_CHANGE}")  # noqa: S608
        return rows

    async def count_missing(self, tenant_id: str) -> int:
        """How many entries the list has which are not in the file; an entry with a PIN never counts as missing."""
        rows: int = await self._connection.fetchval(
            "SELECT count(*)" + _MISSING.format(table=self._table), tenant_id
        )  # fmt: skip
        return rows

    async def outcome(self, tenant_id: str, *, with_missing: bool) -> str:
        """A digest of everything that applying would do besides adding what is new."""
        digest: str = await self._connection.fetchval(_OUTCOME.format(table=self._table), tenant_id)
        if with_missing:
            query = "SELECT md5(string_agg(e.id, ' ' ORDER BY e.id))" + _MISSING.format(table=self._table)
            digest += f" {await self._connection.fetchval(query, tenant_id)}"
        return digest

    async def change(self, tenant_id: str, import_id: str, fields: Iterable[str]) -> int:
        """Give the entries that differ the values of their lines, and keep what they had; returns how many."""
        values = ", ".join(_NEW_VALUES[name] for name in fields if name in _NEW_VALUES)
        await self._connection.execute(_KEEP_CHANGED.format(table=self._table), tenant_id, import_id)
        status = await self._connection.execute(_CHANGE.format(table=self._table, values=values), tenant_id)
        await self._connection.execute(_KEEP_AFTER.format(table=self._table), tenant_id, import_id)
        return int(status.split()[-1])

    async def remove_missing(self, tenant_id: str, import_id: str) -> int:
        """Take off what is not in the file, and keep it; returns how many."""
        query = _KEEP_MISSING + _MISSING.format(table=self._table)
        await self._connection.execute(query, tenant_id, import_id)
        status = await self._connection.execute(_REMOVE.format(table=self._table), tenant_id, import_id)
        return int(status.split()[-1])

    async def keep_rows(self, tenant_id: str, import_id: str, *, all_of_them: bool) -> None:
        """Keep what becomes of each line for whoever looks at the import; else only of those that are neither added nor
        there already."""
        which = (
            "true" if all_of_them else "s.why IS DISTINCT FROM 'listed' AND (s.line IS NOT NULL OR m.line IS NOT NULL)"
        )
        numbers = list(self._protected)
        whys = [json.dumps(protection_as_json(self._protected[one])) for one in numbers]
        await self._connection.execute(
            _KEEP_ROWS.format(table=self._table, which=which), tenant_id, import_id, numbers, whys
        )
        await self._connection.execute(_KEEP_BAD, tenant_id, import_id)


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")[:200]
