"""Who is in the fake queue now, and what it has cost month by month."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.fake_queue.cost import Tariff, sum_of
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company

MONTHS_SHOWN: Final = 12
ATTEMPTS_SINCE: Final = timedelta(days=30)

_NOW: Final = text("""
    SELECT stay.call_id, stay.began_at, stay.line_number, stay.line_id, stay.entry_id, stay.caller_number,
        call.caller_address,
        (SELECT count(*) FROM call AS other WHERE other.tenant_id = stay.tenant_id
            AND other.caller_number = stay.caller_number AND other.started_at >= :since
            AND other.reason_code = 'blacklisted') AS attempts
    FROM fake_queue_stay AS stay JOIN call USING (tenant_id, call_id)
    WHERE stay.tenant_id = :tenant AND stay.ended_at IS NULL AND call.state <> 'ended'
    ORDER BY stay.began_at, stay.call_id
""")
_MONTHS: Final = text("""
    SELECT month, line_id, period, count(*) FILTER (WHERE nth_stay = 1) AS calls, sum(seconds) AS seconds,
        sum(ceil(seconds / coalesce(own.increment, company.increment)) * coalesce(own.increment, company.increment))
            AS billed
    FROM (
        SELECT *, row_number() OVER (PARTITION BY month, call_id ORDER BY began_at) AS nth_stay FROM (
            SELECT call_id, began_at, coalesce(line_id, '') AS line_id,
                to_char(began_at AT TIME ZONE :zone, 'YYYY-MM') AS month,
                width_bucket(began_at, cast(:moments AS timestamptz[])) AS period,
                greatest(extract(epoch FROM coalesce(ended_at, :now) - began_at), 0)::float8 AS seconds
            FROM fake_queue_stay WHERE tenant_id = :tenant
                AND began_at >= date_trunc('month', cast(:now AS timestamptz), :zone) - make_interval(months => :months)
        ) AS of_months
    ) AS stay
    JOIN unnest(cast(:increments AS int[])) WITH ORDINALITY AS company(increment, place) ON place = period + 1
    LEFT JOIN unnest(cast(:lines AS text[]), cast(:periods AS int[]), cast(:own AS int[])) AS own(line, within, increment)
        ON own.line = line_id AND own.within = period
    GROUP BY 1, 2, 3 ORDER BY 1 DESC
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
    """A calendar month (``2026-07``) by the company's clock. ``cost``, in ``currency``, is None where no rate was entered,
    and where it was entered in several currencies. Refusing the same calls would have cost nothing, so all of it would have
    been saved."""

    month: str
    calls: int
    seconds: int
    cost: Decimal | None
    currency: str


async def held_now(session: AsyncSession, tenant_id: str, tariff: Tariff, now: datetime) -> list[Held]:
    """Whoever waits longest stands first."""
    rows = await session.execute(_NOW, {"tenant": tenant_id, "since": now - ATTEMPTS_SINCE})
    held = []
    for row in rows:
        seconds = max(int((now - row.began_at).total_seconds()), 0)
        cost = tariff.at(row.line_id or "", row.began_at).cost_of_call(seconds)
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
    own = [
        (line_id, period, rate.increment)
        for line_id, rates in tariff.of_lines.items()
        for period, rate in enumerate(rates)
    ]
    values = {
        "tenant": tenant.tenant_id, "zone": zone.key, "now": now, "months": months - 1, "moments": [*tariff.moments],
        "increments": [rate.increment for rate in tariff.of_company], "lines": [one[0] for one in own],
        "periods": [one[1] for one in own], "own": [one[2] for one in own],
    }  # fmt: skip
    by_month: dict[str, list[_Group]] = {f"{now.astimezone(zone):%Y-%m}": []}
    for row in await session.execute(_MONTHS, values):
        rate = tariff.in_period(row.line_id, row.period)
        group = _Group(row.calls, row.seconds, rate.cost(row.billed), rate.currency)
        by_month.setdefault(row.month, []).append(group)
    return [_month(month, groups, tariff) for month, groups in sorted(by_month.items(), reverse=True)]


class _Group(NamedTuple):
    """What was held at one rate."""

    calls: int
    seconds: float
    cost: Decimal | None
    currency: str


def _month(month: str, groups: list[_Group], tariff: Tariff) -> MonthHeld:
    if not groups:
        return MonthHeld(month, 0, 0, tariff.company.cost(0), tariff.currency)
    currencies = {group.currency for group in groups}
    (currency,) = currencies if len(currencies) == 1 else (tariff.currency,)
    cost = sum_of([group.cost for group in groups]) if len(currencies) == 1 else None
    calls, seconds = sum(group.calls for group in groups), round(sum(group.seconds for group in groups))
    return MonthHeld(month, calls, seconds, cost, currency)
