"""How long the fake queue has held calls this month, for its caps: known to every worker without asking the database.

Like :class:`app.event_log.open_calls.OpenCalls`, of which this is a part, it is a picture that follows the event log. A
worker that starts reads the sums of the month from the table of stays. Every incoming call asks, so nothing is counted then:
the seconds of those who wait are kept as their number and the sum of the moments when they came.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from routing.fake_queue import LONGEST_HELD_SECONDS, NOTHING_HELD, HeldSoFar

Month = tuple[int, int]


def in_utc(_tenant_id: str) -> tzinfo:
    """The zone of a company that nobody knows."""
    return UTC


class Held(NamedTuple):
    """A call in the fake queue: since when, and for which line and caller's number it counts."""

    since: datetime
    line: str
    number: str | None


class HeldSum(NamedTuple):
    """The seconds of a company's stays that are over, by line and caller."""

    tenant_id: str
    line: str
    number: str | None
    seconds: float


@dataclass(slots=True)
class _Sum:
    """``seconds`` of stays that are over, the number of those that go on, and the sum of the moments when these began."""

    seconds: float = 0.0
    waiting: int = 0
    began: float = 0.0

    def at(self, now: float) -> float:
        # No call is held longer than the longest cap allows: a clock that is put ahead uses up no month.
        return self.seconds + min(max(0.0, self.waiting * now - self.began), self.waiting * LONGEST_HELD_SECONDS)


@dataclass(slots=True)
class _Sums:
    month: Month
    in_all: _Sum = field(default_factory=_Sum)
    by_line: defaultdict[str, _Sum] = field(default_factory=lambda: defaultdict(_Sum))
    by_number: defaultdict[str, _Sum] = field(default_factory=lambda: defaultdict(_Sum))

    def of(self, line: str, number: str | None) -> tuple[_Sum, ...]:
        mine = (self.in_all, self.by_line[line])
        return mine if number is None else (*mine, self.by_number[number])

    def forget_what_is_over(self, month: Month) -> None:
        """A new month begins; who waits goes on waiting, and counts for it."""
        self.month = month
        for sums in (self.by_line, self.by_number):
            for key in [key for key, one in sums.items() if not one.waiting]:
                del sums[key]
        for one in (self.in_all, *self.by_line.values(), *self.by_number.values()):
            one.seconds = 0.0


@dataclass(slots=True)
class HeldTime:
    """The sums of the present month of each company, by its clock: ``zone_of`` a company's id. A stay counts for the month
    in which it ends; the few that last over midnight are no matter for a cap."""

    zone_of: Callable[[str], tzinfo] = in_utc
    _sums: dict[str, _Sums] = field(default_factory=dict)

    def begin(self, tenant_id: str, held: Held) -> None:
        """A call comes into the fake queue."""
        for one in self._of_month(tenant_id, held.since).of(held.line, held.number):
            one.waiting += 1
            one.began += held.since.timestamp()

    def end(self, tenant_id: str, held: Held, at: datetime) -> None:
        """A call that came into it is there no longer."""
        for one in self._of_month(tenant_id, at).of(held.line, held.number):
            one.waiting -= 1
            one.began -= held.since.timestamp()
            one.seconds += max(0.0, (at - held.since).total_seconds())

    def take(self, over: Iterable[HeldSum], now: datetime) -> None:
        """What the database knows of this month's stays that are over, in place of what was gathered."""
        for sums in self._sums.values():
            sums.forget_what_is_over(sums.month)
        for held in over:
            for one in self._of_month(held.tenant_id, now).of(held.line, held.number):
                one.seconds += held.seconds

    def so_far(self, tenant_id: str, line: str, number: str | None, now: datetime) -> HeldSoFar:
        """This month's seconds."""
        if tenant_id not in self._sums:
            return NOTHING_HELD
        sums, at = self._of_month(tenant_id, now), now.timestamp()
        mine, here = sums.by_number.get(number or ""), sums.by_line.get(line)
        return HeldSoFar(mine.at(at) if mine else 0.0, here.at(at) if here else 0.0, sums.in_all.at(at))

    def _of_month(self, tenant_id: str, at: datetime) -> _Sums:
        local = at.astimezone(self.zone_of(tenant_id))
        month, sums = (local.year, local.month), self._sums.get(tenant_id)
        if sums is None:
            sums = self._sums[tenant_id] = _Sums(month)
        elif sums.month < month:
            sums.forget_what_is_over(month)
        return sums
