"""Reports over a million calls of one company: ``python -m benchmarks.reports``."""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg

from app.base.connect import connect
from app.base.database import create_engine, session_maker
from app.reports.call_report import By, Period, call_report, total
from benchmarks.company import database, open_company

_ZONE: Final = ZoneInfo("Europe/Paris")
_END: Final = datetime(2026, 7, 1, tzinfo=UTC)
# A year of calls. Each has a decision of the usual size, so that the table is as large as in life.
_FILL: Final = """
    INSERT INTO call (tenant_id, call_id, provider, state, outcome, caller_kind, caller_number, caller_name, line_id,
        line_number, action, reason_code, decision, queue_id, answered_by, started_at, answered_at, ended_at, last_seen_at)
    SELECT $1, 'CA' || n, 'twilio', 'ended', 'completed', 'number', '+33' || (600000000 + n), '', NULL, '+33199001000',
        CASE WHEN n % 10 = 0 THEN 'fake_queue' ELSE 'queue' END, CASE WHEN n % 10 = 0 THEN 'blacklisted' ELSE 'queue' END,
        jsonb_build_object('version', 2, 'trace', repeat(md5(n::text), 20)), 'q' || n % 5,
        CASE WHEN n % 10 BETWEEN 1 AND 7 THEN 'o' || n % 30 END, at,
        CASE WHEN n % 10 BETWEEN 1 AND 7 THEN at + make_interval(secs => n % 60) END, at + interval '3 minutes', at
    FROM (SELECT n, $2::timestamptz - make_interval(secs => n * 31536000.0 / $3::int) AS at
        FROM generate_series(1, $3::int) AS n) AS calls
"""


async def measure(calls: int = 1_000_000) -> dict[str, float]:
    """Milliseconds of each report over the whole year, the quickest of three."""
    with database() as (database_url, _folder):
        company = await open_company(database_url, 0)
        connection: asyncpg.Connection = await connect(database_url, within=10, command_timeout=600)
        await connection.execute(_FILL, company.tenant, _END, calls)
        await connection.execute("VACUUM ANALYZE call")
        await connection.close()
        engine = create_engine(database_url)
        period = Period(_END - timedelta(days=366), _END)
        took = {}
        async with session_maker(engine)() as session:
            for by in By:
                rounds = []
                for _ in range(3):
                    begun = time.perf_counter()
                    groups = await call_report(session, company.tenant, by, period, _ZONE)
                    rounds.append((time.perf_counter() - begun) * 1000)
                if total(groups).calls != calls:
                    raise RuntimeError(f"{total(groups).calls} calls counted")
                took[by.value] = min(rounds)
        await engine.dispose()
    return took


def main() -> None:
    """The command."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for by, milliseconds in asyncio.run(measure(calls)).items():
        print(f"{calls:,} calls by {by}: {milliseconds:,.0f} ms")


if __name__ == "__main__":
    main()
