"""How long the segments of 50,000 clients with a million sales take: ``python -m benchmarks.segments``. The aim is 10 s."""

import asyncio
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.base.database import create_engine
from app.embedded_database import embedded_database
from app.migrate import migrate
from app.sales.borders import Borders
from app.segments.compute_segments import Asked, compute_segments

CLIENTS, SALES, PRODUCTS = 50_000, 1_000_000, 20
_COMPANY = (
    "INSERT INTO company (id, name, country, time_zone, language) VALUES (:tenant, 'T', 'FR', 'Europe/Paris', 'fr')"
)
_BASE = (
    # Names of letters, of which few begin alike.
    "INSERT INTO client (tenant_id, id, name)"
    " SELECT :tenant, 'c' || n, initcap(left(letters, 6) || ' ' || right(letters, 7))"
    " FROM generate_series(1, :clients) n, translate(md5(n::text), '0123456789', 'ghijklmnop') letters",
    "INSERT INTO product (tenant_id, id, name, segments)"
    " SELECT :tenant, 'p' || n, 'Product ' || n, '[\"A\", \"regular\"]' FROM generate_series(1, :products) n",
    # A few clients buy much, most buy little, and each keeps to three products.
    "INSERT INTO sale (tenant_id, import_id, line, client_id, day, amount, currency, product_id)"
    " SELECT :tenant, 'i', n, 'c' || who,"
    " date '2026-07-24' - floor(random() * 900)::int, round((random() * 200 - 10)::numeric, 2), 'EUR',"
    " 'p' || 1 + (who + floor(random() * 3)::int) % :products"
    " FROM (SELECT n, 1 + floor(power(random(), 2) * :clients)::int AS who FROM generate_series(1, :sales) n) AS sold",
)


async def fill_sales(connection: AsyncConnection, tenant: str) -> None:
    """Clients of a company and what they bought."""
    for statement in _BASE:
        wanted = {"clients": CLIENTS, "sales": SALES, "products": PRODUCTS}
        known = {name: value for name, value in wanted.items() if f":{name}" in statement}
        await connection.execute(text(statement), {"tenant": tenant} | known)


async def measure(url: str) -> list[float]:
    """Seconds of three computations, each of them committed."""
    engine = create_engine(url, command_timeout=None)
    await migrate(engine)
    async with engine.begin() as connection:
        await connection.execute(text(_COMPANY), {"tenant": "t"})
        await fill_sales(connection, "t")
    asked = Asked("t", date(2026, 7, 24), datetime(2026, 7, 24, 8, tzinfo=UTC), "EUR")
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        async with AsyncSession(engine) as session, session.begin():
            await compute_segments(session, asked, Borders())
        seconds.append(time.perf_counter() - began)
    await engine.dispose()
    return seconds


def main() -> None:
    """Print them."""
    with tempfile.TemporaryDirectory() as folder, embedded_database(Path(folder), database="segments") as url:
        seconds = asyncio.run(measure(url))
    print(f"{CLIENTS} clients, {SALES} sales: " + ", ".join(f"{one:.1f} s" for one in seconds))


if __name__ == "__main__":
    main()
