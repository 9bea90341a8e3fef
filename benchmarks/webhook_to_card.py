"""From the webhook to the card on the screen, in a real browser: ``python -m benchmarks.webhook_to_card``.

The service runs in a process of its own on a PostgreSQL of its own (or an empty one named by ``--database-url``). A signed
webhook is sent, and the clock stops when the card has been put into the page and the next frame begins. Both clocks are
this computer's wall clock. The answer to the webhook is timed too.
"""

import argparse
import asyncio
import contextlib
import os
import secrets
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from playwright.async_api import Page, async_playwright

from app.database import create_engine, session_maker
from app.embedded_database import embedded_database
from app.migrate import migrate
from app.secrets_at_rest import SecretBox
from app.set_up_company import CompanyForm, NewCompany, set_up_company
from simulator.signature import sign

ACCOUNT, TOKEN, SECRET_KEY = "AC" + secrets.token_hex(16), secrets.token_hex(16), secrets.token_hex(16)
EMAIL, PASSWORD = f"{secrets.token_hex(4)}@example.org", secrets.token_urlsafe(12)
LINE = f"+331990{secrets.randbelow(10**5):05}"
STREAMS_PER_SESSION, STREAMS_PER_ADDRESS = 4, 20

WATCH_CARDS = """() => {
    window.painted = {};
    const wall = () => performance.timeOrigin + performance.now();
    new MutationObserver(() => {
        for (const card of document.querySelectorAll("#calls article")) {
            const id = card.dataset.call;
            if (id in window.painted) continue;
            const inserted = wall();
            window.painted[id] = null;
            requestAnimationFrame(() => { window.painted[id] = [inserted, wall()]; });
        }
    }).observe(document.getElementById("calls"), { childList: true });
}"""


async def prepare(database_url: str) -> NewCompany:
    """Tables, a company and its admin."""
    engine = create_engine(database_url)
    await migrate(engine)
    form = CompanyForm("Benchmark", LINE, "FR", "Europe/Paris", "fr", ACCOUNT, TOKEN, EMAIL, PASSWORD)
    company = await set_up_company(session_maker(engine), SecretBox(SECRET_KEY.encode()), form)
    await engine.dispose()
    return company


@contextlib.asynccontextmanager
async def service(database_url: str, folder: Path) -> AsyncIterator[str]:
    """The service at an address of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DATABASE_URL": database_url, "ANTICHAMBRE_DATA_DIR": str(folder), "ANTICHAMBRE_SECRET_KEY": SECRET_KEY,
        "ANTICHAMBRE_PUBLIC_BASE_URL": url,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port), "--no-access-log",
        "--log-level", "warning", env=environment, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(200):
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(url + "/health/ready")).status_code == 200:
                        break
                await asyncio.sleep(0.1)
            else:
                raise RuntimeError("the service did not become ready within 20 seconds")
        yield url
    finally:
        process.terminate()
        await process.wait()


async def listen_too(url: str, panels: int, ready: asyncio.Event, counter: list[int]) -> None:
    """Hold ``panels`` further panel streams open, spread over sessions and loopback addresses as the limits want it."""

    async def one(client: httpx.AsyncClient) -> None:
        async with client.stream("GET", "/events") as response:
            response.raise_for_status()
            counter[0] += 1
            if counter[0] == panels:
                ready.set()
            async for _ in response.aiter_bytes():
                pass

    async with contextlib.AsyncExitStack() as clients, asyncio.TaskGroup() as streams:
        for first in range(0, panels, STREAMS_PER_SESSION):
            # Linux answers on all of 127.0.0.0/8.
            transport = httpx.AsyncHTTPTransport(local_address=f"127.0.0.{2 + first // STREAMS_PER_ADDRESS}")
            client = await clients.enter_async_context(
                httpx.AsyncClient(base_url=url, transport=transport, timeout=None, trust_env=False)  # noqa: S113
            )
            (await client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})).read()
            for _ in range(min(STREAMS_PER_SESSION, panels - first)):
                streams.create_task(one(client))


async def ring(client: httpx.AsyncClient, path: str, **facts: str) -> float:
    """Send a signed webhook; milliseconds until its answer."""
    form = {"AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "Direction": "inbound", "To": LINE} | facts
    address = str(client.base_url).rstrip("/") + path
    begun = time.perf_counter()
    answer = await client.post(path, data=form, headers={"X-Twilio-Signature": sign(TOKEN, address, form.items())})
    answer.raise_for_status()
    return (time.perf_counter() - begun) * 1000


async def painted(page: Page, call_id: str) -> tuple[float, float]:
    """When the card was in the page, and when its frame began (milliseconds since 1970)."""
    for _ in range(2500):
        found = await page.evaluate("id => window.painted[id] ?? null", call_id)
        if found is not None:
            return found[0], found[1]
        await asyncio.sleep(0.002)
    raise RuntimeError(f"the card of {call_id} did not appear within five seconds")


async def measure(url: str, calls: int, listeners: int, chromium: str) -> None:
    """Place the calls one after the other and print the figures."""
    figures: dict[str, list[float]] = {"webhook answered": [], "card in the page": [], "card painted": []}
    async with async_playwright() as playwright, httpx.AsyncClient(base_url=url, trust_env=False) as provider:
        browser = await playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync"],
        )  # fmt: skip
        page = await browser.new_page(base_url=url)
        await page.goto("/")
        await page.get_by_label("E-mail").fill(EMAIL)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_selector('#live[data-live="yes"]')
        await page.evaluate(WATCH_CARDS)
        others, ready = None, asyncio.Event()
        if listeners:
            others = asyncio.create_task(listen_too(url, listeners, ready, [0]))
            await asyncio.wait_for(ready.wait(), 60)
        for number in range(calls):
            call_id = "CA" + secrets.token_hex(16)
            facts = {"CallSid": call_id, "From": f"+3363998{number:04}"}
            sent = time.time() * 1000
            figures["webhook answered"].append(await ring(provider, "/twilio/voice", CallStatus="ringing", **facts))
            inserted, drawn = await painted(page, call_id)
            figures["card in the page"].append(inserted - sent)
            figures["card painted"].append(drawn - sent)
            await ring(provider, "/twilio/status", CallStatus="completed", CallDuration="1", **facts)
            await asyncio.sleep(0.05)
        if others is not None:
            others.cancel()
            await asyncio.gather(others, return_exceptions=True)
        await browser.close()
    print(f"{calls} calls, one after the other; {listeners} further panels listening; {os.cpu_count()} processor cores")
    for name, values in figures.items():
        p95 = statistics.quantiles(values, n=20)[-1]
        print(
            f"{name:>18}: p50 {statistics.median(values):6.1f} ms   p95 {p95:6.1f} ms   longest {max(values):6.1f} ms"
        )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.webhook_to_card", description=__doc__)
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--listeners", type=int, default=0, help="further panels that listen meanwhile")
    parser.add_argument("--database-url", help="an empty PostgreSQL database; without it one is started")
    asked = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("This measures in Chromium: apt-get install chromium")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="antichambre-benchmark-")))
        folder.chmod(0o711)  # the embedded server runs as another user when this runs as root
        url = asked.database_url or stack.enter_context(embedded_database(folder))
        asyncio.run(run(url, folder / "worker", asked.calls, asked.listeners, chromium))


async def run(database_url: str, folder: Path, calls: int, listeners: int, chromium: str) -> None:
    """Prepare, serve, measure."""
    await prepare(database_url)
    async with service(database_url, folder) as url:
        await measure(url, calls, listeners, chromium)


if __name__ == "__main__":
    main()
