"""One decision over lists of ten thousand to ten million numbers: ``python -m benchmarks.decisions``.

Measured as the service decides, where strangers of one minute are decided alike, and as :func:`routing.decision.decide`
does alone. Half of the callers are on the list.
"""

import contextlib
import mmap
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.answering.strangers import Strangers
from benchmarks.signed_calls import BLACKLISTED_FROM, LINE
from filters.caller import CallerLists
from filters.caller_id import CallerId, CallerKind
from filters.entries import EntryIndex
from filters.number_index import NumberIndex, NumberIndexWriter, StandsFor
from routing.actions import Leg
from routing.call import IncomingCall
from routing.decision import decide
from routing.hours import WeekHours
from routing.inquiry import Decision
from routing.plan import Line, Operator, RoutingPlan, WaitingQueue

SIZES: Final = (10_000, 1_000_000, 10_000_000)
_NOON: Final = datetime(2026, 7, 24, 10, tzinfo=UTC)
_ALWAYS: Final = WeekHours("h", (((0, 1440),),) * 7)
_CALLS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Decisions:
    """``microseconds`` of one decision by the number of entries, ``alone`` of one over a million without what is remembered
    of the minute, and the ``bytes`` that an entry takes."""

    microseconds: dict[int, float]
    alone: float
    bytes_an_entry: float


@contextlib.contextmanager
def index_of(entries: int) -> Iterator[tuple[NumberIndex, int]]:
    """A mapped index of ``entries`` numbers, every second one from the first; and its bytes."""
    with contextlib.ExitStack() as files:
        out, rests, details = (files.enter_context(tempfile.TemporaryFile()) for _ in range(3))
        writer = NumberIndexWriter(out, rests, details)
        same = ("", "imported list", None, (), None)
        writer.add_all((f"+{BLACKLISTED_FROM + 2 * at}", f"01kb{at:016x}", same) for at in range(entries))
        writer.finish(StandsFor(1, 0, bytes(16)))
        out.seek(0, os.SEEK_END)
        yield NumberIndex(memoryview(mmap.mmap(out.fileno(), 0, access=mmap.ACCESS_READ))), out.tell()


def callers(entries: int) -> list[IncomingCall]:
    """Callers at random, every second of whom is on the list."""
    chance = random.Random(7)
    numbers = [f"+{BLACKLISTED_FROM + chance.randrange(2 * entries)}" for _ in range(_CALLS)]
    return [IncomingCall("CA", LINE, CallerId(CallerKind.NUMBER, number)) for number in numbers]


def plan_with(index: NumberIndex) -> RoutingPlan:
    """A company that is open, with a queue and that blacklist."""
    line = Line("l", LINE, "Main", "FR", ZoneInfo("Europe/Paris"), "fr", hours_id="h", queue_id="q")
    return RoutingPlan(
        "t", "Benchmark", 1, lines={LINE: line}, lists=CallerLists(blacklist=EntryIndex(base=index)),
        hours={"h": _ALWAYS}, queues={"q": WaitingQueue("q", "Reception")},
        operators={"o": Operator(Leg("o", "Olga", "client:olga"), frozenset({"q"}))},
    )  # fmt: skip


def measure() -> Decisions:
    """Take the sizes in turn, seven times over; of each the median."""
    with contextlib.ExitStack() as stack:
        indexes = {size: stack.enter_context(index_of(size)) for size in SIZES}
        grounds = {size: (plan_with(index), callers(size)) for size, (index, _) in indexes.items()}
        times: dict[int, list[float]] = {size: [] for size in SIZES}
        alone: list[float] = []
        for _ in range(7):
            for size, (plan, calls) in grounds.items():
                times[size].append(_time(Strangers().decide, plan, calls))
            alone.append(_time(decide, *grounds[SIZES[1]]))
        medians = {size: statistics.median(found) for size, found in times.items()}
        return Decisions(medians, statistics.median(alone), indexes[SIZES[-1]][1] / SIZES[-1])


def _time(
    how: Callable[[IncomingCall, RoutingPlan, datetime], Decision], plan: RoutingPlan, calls: list[IncomingCall]
) -> float:
    begun = time.perf_counter()
    for call in calls:
        how(call, plan, _NOON)
    return (time.perf_counter() - begun) / len(calls) * 1e6


def main() -> None:
    """The command."""
    found = measure()
    for size, took in found.microseconds.items():
        print(f"{size:>12,} entries: {took:5.2f} µs a decision")
    print(f"{SIZES[1]:>12,} entries: {found.alone:5.2f} µs for decide() alone")
    print(f"{found.bytes_an_entry:.1f} bytes an entry")


if __name__ == "__main__":
    main()
