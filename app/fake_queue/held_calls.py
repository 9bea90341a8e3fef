"""Who is in the fake queue now, and what it has cost month by month."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.fake_queue.cost import Tariff, sum_of
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company

MONTHS_SHOWN: Final = 12
ATTEMPTS_SINCE: Final = timedelta(days=30)

_NOW: Final = text("""
    SELECT stay.call_id, stay.began_at, stay.line_number, stay.entry_id, stay.caller_number, call.caller_address,
        (SELECT count(*) FROM call AS other WHERE other.tenant_id = stay.tenant_id
            AND other.caller_number = stay.caller_number AND other.started_at >= :since
            AND other.reason_code = 'blacklisted') AS attempts
    FROM fake_queue_stay AS stay JOIN call USING (tenant_id, call_id)
    WHERE stay.tenant_id = :tenant AND stay.ended_at IS NULL AND call.state <> 'ended'
    ORDER BY stay.began_at, stay.call_id
""")
_MONTHS: Final = text("""
    SELECT to_char(began_at AT TIME ZONE :zone, 'YYYY-MM') AS month, line_number, count(DISTINCT call_id) AS calls,
        sum(seconds) AS seconds, sum(ceil(seconds / increment) * increment) AS billed
    FROM (
        SELECT began_at, line_number, call_id, coalesce(counted.increment, :usual) AS increment,
            greatest(extract(epoch FROM coalesce(ended_at, :now) - began_at), 0)::float8 AS seconds
        FROM fake_queue_stay LEFT JOIN unnest(cast(:lines AS text[]), cast(:increments AS int[]))
            AS counted(number, increment) ON counted.number = line_number
        WHERE tenant_id = :tenant
            AND began_at >= date_trunc('month', cast(:now AS timestamptz), :zone) - make_interval(months => :months)
    ) AS stay GROUP BY 1, 2 ORDER BY 1 DESC
""")


@dataclass(frozen=True, slots=True)
class Held:
    """A caller in the fake queue: ``number`` is the caller's, if there is one, ``caller`` what identifies them whatever
    it is. ``attempts`` counts the blacklisted calls of that number in the last 30 days, this one included."""

    call_id: str
    since: datetime
    line: str
    entry_id: str
    number: str | None
    caller: str
    attempts: int
    seconds: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class MonthHeld:
    """A calendar month (``2026-07``) by the company's clock. ``cost`` is None where no rate was entered. Refusing the same
    calls would have cost nothing, so all of it would have been saved."""

    month: str
    calls: int
    seconds: int
    cost: Decimal | None


async def held_now(session: AsyncSession, tenant_id: str, tariff: Tariff, now: datetime) -> list[Held]:
    """Whoever waits longest stands first."""
    rows = await session.execute(_NOW, {"tenant": tenant_id, "since": now - ATTEMPTS_SINCE})
    held = []
    for row in rows:
        seconds = max(int((now - row.began_at).total_seconds()), 0)
        cost = tariff.of_line(row.line_number).cost_of_call(seconds)
        held.append(
            Held(
                row.call_id, row.began_at, row.line_number, row.entry_id, row.caller_number,
                row.caller_address or row.caller_number or "", row.attempts, seconds, cost,
            )
        )  # fmt: skip
    return held


async def held_by_month(
    session: AsyncSession, tenant: TenantRows, tariff: Tariff, now: datetime, *, months: int = MONTHS_SHOWN
) -> list[MonthHeld]:
    """This month, also while it is empty, and those of the last ``months`` in which callers were held; the newest first."""
    zone = zone_of_company(tenant)
    values = {
        "tenant": tenant.tenant_id, "zone": zone.key, "now": now, "usual": tariff.company.increment,
        "lines": [*tariff.lines], "increments": [rate.increment for rate in tariff.lines.values()],
        "months": months - 1,
    }  # fmt: skip
    by_month: dict[str, list[tuple[int, float, Decimal | None]]] = {f"{now.astimezone(zone):%Y-%m}": []}
    for row in await session.execute(_MONTHS, values):
        cost = tariff.of_line(row.line_number).cost(row.billed)
        by_month.setdefault(row.month, []).append((row.calls, row.seconds, cost))
    return [
        MonthHeld(
            month, sum(calls for calls, _, _ in lines), round(sum(seconds for _, seconds, _ in lines)),
            sum_of([cost for _, _, cost in lines]) if lines else tariff.company.cost(0),
        )
        for month, lines in sorted(by_month.items(), reverse=True)
    ]  # fmt: skip
