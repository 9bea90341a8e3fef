"""Call states in one table. Callbacks come in any order, twice or never: a call's state is the highest one reported,
never the last."""

from enum import StrEnum
from typing import Final


class CallState(StrEnum):
    """Where a call is in its life."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a call ended, from the caller's side."""

    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"
    FAILED = "failed"
    LOST = "lost"


RANK: Final = {CallState.RINGING: 0, CallState.ANSWERED: 1, CallState.ENDED: 2}

_TELLING: Final = (
    Outcome.LOST, Outcome.COMPLETED, Outcome.NO_ANSWER, Outcome.BUSY, Outcome.CANCELED, Outcome.FAILED,
)  # fmt: skip
OUTCOME_RANK: Final = {outcome: rank for rank, outcome in enumerate(_TELLING)}
"""Which of two reported endings stands. "Lost" is our guess after a long silence, and "completed" is also what we say
ourselves when a call is over for us; what only the network can know stands before both."""

_BY_STATUS: Final = {
    "queued": (CallState.RINGING, None),
    "initiated": (CallState.RINGING, None),
    "ringing": (CallState.RINGING, None),
    "in-progress": (CallState.RINGING, None),
    "answered": (CallState.ANSWERED, None),
    "completed": (CallState.ENDED, Outcome.COMPLETED),
    "busy": (CallState.ENDED, Outcome.BUSY),
    "failed": (CallState.ENDED, Outcome.FAILED),
    "no-answer": (CallState.ENDED, Outcome.NO_ANSWER),
    "canceled": (CallState.ENDED, Outcome.CANCELED),
}
"""Statuses of the inbound leg. ``in-progress`` means that we picked up (a menu speaks), not that a person did, so it
leaves the card ringing; ``answered`` is our own word for an operator's leg that was bridged."""


def state_for(status: str) -> tuple[CallState, Outcome | None] | None:
    """The state and outcome that a provider's call status reports; None for a status that we do not know."""
    return _BY_STATUS.get(status)


def advance(current: CallState, reported: CallState) -> CallState:
    """The state after a report: the higher of both, so that a late ``ringing`` never reopens an ended call."""
    return max(current, reported, key=RANK.__getitem__)


def more_telling(one: Outcome | None, other: Outcome | None) -> Outcome | None:
    """The outcome after two reports of the end, the same in whatever order they come."""
    known = [outcome for outcome in (one, other) if outcome is not None]
    return max(known, key=OUTCOME_RANK.__getitem__, default=None)
