"""From the webhook to the card on the screen, in a real browser: ``python -m benchmarks.webhook_to_card``.

The service runs in a process of its own on a PostgreSQL of its own. A signed webhook is sent, and the clock stops when the
card has been put into the page and the next frame begins. Both clocks are this computer's wall clock. The answer to the
webhook is timed too.
"""

import argparse
import asyncio
import contextlib
import secrets
import shutil
import statistics
import time
from dataclasses import asdict, dataclass, field

import httpx
from playwright.async_api import Page, async_playwright

from benchmarks.company import EMAIL, PASSWORD, antichambre, database, open_company
from benchmarks.signed_calls import ACCOUNT, LINE, TOKEN
from simulator.signature import sign

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

    device: dict[str, str] = {}
    """The cookie of a browser that is known: a stranger may sign in twenty times a minute, and there are more sessions."""
    async with contextlib.AsyncExitStack() as clients, asyncio.TaskGroup() as streams:
        for first in range(0, panels, STREAMS_PER_SESSION):
            # Linux answers on all of 127.0.0.0/8.
            transport = httpx.AsyncHTTPTransport(local_address=f"127.0.0.{2 + first // STREAMS_PER_ADDRESS}")
            client = await clients.enter_async_context(
                httpx.AsyncClient(base_url=url, cookies=device, transport=transport, timeout=None, trust_env=False)  # noqa: S113
            )
            signed_in = await client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
            if not signed_in.has_redirect_location:
                raise RuntimeError(f"signing in was answered with {signed_in.status_code}")
            device = device or {"device": signed_in.cookies["device"]}
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


@dataclass(frozen=True, slots=True)
class Cards:
    """Milliseconds from sending the webhook, one for each call."""

    answered: list[float] = field(default_factory=list)
    in_the_page: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)


async def measure_at(url: str, calls: int, listeners: int, chromium: str) -> Cards:
    """Place the calls one after the other."""
    cards = Cards()
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
            async with asyncio.timeout(60):
                await ready.wait()
        for number in range(calls):
            call_id = "CA" + secrets.token_hex(16)
            facts = {"CallSid": call_id, "From": f"+3363998{number:04}"}
            sent = time.time() * 1000
            cards.answered.append(await ring(provider, "/twilio/voice", CallStatus="ringing", **facts))
            inserted, drawn = await painted(page, call_id)
            cards.in_the_page.append(inserted - sent)
            cards.painted.append(drawn - sent)
            await ring(provider, "/twilio/status", CallStatus="completed", CallDuration="1", **facts)
            await asyncio.sleep(0.05)
        if others is not None:
            others.cancel()
            await asyncio.gather(others, return_exceptions=True)
        await browser.close()
    return cards


def measure(calls: int = 50, listeners: int = 0) -> Cards:
    """A service, a browser, ``listeners`` further panels, and the calls. Raises RuntimeError without Chromium."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        raise RuntimeError("This measures in Chromium: apt-get install chromium")
    with database() as (database_url, folder):
        asyncio.run(open_company(database_url, 0))
        with antichambre(database_url, folder) as url:
            return asyncio.run(measure_at(url, calls, listeners, chromium))


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.webhook_to_card", description=__doc__)
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--listeners", type=int, default=0, help="further panels that listen meanwhile")
    asked = parser.parse_args()
    cards = measure(asked.calls, asked.listeners)
    print(f"{asked.calls} calls, one after the other; {asked.listeners} further panels listening")
    for name, values in asdict(cards).items():
        print(
            f"{name:>12}: p50 {statistics.median(values):6.1f} ms   p95 {p95(values):6.1f} ms   max {max(values):6.1f} ms"
        )


if __name__ == "__main__":
    main()
