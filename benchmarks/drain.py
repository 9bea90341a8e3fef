"""How fast a backlog of records drains after an outage: ``python -m benchmarks.drain [records]``.

While the event log is locked one worker answers calls and its records wait in the journal; then the lock is released.
In the same run the same PostgreSQL takes plain rows of the same size in batches of 500, which says what this machine
can do at this hour.
"""

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from app.base.database_url import read_database_url
from benchmarks.company import database, open_company
from benchmarks.steps import application, whole_calls

_AT_ONCE = 500
_CALLS = 10_000


@dataclass(frozen=True, slots=True)
class Drained:
    """Records a second: ours, each folded into its call's row; and plain rows of a key and a document."""

    records: int
    bytes_a_record: int
    ours: float
    plain: float


async def measure_at(database_url: str, folder: Path, records: int) -> Drained:
    """Hold the event log, answer calls, let go."""
    await open_company(database_url, 0)
    dsn = read_database_url(database_url).dsn
    holder = await asyncpg.connect(dsn)
    async with application(database_url, folder) as (app, board):
        held = holder.transaction()
        await held.start()
        await holder.execute("LOCK TABLE call_event IN ACCESS EXCLUSIVE MODE")
        stored = board.shipper.stored
        for first in range(0, records, _CALLS):
            await whole_calls(app, 10_000_000 + first, min(_CALLS, records - first))
        await held.rollback()
        began = time.perf_counter()
        # More records than calls: that somebody is rung is one of its own.
        while board.shipper.stored - stored < records or board.shipper.waiting:  # noqa: ASYNC110  # looked at from outside
            await asyncio.sleep(0.05)
        ours = (board.shipper.stored - stored) / (time.perf_counter() - began)
    size = await holder.fetchval("SELECT avg(octet_length(payload::text))::int FROM call_event")
    count = await holder.fetchval("SELECT count(*) FROM call")
    if count != records:
        raise RuntimeError(f"{count} of {records} calls were stored")
    plain = await _plain_rows(holder, records, size)
    await holder.close()
    return Drained(records, size, ours, plain)


async def _plain_rows(connection: asyncpg.Connection, records: int, size: int) -> float:
    await connection.execute("CREATE TABLE plain (id text PRIMARY KEY, payload jsonb)")
    payload = '{"text": "' + "x" * max(size - 12, 0) + '"}'
    began = time.perf_counter()
    for start in range(0, records, _AT_ONCE):
        ids = [f"{one:040x}" for one in range(start, min(start + _AT_ONCE, records))]
        await connection.execute(
            "INSERT INTO plain SELECT * FROM unnest($1::text[], $2::jsonb[])", ids, [payload] * len(ids)
        )
    return records / (time.perf_counter() - began)


def measure(records: int = 300_000) -> Drained:
    """In a database of its own."""
    with database() as (database_url, folder):
        return asyncio.run(measure_at(database_url, folder, records))


def main() -> None:
    """The command."""
    drained = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
    print(
        f"{drained.records:,} records of {drained.bytes_a_record:,} bytes: {drained.ours:,.0f} a second; "
        f"plain rows {drained.plain:,.0f} a second"
    )


if __name__ == "__main__":
    main()
