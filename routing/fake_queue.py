"""The wait that never connects. Its only exits are the caller's own hanging up and the cap.

Nothing here can name an operator, a queue or a key: a round is music, now and then a sentence, and the next round.
There is no position and no "your call is important": nothing is promised to somebody who will not be answered.
"""

from dataclasses import dataclass
from typing import Final

ANNOUNCE_EVERY_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Round:
    """One document's worth of waiting: announce or not, then music, then ask again."""

    announce: bool


def next_round(waited_seconds: float, cap_seconds: int, rounds: int) -> Round | None:
    """The next round after ``rounds`` whole ones, or None when the cap is reached.

    ``waited_seconds`` count from the call's start, never from the number of documents: a provider may skip or repeat
    documents, and a lost round must not lengthen the wait.
    """
    if waited_seconds >= cap_seconds:
        return None
    return Round(announce=rounds % ANNOUNCE_EVERY_ROUNDS == 0)
