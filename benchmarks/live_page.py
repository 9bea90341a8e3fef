"""The supervisor's page with 200 operators and 500 waiting calls, in a real browser: ``python -m benchmarks.live_page``.

The calls stand in the event log before the service starts, which takes them up as after a restart. Measured is from the
beginning of the navigation to the frame in which the page has been painted, and what one further question of the page costs.
"""

import asyncio
import shutil
import statistics
from dataclasses import dataclass, field
from typing import Final

import asyncpg
from playwright.async_api import Page, async_playwright

from app.base.connect import connect
from benchmarks.company import EMAIL, PASSWORD, antichambre, database, open_company

OPERATORS, WAITING, ROUNDS = 200, 500, 7

_OPERATORS: Final = """
    INSERT INTO operator (tenant_id, id, name, address, queue_ids, management, position)
    SELECT $1, '01kc' || lpad(n::text, 16, '0'), 'Operator ' || n, '+33' || (639980000 + n),
        jsonb_build_array($2::text), false, n
    FROM generate_series(1, $3::int) AS n
"""
_CALLS: Final = """
    INSERT INTO call (tenant_id, call_id, provider, state, caller_kind, caller_number, caller_name, caller_address,
        line_number, action, reason_code, decision, queue_id, started_at, last_seen_at)
    SELECT $1, 'CA' || n, 'twilio', 'ringing', 'number', '+33' || (644600000 + n), 'Caller ' || n, '+33' || (644600000 + n),
        '+33199001000', 'queue', 'queue', '{"version": 0}', $2, now() - make_interval(secs => n), now()
    FROM generate_series(1, $3::int) AS n
"""
_WAIT: Final = """
    INSERT INTO call_event (event_id, tenant_id, call_id, kind, at, payload)
    SELECT md5(n::text), $1, 'CA' || n, 'call.queued', now() - make_interval(secs => n), jsonb_build_object(
        'queue_id', $2::text, 'priority', 0,
        'since', to_char(now() - make_interval(secs => n), 'YYYY-MM-DD"T"HH24:MI:SSOF:00'))
    FROM generate_series(1, $3::int) AS n
"""
_PAINTED: Final = (
    """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"""
)
_ASKED: Final = """async () => {
    const begun = performance.now(), answer = await fetch("/live/parts");
    await answer.json();
    return performance.now() - begun;
}"""


@dataclass(slots=True)
class Found:
    """Milliseconds: until painted, and for one question."""

    painted: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)


async def _fill(database_url: str) -> None:
    company = await open_company(database_url, 0)
    connection: asyncpg.Connection = await connect(database_url, within=10, command_timeout=60)
    for query, count in ((_OPERATORS, OPERATORS), (_CALLS, WAITING), (_WAIT, WAITING)):
        await connection.execute(query, company.tenant, company.queue_id, count)
    await connection.close()


async def _look(url: str) -> Found:
    found = Found()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page: Page = await browser.new_page(base_url=url)
        await page.goto("/sign-in?next=/settings/me")
        await page.locator("#email").fill(EMAIL)
        await page.locator("#password").fill(PASSWORD)
        await page.locator("#password").press("Enter")
        await page.wait_for_url("**/settings/me")
        for _ in range(ROUNDS):
            await page.goto("/live", wait_until="domcontentloaded")
            found.painted.append(await page.evaluate(_PAINTED))
            rows = await page.locator("[data-waiting]").count(), await page.locator("[data-operator]").count()
            if rows != (WAITING, OPERATORS + 1):  # and the manager, whom every benchmark's company has
                raise RuntimeError(f"{rows} rows")
            found.asked.append(await page.evaluate(_ASKED))
        await browser.close()
    return found


def main() -> None:
    """The command."""
    with database() as (database_url, folder):
        asyncio.run(_fill(database_url))
        with antichambre(database_url, folder) as url:
            found = asyncio.run(_look(url))
    for name, times in (("painted", found.painted), ("asked again", found.asked)):
        print(f"{name}: median {statistics.median(times):.0f} ms ({min(times):.0f}–{max(times):.0f})")


if __name__ == "__main__":
    main()
