"""What 50,000 clients with a million sales cost whoever works with them: ``python -m benchmarks.client_base``.

The service runs in a process of its own on a PostgreSQL of its own. Measured are a call's first answer and the card on the
live channel, counted from the moment in which the webhook is sent, the search, and pages; an empty base in the same run is
what they are compared with.
"""

import asyncio
import secrets
import statistics
import time
from datetime import UTC, date, datetime
from typing import Final

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.database import create_engine
from app.sales.borders import Borders
from app.segments.compute_segments import Asked, compute_segments
from benchmarks.company import EMAIL, PASSWORD, antichambre, database, open_company
from benchmarks.segments import fill_sales
from benchmarks.webhook_to_card import ring

CLIENTS, ROUNDS = 50_000, 60
_NUMBERS: Final = (
    "INSERT INTO client_number (tenant_id, client_id, number)"
    " SELECT :tenant, 'c' || n, '+33' || (640000000 + n) FROM generate_series(1, :clients) n"
)
_PAGES: Final = {
    "search by name": "/api/v1/clients?q=ab{letter}",
    "search by number": "/api/v1/clients?number=%2B33640040{n:03}",
    "palette": "/palette?q=ab{letter}",
    "list of clients": "/clients?q=",
    "a client's page": "/clients/c{n}",
    "segments": "/segments",
}


async def fill(database_url: str, tenant: str, clients: int) -> None:
    """``clients`` with a number each and what they bought, and their segments."""
    if not clients:
        return
    engine = create_engine(database_url, command_timeout=None)
    async with engine.begin() as connection:
        await fill_sales(connection, tenant)
        await connection.execute(text(_NUMBERS), {"tenant": tenant, "clients": clients})
    async with AsyncSession(engine) as session, session.begin():
        await compute_segments(
            session, Asked(tenant, date(2026, 7, 24), datetime(2026, 7, 24, 8, tzinfo=UTC), "EUR"), Borders()
        )
    async with engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))
    await engine.dispose()


async def measure(url: str, *, filled: bool) -> dict[str, list[float]]:
    """Milliseconds by what was done."""
    found: dict[str, list[float]] = {}
    async with (
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as provider,
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as person,
    ):
        await person.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
        async with person.stream("GET", "/events", headers={"Accept": "text/event-stream"}) as stream:
            lines = stream.aiter_lines()
            for number in range(1, ROUNDS + 1):
                call_id = "CA" + secrets.token_hex(16)
                facts = {"CallSid": call_id, "From": f"+33{640_000_000 + number * 700}"}
                sent = time.perf_counter()
                found.setdefault("a call's answer", []).append(
                    await ring(provider, "/twilio/voice", CallStatus="ringing", **facts)
                )
                while call_id not in await anext(lines):
                    pass
                found.setdefault("its card", []).append((time.perf_counter() - sent) * 1000)
                await ring(provider, "/twilio/status", CallStatus="completed", CallDuration="1", **facts)
        for what, path in _PAGES.items() if filled else ():
            for number in range(1, ROUNDS // 3 + 1):
                begun = time.perf_counter()
                answer = await person.get(path.format(n=number * 7, letter=chr(96 + number)))
                answer.raise_for_status()
                found.setdefault(what, []).append((time.perf_counter() - begun) * 1000)
    return found


def main() -> None:
    """Print them."""
    for clients in (0, CLIENTS):
        with database() as (url, folder):
            company = asyncio.run(open_company(url, 0))
            asyncio.run(fill(url, company.tenant, clients))
            with antichambre(url, folder) as service:
                found = asyncio.run(measure(service, filled=bool(clients)))
        print(f"{clients} clients")
        for what, times in found.items():
            p95 = statistics.quantiles(times, n=20)[-1]
            print(f"  {what}: median {statistics.median(times):.1f} ms, 95 % below {p95:.1f} ms")


if __name__ == "__main__":
    main()
