"""The lines of a file of sales in temporary tables of one connection, where the database holds a million of them against
the sales there are. Nobody else sees them, and they are gone with the transaction."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

import asyncpg

from app.base.problems.import_lines import RowKind
from app.lists.files.problem_json import problem_as_json
from app.lists.files.table import BadLine
from app.sales.imports.line import SaleLine
from app.sales.merged import MERGED

ADDED_KEPT: Final = 10_000
"""Of the lines that are added so many are kept for people to look at: the others look alike."""
_TABLES: Final = """
    CREATE TEMP TABLE sale_read (
        line int, client text, client_id text, day date, amount numeric(14, 2), currency text, product text, reference text
    ) ON COMMIT DROP;
    CREATE TEMP TABLE sale_bad (line int, field text, value text, problem text) ON COMMIT DROP;
    CREATE TEMP TABLE sale_product (name text, id text) ON COMMIT DROP;
    CREATE TEMP TABLE sale_merged (was text, now text) ON COMMIT DROP
"""
_MERGED: Final = f"INSERT INTO sale_merged {MERGED.format(tenant='$1::text')}"
# Of equal lines the first counts. What has no product has none in the comparison either.
_JUDGED: Final = """
    CREATE TEMP TABLE sale_line ON COMMIT DROP AS
    SELECT r.*, p.id AS product_id, false AS known,
        min(line) OVER (PARTITION BY client_id, day, amount, currency, product, reference) AS first
    FROM sale_read r LEFT JOIN sale_product p ON p.name = r.product;
    DROP TABLE sale_read
"""
_KNOWN: Final = """
    UPDATE sale_line l SET known = true FROM sale s LEFT JOIN sale_merged m ON m.was = s.client_id
    WHERE s.tenant_id = $1 AND l.client_id = coalesce(m.now, s.client_id) AND l.day = s.day AND l.amount = s.amount
        AND l.currency = s.currency AND l.product_id IS NOT DISTINCT FROM s.product_id AND l.reference = s.reference
"""
_KIND: Final = "CASE WHEN l.line <> l.first THEN 'twice' WHEN l.known THEN 'same' ELSE 'add' END"
_COUNTS: Final = f"SELECT {_KIND} AS kind, count(*) FROM sale_line l GROUP BY 1"  # noqa: S608  the names are ours
# The same sum means that the same would be done: which client each line means, and what becomes of it.
_OUTCOME: Final = f"""
    SELECT coalesce(sum(hashtextextended(concat_ws(' ', l.line, l.client_id, {_KIND}), 0)::numeric), 0)::text
    FROM sale_line l
"""  # noqa: S608  the names are ours
_KEEP: Final = f"""
    INSERT INTO list_import_row
        (tenant_id, import_id, line, kind, number, match, "to", label, reason, why, about)
    SELECT $1::text, $2::text, l.line, k.kind, l.client, l.day::text, l.amount || ' ' || l.currency,
        coalesce(c.name, ''), l.product, CASE k.kind WHEN 'twice' THEN 'twice' WHEN 'same' THEN 'listed' ELSE '' END,
        CASE k.kind WHEN 'twice' THEN l.first::text ELSE l.reference END
    FROM sale_line l CROSS JOIN LATERAL (SELECT {_KIND} AS kind) k
        LEFT JOIN client c ON c.tenant_id = $1 AND c.id = l.client_id
    WHERE k.kind <> 'add' OR l.line <= $3
"""  # noqa: S608  the names are ours
_LAST_KEPT: Final = f"""
    SELECT max(line) FROM (
        SELECT line FROM sale_line l WHERE {_KIND} = 'add' ORDER BY line LIMIT {ADDED_KEPT}
    ) AS first_ones
"""  # noqa: S608  the names are ours
_KEEP_BAD: Final = """
    INSERT INTO list_import_row (tenant_id, import_id, line, kind, number, field, why, problem)
    SELECT $1, $2, line, 'error', value, field, 'bad', problem::jsonb FROM sale_bad ON CONFLICT DO NOTHING
"""
_WRITE: Final = """
    INSERT INTO sale (tenant_id, import_id, line, client_id, day, amount, currency, product_id, reference)
    SELECT $1, $2, l.line, l.client_id, l.day, l.amount, l.currency, l.product_id, l.reference
    FROM sale_line l WHERE l.line = l.first AND NOT l.known ORDER BY l.client_id, l.day
"""
_NEW_PRODUCTS: Final = """
    SELECT DISTINCT product FROM sale_line l WHERE l.line = l.first AND NOT l.known AND product <> ''
"""


class SaleStaging:
    """The staged lines of the company ``tenant_id`` on ``connection``, inside its transaction."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._connection, self._tenant_id = connection, tenant_id

    async def create(self) -> None:
        """Make the tables. Should this process be killed, the server ends the transaction within a second or two, also in
        the middle of a statement."""
        await self._connection.execute("SET LOCAL client_connection_check_interval = '1s'")
        await self._connection.execute("SET LOCAL work_mem = '64MB'")
        await self._connection.execute(_TABLES)

    async def add(self, lines: Iterable[SaleLine]) -> None:
        """Add lines."""
        await self._connection.copy_records_to_table("sale_read", records=lines, columns=SaleLine._fields)

    async def add_bad(self, lines: Iterable[BadLine]) -> None:
        """Add lines that cannot be imported."""
        records = [(one.line, one.field, one.value, json.dumps(problem_as_json(one.problem))) for one in lines]
        await self._connection.copy_records_to_table("sale_bad", records=records)

    async def judge(self, products: Iterable[tuple[str, str]]) -> None:
        """Find out what becomes of each line; ``products`` are names with their ids, also of those still to be made."""
        await self._connection.copy_records_to_table("sale_product", records=list(products))
        await self._connection.execute(_MERGED, self._tenant_id)
        await self._connection.execute(_JUDGED)
        await self._connection.execute("ANALYZE sale_line")
        await self._connection.execute(_KNOWN, self._tenant_id)

    async def counts(self) -> dict[RowKind, int]:
        """How many good lines become what."""
        rows = await self._connection.fetch(_COUNTS)
        return {RowKind(row["kind"]): row["count"] for row in rows}

    async def outcome(self) -> str:
        """A digest: the same means that the same would be done."""
        digest: str = await self._connection.fetchval(_OUTCOME)
        return digest

    async def keep_rows(self, import_id: str) -> None:
        """Keep what becomes of the lines for whoever looks at the import; of those that are added the first
        :data:`ADDED_KEPT`."""
        last = await self._connection.fetchval(_LAST_KEPT)
        await self._connection.execute(_KEEP, self._tenant_id, import_id, last or 0)
        await self._connection.execute(_KEEP_BAD, self._tenant_id, import_id)

    async def products_sold(self) -> Sequence[str]:
        """The names of the products of the lines that are added."""
        return [row["product"] for row in await self._connection.fetch(_NEW_PRODUCTS)]

    async def write(self, import_id: str) -> None:
        """Add the sales."""
        await self._connection.execute(_WRITE, self._tenant_id, import_id)
