"""What can be wrong with a matter."""

from enum import Enum, auto


class MatterFault(Enum):
    """Nothing more is to be said than which it is."""

    TEXT_MISSING = auto()
    UNKNOWN_CLIENT = auto()
    CHANGED_MEANWHILE = auto()


MatterProblem = MatterFault
