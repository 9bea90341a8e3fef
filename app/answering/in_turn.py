"""Who is rung next where people are rung one after the other: whoever talks or is being rung for somebody else is passed
over, so that nobody's telephone rings for two callers."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.answering.offering import engaged
from app.event_log.records import CallFact, FactKind, fact
from app.switchboard import Switchboard
from routing.actions import Leg
from routing.plan import RoutingPlan

ON_THE_WAY_SECONDS: Final = 30
"""What ringing takes longer than its own seconds: until the provider begins, and until it has told us of the end."""


@dataclass(frozen=True, slots=True)
class Turn:
    """``index`` is whose turn it is among ``legs``, past the end for nobody's, as of the ``first`` who might have been;
    ``passed_over`` are the operators (ids) whose turn it would have been."""

    legs: Sequence[Leg]
    first: int
    index: int
    passed_over: tuple[str, ...] = ()

    def as_fact(self, tenant_id: str, call_id: str, now: datetime) -> CallFact | None:
        """That somebody is rung, and at most for how long: one fact, also when the request comes again and somebody else is
        free by then. None where nobody of ours is rung and nobody was passed over."""
        rung = self.legs[self.index] if self.index < len(self.legs) else None
        told = [rung.operator_id] if rung is not None and rung.operator_id else []
        if not told and not self.passed_over:
            return None
        payload = {
            "rung": told, "passed_over": [*self.passed_over],
            "seconds": rung.ring_seconds + ON_THE_WAY_SECONDS if rung is not None else 0,
        }  # fmt: skip
        return fact(tenant_id, call_id, FactKind.SEEN, now, payload, "rung", self.first)


def whose_turn(
    board: Switchboard, plan: RoutingPlan, call_id: str, legs: Sequence[Leg], index: int, now: datetime, *,
    or_anybody: bool,
) -> Turn:  # fmt: skip
    """:func:`turn_from`, by who is engaged for other calls than this one, as far as this worker knows."""
    # While the event log cannot be read, nobody knows which calls have ended elsewhere: then nobody is passed over.
    known = board.feed.unread_since is None
    taken = engaged(plan, board.open_calls, now, but=call_id) if known else set[str]()
    return turn_from(legs, index, taken, or_anybody=or_anybody)


def turn_from(legs: Sequence[Leg], index: int, engaged: Set[str], *, or_anybody: bool) -> Turn:
    """Whose turn it is from ``legs[index]`` on. ``or_anybody`` is whether somebody ``engaged`` is rung rather than nobody:
    where no queue comes after, their telephone may still say that they are busy, and we would send the caller away."""
    free = next((at for at in range(index, len(legs)) if legs[at].operator_id not in engaged), len(legs))
    if free == len(legs) and or_anybody:
        return Turn(legs, index, index)
    return Turn(legs, index, free, tuple(leg.operator_id for leg in legs[index:free]))
