"""Segments out of sales, in SQL: the one place in which they are computed. What each means, with every border case, is told
in ``docs/segments.md``; ``tests/segments/plain_segments.py`` computes the same without a database.

Everything is exact: amounts are decimals, and a share or a variation is compared with its border without a division."""

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.sales.borders import Borders, months_before
from app.sales.merged import MERGED

MONTHS_SHOWN: Final = 12
"""Of the movement between the stages of the life cycle."""

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('antichambre segments of ' || CAST(:tenant AS text), 0))"
_FORGET_WISHES: Final = "DELETE FROM segment_wish WHERE tenant_id = :tenant"
_MERGED: Final = f"CREATE TEMP TABLE segment_merged ON COMMIT DROP AS {MERGED.format(tenant='CAST(:tenant AS text)')}"
_RATES: Final = """
    CREATE TEMP TABLE segment_rate ON COMMIT DROP AS
    SELECT * FROM unnest(CAST(:currencies AS text[]), CAST(:rates AS numeric[])) AS r (currency, rate)
"""
# Numbers in the place of ids: they are sorted and compared several times as fast.
_WHO: Final = """
    CREATE TEMP TABLE segment_who ON COMMIT DROP AS
    SELECT row_number() OVER ()::int AS client, id, coalesce(category_id, '') AS category_id FROM client
    WHERE tenant_id = :tenant
"""
# Sales of clients who are there, by the client they are now. Without a rate an amount is not known, but a sale it is.
_SALES: Final = """
    CREATE TEMP TABLE segment_sale ON COMMIT DROP AS
    SELECT c.client AS client_id, s.day, s.amount * r.rate AS amount, s.amount > 0 AS settles, s.amount < 0 AS returns,
        s.product_id
    FROM sale s LEFT JOIN segment_merged m ON m.was = s.client_id
        JOIN segment_who c ON c.id = coalesce(m.now, s.client_id)
        LEFT JOIN segment_rate r ON r.currency = s.currency
    WHERE s.tenant_id = :tenant AND s.day <= :day
"""
# A settlement after a pause that made the client lost brings them back.
_DAYS: Final = """
    CREATE TEMP TABLE segment_day ON COMMIT DROP AS
    SELECT client_id, day, coalesce(before + make_interval(months => :lost) <= day, false) AS is_back
    FROM (
        SELECT client_id, day, lag(day) OVER (PARTITION BY client_id ORDER BY day) AS before
        FROM (SELECT DISTINCT client_id, day FROM segment_sale WHERE settles) AS settled
    ) AS in_order
"""
# The stage of everybody at the ends of the last months, and, as the last point, today.
_STAGES: Final = """
    CREATE TEMP TABLE segment_stage ON COMMIT DROP AS
    WITH point AS (
        SELECT day, place::int FROM unnest(CAST(:points AS date[])) WITH ORDINALITY AS p (day, place)
    ), until AS (
        SELECT client_id, width_bucket(day - 1, CAST(:points AS date[])) + 1 AS place, max(day) AS last_day,
            max(day) FILTER (WHERE is_back) AS back_day
        FROM segment_day GROUP BY 1, 2
    ), first AS (
        SELECT client_id, min(day) AS first_day FROM segment_day GROUP BY 1
    ), reached AS (
        SELECT f.client_id, f.first_day, p.place, p.day, max(u.last_day) OVER so_far AS last_day,
            max(u.back_day) OVER so_far AS back_day
        FROM first f CROSS JOIN point p LEFT JOIN until u USING (client_id, place)
        WINDOW so_far AS (PARTITION BY f.client_id ORDER BY p.place)
    )
    SELECT client_id, place, day, first_day, last_day, back_day, CASE
            WHEN last_day IS NULL THEN 'potential'
            WHEN last_day + make_interval(months => :lost) <= day THEN 'lost'
            WHEN back_day + make_interval(months => :new) > day THEN 'restored'
            WHEN first_day + make_interval(months => :new) > day THEN 'new'
            ELSE 'regular' END AS stage
    FROM reached
"""
_MOVEMENT: Final = """
    INSERT INTO segment_movement (tenant_id, month, before, after, abc, stage, category_id, clients)
    SELECT :tenant, date_trunc('month', s.day)::date, s.before, s.stage, coalesce(r.abc, ''), r.life_cycle, w.category_id,
        count(*)
    FROM (
        SELECT client_id, day, place, stage, lag(stage) OVER (PARTITION BY client_id ORDER BY place) AS before
        FROM segment_stage
    ) AS s JOIN segment_result r USING (client_id) JOIN segment_who w ON w.client = s.client_id
    WHERE s.place > 1 AND (s.before <> 'potential' OR s.stage <> 'potential')
    GROUP BY 2, 3, 4, 5, 6, 7
"""
_NOW: Final = """
    CREATE TEMP TABLE segment_now ON COMMIT DROP AS
    SELECT client_id, first_day, last_day, back_day, stage,
        greatest(:since, first_day - (extract(day FROM first_day)::int - 1)) AS from_month
    FROM segment_stage WHERE place = :last
"""
_MONTHS: Final = """
    CREATE TEMP TABLE segment_month ON COMMIT DROP AS
    SELECT client_id, day - (extract(day FROM day)::int - 1) AS month, sum(amount) AS amount, bool_or(settles) AS settled
    FROM segment_sale WHERE day >= :since GROUP BY 1, 2
"""
# Months without a sale are zeros: they count among the months, and add nothing to the sums.
_BY_MONTH: Final = """
    CREATE TEMP TABLE segment_by_month ON COMMIT DROP AS
    SELECT n.client_id,
        greatest(0, (extract(year FROM CAST(:month AS date)) - extract(year FROM n.from_month)) * 12
            + extract(month FROM CAST(:month AS date)) - extract(month FROM n.from_month))::int AS months,
        coalesce(sum(m.amount) FILTER (WHERE m.month < :month), 0) AS total,
        coalesce(sum(m.amount * m.amount) FILTER (WHERE m.month < :month), 0) AS squares,
        count(*) FILTER (WHERE m.settled) AS active
    FROM segment_now n LEFT JOIN segment_month m ON m.client_id = n.client_id AND m.month >= n.from_month
    GROUP BY n.client_id, n.from_month
"""
_CLIENTS: Final = """
    CREATE TEMP TABLE segment_client ON COMMIT DROP AS
    SELECT s.client_id, sum(s.amount) FILTER (WHERE s.day >= :since) AS revenue,
        count(*) FILTER (WHERE s.settles) AS settlements, count(*) FILTER (WHERE s.returns) AS returns,
        coalesce(sum(s.amount) FILTER (WHERE s.settles AND s.day >= :since), 0) AS paid,
        coalesce(sum(s.amount) FILTER (WHERE s.settles AND s.day >= :since AND s.day > n.first_day), 0) AS repeated
    FROM segment_sale s LEFT JOIN segment_now n USING (client_id) GROUP BY 1
"""
# Equal revenue is equal rank: whoever brings as much has the same cumulated share, that of all of them.
_RESULT: Final = """
    CREATE TEMP TABLE segment_result ON COMMIT DROP AS
    WITH ranked AS (
        SELECT client_id, revenue, rank() OVER by_revenue AS place,
            sum(greatest(revenue, 0)) OVER (by_revenue RANGE UNBOUNDED PRECEDING) AS cumulated,
            sum(greatest(revenue, 0)) OVER () AS total
        FROM segment_client WHERE revenue IS NOT NULL
        WINDOW by_revenue AS (ORDER BY revenue DESC)
    )
    SELECT c.client_id, c.revenue, c.settlements, c.returns, c.paid, c.repeated, r.place,
        CASE WHEN r.total > 0 THEN 100 * greatest(c.revenue, 0) / r.total END AS share,
        CASE WHEN r.total > 0 THEN 100 * r.cumulated / r.total END AS cumulated,
        CASE
            WHEN r.client_id IS NULL THEN NULL
            WHEN c.revenue <= 0 THEN 'C'
            WHEN r.place = 1 OR 100 * r.cumulated <= CAST(:abc_a AS numeric) * r.total THEN 'A'
            WHEN 100 * r.cumulated <= CAST(:abc_b AS numeric) * r.total THEN 'B'
            ELSE 'C' END AS abc,
        CASE
            WHEN r.client_id IS NULL THEN NULL
            WHEN coalesce(m.months, 0) < 2 OR m.total <= 0 THEN 'Z'
            WHEN 10000 * v.spread <= CAST(:xyz_x AS numeric) * CAST(:xyz_x AS numeric) * m.total * m.total THEN 'X'
            WHEN 10000 * v.spread <= CAST(:xyz_y AS numeric) * CAST(:xyz_y AS numeric) * m.total * m.total THEN 'Y'
            ELSE 'Z' END AS xyz,
        coalesce(m.months, 0) AS months,
        CASE WHEN m.months > 0 THEN m.total / m.months END AS monthly,
        CASE WHEN m.months >= 2 AND m.total > 0
            THEN 100 * sqrt(v.spread) / m.total END AS variation,
        coalesce(n.stage, 'potential') AS life_cycle, n.first_day, n.last_day, n.back_day,
        coalesce(m.active, 0)::int AS active_months,
        CASE WHEN n.client_id IS NULL THEN 0 ELSE m.months + 1 END AS loyalty_months,
        CASE
            WHEN n.client_id IS NULL THEN NULL
            WHEN 100 * m.active >= CAST(:loyal_high AS numeric) * (m.months + 1) THEN 'high'
            WHEN 100 * m.active >= CAST(:loyal_medium AS numeric) * (m.months + 1) THEN 'medium'
            ELSE 'low' END AS loyalty,
        CASE WHEN n.client_id IS NOT NULL THEN 100 * m.active::numeric / (m.months + 1) END AS loyalty_share,
        CASE WHEN c.paid > 0 THEN 100 * c.repeated / c.paid END AS repeat_share,
        CASE WHEN n.stage = 'lost' THEN n.last_day ELSE CAST(:day AS date) END - n.first_day AS relation_days
    FROM segment_client c LEFT JOIN ranked r USING (client_id) LEFT JOIN segment_now n USING (client_id)
        LEFT JOIN segment_by_month m USING (client_id)
        CROSS JOIN LATERAL (SELECT m.months * m.squares - m.total * m.total AS spread) AS v
"""
_SOLD_NOW: Final = """
    CREATE TEMP TABLE segment_sold ON COMMIT DROP AS
    SELECT w.id AS client_id, p.id AS product_id, s.first_day, s.last_day
    FROM (
        SELECT client_id, product_id, min(day) AS first_day, max(day) AS last_day
        FROM segment_sale WHERE settles AND product_id IS NOT NULL GROUP BY 1, 2
    ) AS s JOIN product p ON p.tenant_id = :tenant AND p.id = s.product_id JOIN segment_who w ON w.client = s.client_id
"""
# Most of it was so before, and is not written again.
_NOT_SOLD: Final = """
    DELETE FROM product_sold o WHERE o.tenant_id = :tenant AND NOT EXISTS (
        SELECT FROM segment_sold n WHERE n.client_id = o.client_id AND n.product_id = o.product_id
    )
"""
_SOLD: Final = """
    INSERT INTO product_sold AS o (tenant_id, client_id, product_id, first_day, last_day)
    SELECT CAST(:tenant AS varchar), n.client_id, n.product_id, n.first_day, n.last_day FROM segment_sold n
    WHERE NOT EXISTS (
        SELECT FROM product_sold s WHERE s.tenant_id = CAST(:tenant AS varchar) AND s.client_id = n.client_id
            AND s.product_id = n.product_id AND s.first_day = n.first_day AND s.last_day = n.last_day
    )
    ON CONFLICT (client_id, product_id, tenant_id) DO UPDATE
        SET first_day = excluded.first_day, last_day = excluded.last_day
"""
# Many clients are of few kinds, so what is meant for whom is found out once for each kind.
_WRITTEN: Final = """
    INSERT INTO client_segment (
        tenant_id, client_id, abc, xyz, life_cycle, loyalty, revenue, share, cumulated, place, months, monthly, variation,
        first_day, last_day, back_day, settlements, returns, active_months, loyalty_months, loyalty_share, repeat_share,
        relation_days, products_used, products_meant
    )
    WITH kind AS (
        SELECT DISTINCT coalesce(abc, '') AS abc, coalesce(xyz, '') AS xyz, life_cycle FROM segment_result
    ), meant AS (
        SELECT k.abc, k.xyz, k.life_cycle, p.id FROM kind k JOIN product p
            ON p.tenant_id = :tenant AND p.segments ?| ARRAY[k.abc, k.xyz, k.abc || k.xyz, k.life_cycle]
    ), counted AS (
        SELECT abc, xyz, life_cycle, count(*) AS products FROM meant GROUP BY 1, 2, 3
    ), bought AS MATERIALIZED (
        SELECT r.client_id, coalesce(r.abc, '') AS abc, coalesce(r.xyz, '') AS xyz, r.life_cycle, s.product_id AS id
        FROM segment_result r JOIN segment_who w ON w.client = r.client_id JOIN segment_sold s ON s.client_id = w.id
    ), used AS (
        SELECT client_id, count(*) AS products FROM bought JOIN meant USING (abc, xyz, life_cycle, id) GROUP BY 1
    )
    SELECT :tenant, w.id, r.abc, r.xyz, r.life_cycle, r.loyalty, r.revenue, round(r.share, 4),
        round(r.cumulated, 4), r.place, r.months, round(r.monthly, 2), round(r.variation, 2), r.first_day, r.last_day,
        r.back_day, r.settlements, r.returns, r.active_months, r.loyalty_months, round(r.loyalty_share, 2),
        round(r.repeat_share, 2), r.relation_days, coalesce(u.products, 0), coalesce(c.products, 0)
    FROM segment_result r JOIN segment_who w ON w.client = r.client_id LEFT JOIN used u ON u.client_id = r.client_id
        LEFT JOIN counted c ON c.abc = coalesce(r.abc, '') AND c.xyz = coalesce(r.xyz, '')
            AND c.life_cycle = r.life_cycle
"""
_STATE: Final = """
    INSERT INTO segment_state (
        tenant_id, computed_at, day, since, currency, clients, sales, not_counted, revenue, paid, repeated, seconds
    )
    SELECT :tenant, :now, :day, :since, :currency, (SELECT count(*) FROM segment_result),
        (SELECT count(*) FROM segment_sale), (SELECT count(*) FROM segment_sale WHERE amount IS NULL),
        (SELECT coalesce(sum(greatest(revenue, 0)), 0) FROM segment_result),
        (SELECT coalesce(sum(paid), 0) FROM segment_result), (SELECT coalesce(sum(repeated), 0) FROM segment_result),
        :seconds
"""
_TABLES: Final = ("segment_movement", "client_segment", "segment_state")


@dataclass(frozen=True, slots=True)
class Asked:
    """For which company, on which ``day`` of its time zone, at which moment (``now``, UTC), and in which currency (ISO
    4217)."""

    tenant_id: str
    day: date
    now: datetime
    currency: str


async def hold_segments(session: AsyncSession, tenant_id: str) -> None:
    """Wait until nobody else computes the segments of the company, and hold others up until the transaction ends."""
    await session.execute(text(_LOCK), {"tenant": tenant_id})


async def compute_segments(session: AsyncSession, asked: Asked, borders: Borders) -> None:
    """Compute the segments of all clients of a company, and what goes with them; to be committed. Until then everybody reads
    the earlier ones. Who comes second waits for the first."""
    began = time.perf_counter()
    month = asked.day.replace(day=1)
    points = [months_before(month, one) - timedelta(days=1) for one in range(MONTHS_SHOWN - 1, -1, -1)]
    rates = dict(borders.rates) | {asked.currency: Decimal(1)}
    values: dict[str, object] = {
        "tenant": asked.tenant_id, "day": asked.day, "now": asked.now, "since": borders.since(asked.day), "month": month,
        "points": [*points, asked.day], "last": len(points) + 1, "currency": asked.currency,
        "currencies": list(rates), "rates": list(rates.values()),
        "new": borders.new_months, "lost": borders.lost_months, "abc_a": borders.abc_a, "abc_b": borders.abc_b,
        "xyz_x": borders.xyz_x, "xyz_y": borders.xyz_y, "loyal_high": borders.loyal_high,
        "loyal_medium": borders.loyal_medium,
    }  # fmt: skip

    async def do(*statements: str) -> None:
        for statement in statements:
            await session.execute(text(statement), values)

    await hold_segments(session, asked.tenant_id)
    await do(_FORGET_WISHES, "SET LOCAL work_mem = '128MB'", "SET LOCAL jit = off")
    await do(_MERGED, _RATES, _WHO, "ANALYZE segment_who", _SALES, "ANALYZE segment_sale")
    await do(_DAYS, "ANALYZE segment_day", _STAGES, _NOW, "ANALYZE segment_now", _MONTHS, "ANALYZE segment_month")
    await do(_BY_MONTH, _CLIENTS, _RESULT, "ANALYZE segment_result")
    await do(*(f"DELETE FROM {table} WHERE tenant_id = :tenant" for table in _TABLES))  # noqa: S608  the names are ours
    await do(_MOVEMENT, _SOLD_NOW, "ANALYZE segment_sold", _NOT_SOLD, _SOLD)
    await do(_WRITTEN)
    values["seconds"] = time.perf_counter() - began
    await do(_STATE)
