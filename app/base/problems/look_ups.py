"""What can be wrong with a look-up and with what it answers."""

from dataclasses import dataclass
from enum import Enum, auto


class LookUpFault(Enum):
    """Nothing more is to be said than which it is."""

    TOO_MANY = auto()
    TOKEN_NOT_ASCII = auto()
    TOKEN_OF_ANOTHER_SERVER = auto()
    NO_FIELD = auto()
    NO_TEXT = auto()


@dataclass(frozen=True, slots=True)
class MoreThanACardShows:
    """A card shows ``limit``."""

    limit: int


LookUpProblem = LookUpFault | MoreThanACardShows
