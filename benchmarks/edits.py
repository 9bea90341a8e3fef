"""Confirmed edits while calls come in: ``python -m benchmarks.edits``.

A number goes on the blacklist and off again over the API; as soon as an edit is confirmed that number calls. A decision
that does not follow the edit is stale; there may be none, whichever worker answers.
"""

import asyncio
import statistics
import sys
import time
from dataclasses import dataclass

import httpx

from benchmarks.company import antichambre, database, open_company
from benchmarks.signed_calls import ACCOUNT, LINE, TOKEN
from simulator.signature import sign


@dataclass(frozen=True, slots=True)
class Edits:
    """``stale`` decisions among ``calls``; confirmation times in milliseconds."""

    edits: int
    workers: int
    calls: int
    stale: int
    p50: float
    p95: float
    longest: float
    unconfirmed: int


async def measure_at(url: str, api_key: str, edits: int, workers: int, calls_an_edit: int = 4) -> Edits:
    """Edit and call."""
    took, stale, unconfirmed = [], 0, 0
    async with (
        httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {api_key}"}, trust_env=False) as api,
        httpx.AsyncClient(
            base_url=url, trust_env=False, timeout=15, limits=httpx.Limits(max_keepalive_connections=0)
        ) as provider,
    ):  # a new connection for each call, so that all workers get some
        for turn in range(0, edits, 2):
            number = f"+3361{turn:07}"
            begun = time.perf_counter()
            added = await api.post("/api/v1/blacklist", json={"number": number})
            added.raise_for_status()
            took.append(time.perf_counter() - begun)
            unconfirmed += "antichambre-workers-behind" in added.headers
            stale += sum([await _reaches(provider, url, number, turn, one) != "nobody" for one in range(calls_an_edit)])
            begun = time.perf_counter()
            removed = await api.delete(f"/api/v1/blacklist/{added.json()['id']}")
            removed.raise_for_status()
            took.append(time.perf_counter() - begun)
            unconfirmed += "antichambre-workers-behind" in removed.headers
            stale += sum(
                [await _reaches(provider, url, number, turn + 1, one) != "queue" for one in range(calls_an_edit)]
            )
    cuts = statistics.quantiles(took, n=20)
    return Edits(
        len(took),
        workers,
        len(took) * calls_an_edit,
        stale,
        cuts[9] * 1000,
        cuts[18] * 1000,
        max(took) * 1000,
        unconfirmed,
    )


async def _reaches(provider: httpx.AsyncClient, url: str, number: str, turn: int, one: int) -> str:
    """Where the call got: "queue", or "nobody". It ends at once; the other workers hear of that some milliseconds later, and
    until then it may be one call too many of its number, which tells nothing of the edit."""
    while (reached := await _call(provider, url, number, turn, one)) == "one too many":
        await asyncio.sleep(0.02)
        one += 1_000
    return reached


async def _call(provider: httpx.AsyncClient, url: str, number: str, turn: int, one: int) -> str:
    facts = {
        "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "CallSid": f"CA{turn:024x}{one:08x}", "CallStatus": "ringing",
        "Direction": "inbound", "From": number, "To": LINE,
    }  # fmt: skip
    answer = await _sent(provider, f"{url}/twilio/voice", facts)
    await _sent(provider, f"{url}/twilio/status", facts | {"CallStatus": "completed"})
    if "<Reject" in answer:
        return "one too many"
    return "queue" if "<Enqueue" in answer else "nobody"


async def _sent(provider: httpx.AsyncClient, address: str, facts: dict[str, str]) -> str:
    signature = sign(TOKEN, address, facts.items())
    answer = await provider.post(address, data=facts, headers={"X-Twilio-Signature": signature})
    answer.raise_for_status()
    return answer.text


def measure(edits: int = 1_000, workers: int = 4) -> Edits:
    """A service with ``workers`` workers, and the edits."""
    with database() as (database_url, folder):
        company = asyncio.run(open_company(database_url, 1_000))
        with antichambre(database_url, folder, workers) as url:
            return asyncio.run(measure_at(url, company.api_key, edits, workers))


def main() -> None:
    """The command."""
    found = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
    print(f"{found.edits} edits over {found.workers} workers, {found.calls} calls: {found.stale} stale decisions")
    print(f"confirmed after p50 {found.p50:.0f} ms, p95 {found.p95:.0f} ms, longest {found.longest:.0f} ms")
    print(f"{found.unconfirmed} edits were not confirmed within a second")


if __name__ == "__main__":
    main()
