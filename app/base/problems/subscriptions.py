"""What can be wrong with a subscription to somebody else's list."""

from dataclasses import dataclass
from enum import Enum, auto


class SubscriptionFault(Enum):
    """Nothing more is to be said than which it is."""

    URL_NEEDED = auto()
    TAKES_NO_URL = auto()
    KEY_NEEDED = auto()
    TAKES_NO_KEY = auto()
    KEY_NOT_ASCII = auto()
    SOURCE_STAYS = auto()
    ALLOWS_NOBODY = auto()
    TOO_MANY = auto()
    NOTHING_TO_FETCH = auto()
    NOT_A_FILE = auto()
    TOO_MANY_NUMBERS = auto()
    CHANGED_MEANWHILE = auto()


@dataclass(frozen=True, slots=True)
class SuspiciousList:
    """What came has ``after`` numbers in place of ``before``, and nobody has said yet that this is right."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class NumbersNotKnown:
    """What the list ``name`` would do cannot be told before its numbers have come for the first time."""

    name: str


SubscriptionProblem = SubscriptionFault | SuspiciousList | NumbersNotKnown
