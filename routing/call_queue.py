"""Who is next: a VIP is always first; otherwise the priority class, with waiting time raising a caller against
starvation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from routing.actions import QueuePriority

AGEING_SECONDS_PER_POINT: Final = 6
"""Ten minutes of waiting outweigh a priority of 100, the highest that a category can give."""


class RingStrategy(StrEnum):
    """Whose telephone rings first for a caller of a queue."""

    ALL = "all"
    LONGEST_IDLE = "longest_idle"
    IN_ORDER = "in_order"


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A call in a queue; ``since`` is when it first entered, also when it has been rung out in between."""

    call_id: str
    queue_id: str
    priority: int
    since: datetime


def in_order(waiting: Iterable[WaitingCall], now: datetime) -> list[WaitingCall]:
    """The calls of one queue, the next one first. Ageing works among ordinary callers only: nobody overtakes a VIP."""

    def rank(call: WaitingCall) -> tuple[int, float, datetime, str]:
        if call.priority >= QueuePriority.VIP_UNCONFIRMED:
            return -call.priority, 0.0, call.since, call.call_id
        waited = max((now - call.since).total_seconds(), 0.0)
        return 0, -(call.priority * AGEING_SECONDS_PER_POINT + waited), call.since, call.call_id

    return sorted(waiting, key=rank)


def place_of(call_id: str, waiting: Iterable[WaitingCall], now: datetime) -> int | None:
    """How many calls are served before ``call_id``; None when it does not wait."""
    for place, call in enumerate(in_order(waiting, now)):
        if call.call_id == call_id:
            return place
    return None
