"""Who should ring for whom, with 500 waiting calls and 200 operators: ``python -m benchmarks.offers``.

Three situations: everybody is free at once; a busy hour in which nearly everybody rings or talks; and one in which
every call has just been declined by twenty operators.
"""

import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from routing.call_queue import RingStrategy, WaitingCall
from routing.offers import Asking, Desk, Ring, decide_offers

WAITING: Final = 500
OPERATORS: Final = 200
LIMIT_MS: Final = 5.0
_QUEUES: Final = tuple(f"queue {number}" for number in range(10))
_STRATEGIES: Final = {queue: tuple(RingStrategy)[place % 3] for place, queue in enumerate(_QUEUES)}
_NOON: Final = datetime(2026, 7, 24, 10, tzinfo=UTC)
_ROUNDS: Final = 100


@dataclass(frozen=True, slots=True)
class Situation:
    """Who waits, who could take a call, and what rings."""

    asking: Sequence[Asking]
    desks: Sequence[Desk]
    rings: Sequence[Ring] = ()


def situations() -> dict[str, Situation]:
    """By name."""
    chance = random.Random(14)
    desks = [
        Desk(
            f"operator {number}", frozenset(chance.sample(_QUEUES, 3)), _NOON - timedelta(seconds=chance.randrange(600))
        )
        for number in range(OPERATORS)
    ]
    asking = [
        Asking(
            WaitingCall(
                f"CA{number:032x}", chance.choice(_QUEUES), chance.choice((0, 0, 0, 50, 1000)),
                _NOON - timedelta(seconds=chance.randrange(900)),
            )
        )
        for number in range(WAITING)
    ]  # fmt: skip
    talking = [replace(desk, is_free=number % 4 != 0) for number, desk in enumerate(desks)]
    rings = [
        Ring(one.call.call_id, desk.operator_id, _NOON - timedelta(seconds=8), _NOON + timedelta(seconds=40))
        for one, desk in zip(asking, talking, strict=False)
        if desk.is_free and one.call.queue_id in desk.queue_ids
    ]
    declined = {desk.operator_id: _NOON - timedelta(seconds=5) for desk in desks[::10]}
    return {
        "everybody is free": Situation(asking, desks),
        "a busy hour": Situation(asking, talking, rings),
        "many have declined": Situation([replace(one, declined=declined) for one in asking], desks),
    }


def measure() -> dict[str, float]:
    """Milliseconds of one decision (median), by situation."""
    found = {}
    for name, one in situations().items():
        took = []
        for _ in range(_ROUNDS):
            before = time.perf_counter()
            decide_offers(one.asking, one.desks, one.rings, _STRATEGIES, _NOON, reachable=True)
            took.append((time.perf_counter() - before) * 1000)
        found[name] = statistics.median(took)
    return found


if __name__ == "__main__":
    for name, milliseconds in measure().items():
        print(f"{name}: {milliseconds:.2f} ms (below {LIMIT_MS:.0f})")
