"""The wait that never connects. Its only exits are the caller's own hanging up and the cap.

Nothing here can name an operator, a queue or a key: a round is music, now and then a sentence, and the next round.
There is no position and no "your call is important": nothing is promised to somebody who will not be answered.

It is an answered call, and every second of it is billed. So it has caps, and below it stands the company's ladder: when a
cap is reached, the next treatment of the ladder is given instead. Whatever the ladder says, nobody comes nearer to a person
by it: each of its treatments ends the call without one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from filters.list_entry import Treatment

LADDER: Final[tuple[Treatment, ...]] = (Treatment.FAKE_QUEUE, Treatment.BUSY)
"""The usual one."""
RUNGS: Final = frozenset({Treatment.RING_OUT, Treatment.BUSY, Treatment.REJECT, Treatment.NOT_IN_SERVICE})
"""What may stand below the fake queue. Not voicemail: somebody listens to it, and that is nearer to a person than music."""
ANSWERED: Final = frozenset({Treatment.FAKE_QUEUE, Treatment.NOT_IN_SERVICE, Treatment.VOICEMAIL})
"""Treatments that answer the call, which every provider bills from then on."""
UNBILLED: Final = frozenset({Treatment.BUSY, Treatment.REJECT})
"""Treatments that no provider bills: the call is refused before it is answered."""
LAST_RUNG: Final = Treatment.BUSY
"""What is left where the ladder leaves nothing."""

ANNOUNCE_EVERY_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Round:
    """One document's worth of waiting: announce or not, then music, then ask again."""

    announce: bool


class Cap(StrEnum):
    """Why the fake queue does not take a call, or lets it go. ``AT_ONCE`` is about the lines that it keeps busy; ``NUMBER``,
    ``LINE`` and ``MONTH`` are about what the month may cost."""

    TOLL_FREE = "toll_free"
    AT_ONCE = "at_once"
    NUMBER = "number"
    LINE = "line"
    MONTH = "month"


LONGEST_HELD_SECONDS: Final = 14_400
"""The highest cap of one call."""


@dataclass(frozen=True, slots=True)
class Caps:
    """A company's caps: seconds of one call, calls at once, and minutes of a calendar month for one caller's number, for
    one line and in all; None for no cap."""

    call_seconds: int = 1800
    at_once: int = 20
    number_minutes: int | None = None
    line_minutes: int | None = None
    month_minutes: int | None = 6000


class HeldSoFar(NamedTuple):
    """The seconds for which the fake queue has held calls this month, calls that it holds now included: of this caller's
    number, on this line, and of the whole company. What nobody knows (the event log cannot be read) is 0."""

    of_number: float = 0.0
    on_line: float = 0.0
    in_all: float = 0.0


NOTHING_HELD: Final = HeldSoFar()


def month_cap(held: HeldSoFar, caps: Caps) -> Cap | None:
    """The cap that this month has reached, the narrowest first; None while there is room."""
    for cap, seconds, minutes in (
        (Cap.NUMBER, held.of_number, caps.number_minutes),
        (Cap.LINE, held.on_line, caps.line_minutes),
        (Cap.MONTH, held.in_all, caps.month_minutes),
    ):
        if minutes is not None and seconds >= minutes * 60:
            return cap
    return None


def below(ladder: Sequence[Treatment], cap: Cap) -> Treatment:
    """What a caller gets whom the fake queue does not take because of ``cap``: the next treatment of the ladder. Where the
    money is spent, it is the next one that does not answer the call; on a toll-free line, the next that is never billed."""
    for treatment in _rungs(ladder):
        if cap is Cap.TOLL_FREE and treatment not in UNBILLED:
            continue
        if cap is not Cap.AT_ONCE and treatment in ANSWERED:
            continue
        return treatment
    return LAST_RUNG


def says_number_is_gone(ladder: Sequence[Treatment]) -> bool:
    """Whether a caller who has waited to the end of one call's cap hears that the number is not in service before the call
    ends. It has been answered: the other treatments are over before they begin."""
    return next(iter(_rungs(ladder)), None) is Treatment.NOT_IN_SERVICE


def _rungs(ladder: Iterable[Treatment]) -> list[Treatment]:
    """What stands below the fake queue, without what must not, wherever it comes from."""
    return [treatment for treatment in ladder if treatment in RUNGS]


def next_round(waited_seconds: float, cap_seconds: int, rounds: int) -> Round | None:
    """The next round after ``rounds`` whole ones, or None when the cap is reached.

    ``waited_seconds`` count from the call's start, never from the number of documents: a provider may skip or repeat
    documents, and a lost round must not lengthen the wait.
    """
    if waited_seconds >= cap_seconds:
        return None
    return Round(announce=rounds % ANNOUNCE_EVERY_ROUNDS == 0)
