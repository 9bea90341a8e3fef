"""A rehearsal on 100,000 calls of one company: ``python -m benchmarks.rehearsals``."""

import asyncio
import resource
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from app.base.connect import connect
from app.base.database import create_engine, session_maker
from app.base.settings import Settings
from app.company.rules import RULES, RuleIn
from app.edits.edit import Edit
from app.plan.load_plan import load_all
from app.plan.number_builder import NumberBuilder
from app.plan.tenant_rows import TenantRows
from app.rehearsals.rehearse import Ground, of_company, rehearsals_ended, rehearse_on
from app.web.schema import validated
from benchmarks.company import SECRET_KEY, database, open_company
from benchmarks.signed_calls import BLACKLISTED_FROM, LINE, VIP
from models import Rehearsal

_DAYS: Final = 30
_BLACKLISTED: Final = 10_000
# Of ten calls seven are strangers', each of whom calls some ten times, two are blacklisted, and one is the VIP's.
_FILL: Final = """
    INSERT INTO call (tenant_id, call_id, provider, state, outcome, caller_kind, caller_number, caller_name, line_id,
        line_number, action, reason_code, decision, started_at, ended_at, last_seen_at)
    SELECT $1, 'CA' || n, 'twilio', 'ended', 'completed', 'number',
        CASE WHEN n % 10 = 0 THEN $4::text WHEN n % 10 < 3 THEN '+' || ($5::bigint + 2 * (n % $6::int))
            ELSE '+33' || (610000000 + (hashint4(n::int) & 2147483647) % 7000) END,
        '', NULL, $7::text, 'queue', 'queue',
        jsonb_build_object('version', 2, 'trace', repeat(md5(n::text), 20)), at, at + interval '3 minutes', at
    FROM (SELECT n, $2::timestamptz - make_interval(secs => n * 2500000.0 / $3::int) AS at
        FROM generate_series(1, $3::int) AS n) AS calls
"""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """``seconds`` from the question to the answer, and ``processor`` seconds of the process that decides."""

    calls: int
    different: int
    seconds: float
    processor: float


async def measure(calls: int = 100_000) -> Rehearsed:
    """Rehearse a rule for whoever calls again within a day, which counts the calls of each number."""
    with database() as (database_url, folder):
        company = await open_company(database_url, _BLACKLISTED)
        until = datetime.now(UTC)
        connection: asyncpg.Connection = await connect(database_url, within=10, command_timeout=600)
        await connection.execute(_FILL, company.tenant, until, calls, VIP, BLACKLISTED_FROM, _BLACKLISTED, LINE)
        await connection.execute("VACUUM ANALYZE call")
        await connection.close()
        settings = Settings(database_url=database_url, data_dir=folder, secret_key=SECRET_KEY)
        engine = create_engine(database_url)
        try:
            began, used = time.monotonic(), _children()
            found = await _rehearse(_ground(settings, engine, until), company.tenant)
            seconds, processor = time.monotonic() - began, _children() - used
        finally:
            await engine.dispose()
    if (found.state, found.calls) != ("done", calls):
        raise RuntimeError(f"{found.state} after {found.calls} calls")
    return Rehearsed(found.calls, found.different, seconds, processor)


def _ground(settings: Settings, engine: AsyncEngine, until: datetime) -> Ground:
    async def newest(of: str) -> tuple[int, TenantRows | None]:
        stands_for, tenants = await load_all(engine, NumberBuilder(settings.database_url or "", settings.data_dir))
        return stands_for.version, tenants.get(of)

    return Ground(settings, lambda: until, session_maker(engine), newest)


async def _rehearse(ground: Ground, tenant_id: str) -> Rehearsal:
    rule = {
        "name": "Often", "when": {"calls": {"at_least": 2, "within_minutes": 1440}},
        "do": {"action": "message", "text": {"fr": "Un instant."}},
    }  # fmt: skip

    async def add(edit: Edit) -> None:
        await RULES.save(edit, validated(RuleIn, rule).model_dump())

    begun = await rehearse_on(ground, tenant_id, "benchmark", add, _DAYS)
    await rehearsals_ended()
    if (found := await of_company(ground, tenant_id, begun)) is None:
        raise LookupError(begun)
    return found


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """The command."""
    found = asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
    print(f"{found.calls:,} calls decided twice in {found.seconds:.1f} s ({found.processor:.1f} s of a processor); "
          f"{found.different:,} would have gone elsewhere")  # fmt: skip


if __name__ == "__main__":
    main()
