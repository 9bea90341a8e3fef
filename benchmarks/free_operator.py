"""How soon an operator is rung who has become free, while others call: ``python -m benchmarks.free_operator``.

A telephone company in real time has callers waiting for five operators, who pick up at once and talk for two seconds, and
moves calls by its REST API as the service asks. Besides, 100 calls a second come in, with two status callbacks each.
Measured is from the end of one talk to the beginning of the operator's next one.
"""

import asyncio
import contextlib
import itertools
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from app.base.database import create_engine, session_maker
from app.edits.edit import editing
from benchmarks.company import antichambre, database, free_port, open_company
from benchmarks.hot_path import next_calls, put_under_load
from benchmarks.load import Figures, Job
from benchmarks.signed_calls import ACCOUNT, LINE, TOKEN
from models import OperatorRecord, QueueRecord
from models.base import new_id
from simulator import Call, PhoneCompany, RealClock
from simulator.heard import ConnectedTo
from simulator.rest_server import serving_rest

OPERATORS: Final = [f"+3363998010{number}" for number in range(5)]
WAITING: Final = 20
TALK_SECONDS: Final = 2
CALLS_A_SECOND: Final = 100
_LOOKS_EVERY: Final = 0.01


@dataclass(slots=True)
class Found:
    """Seconds from free to connected, each time; and what became of the other calls meanwhile."""

    rang_after: list[float] = field(default_factory=list)
    others: Figures = field(default_factory=Figures)


async def _add_operators(database_url: str, tenant: str) -> None:
    engine = create_engine(database_url)
    async with editing(session_maker(engine), tenant, "benchmark") as edit:
        queue_id = await edit.session.scalar(select(QueueRecord.id).where(QueueRecord.tenant_id == tenant))
        for address in OPERATORS:
            operator = OperatorRecord(
                tenant_id=tenant, id=new_id(), name=address, address=address, queue_ids=[queue_id], management=False
            )
            await edit.record_added(operator)
    await engine.dispose()


@asynccontextmanager
async def _telephones(url: str, api_port: int) -> AsyncIterator[PhoneCompany]:
    async with PhoneCompany(url, ACCOUNT, TOKEN, clock=RealClock()) as phones:
        for address in OPERATORS:
            phones.phone(address).answers_after(0).talks_for(TALK_SECONDS)
        async with serving_rest(phones, api_port):
            yield phones


async def _keep_waiting(phones: PhoneCompany, calls: set[Call]) -> None:
    """As many callers as ever wait, or talk."""
    numbers = itertools.count(33_644_000_000)
    while True:
        for over in [call for call in calls if call.is_over]:
            calls.discard(over)
        while len(calls) < WAITING + len(OPERATORS):
            calls.add(await phones.place_call(f"+{next(numbers)}", LINE))
        await asyncio.sleep(0.1)


async def _watch(calls: set[Call], found: Found) -> None:
    now = asyncio.get_running_loop().time
    free_since: dict[str, float] = {}
    talking: dict[str, Call] = {}
    while True:
        for call in [*calls]:
            address = call.connected_to
            if address is not None and talking.get(address) is not call and not _has_talked(call):
                talking[address] = call
                if (since := free_since.pop(address, None)) is not None:
                    found.rang_after.append(now() - since)
        for address, call in talking.items():
            if address not in free_since and _has_talked(call):
                free_since[address] = now()
        await asyncio.sleep(_LOOKS_EVERY)


def _has_talked(call: Call) -> bool:
    return any(isinstance(event, ConnectedTo) and event.seconds for event in call.heard)


async def _measure(url: str, api_port: int, seconds: float) -> Found:
    found, calls = Found(), set[Call]()
    async with _telephones(url, api_port) as phones:
        tasks = [asyncio.create_task(_keep_waiting(phones, calls)), asyncio.create_task(_watch(calls, found))]
        await asyncio.sleep(5)
        found.rang_after.clear()
        job = Job(f"{url}/twilio/voice", seconds, rate=CALLS_A_SECOND, first=next_calls(), callbacks=2)
        found.others = await asyncio.to_thread(put_under_load, job)
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    return found


def measure(seconds: float = 60) -> Found:
    """A service with two workers, the calls, and the operators."""
    with database() as (database_url, folder):
        company = asyncio.run(open_company(database_url, 10_000))
        asyncio.run(_add_operators(database_url, company.tenant))
        api_port = free_port()
        api = f"http://127.0.0.1:{api_port}"
        with antichambre(database_url, folder, 2, ANTICHAMBRE_TWILIO_API_URL=api) as url:
            return asyncio.run(_measure(url, api_port, seconds))


def main() -> None:
    """The command."""
    found = measure()
    cuts = statistics.quantiles(found.rang_after, n=20)
    print(
        f"{len(found.rang_after)} times: p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, longest {max(found.rang_after):.2f} s"
    )
    others = found.others
    print(f"other calls: {others.answered} answered, p99 {others.p99:.1f} ms, {others.refused} without an answer")


if __name__ == "__main__":
    main()
