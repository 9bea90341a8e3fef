"""What can be wrong with a command to the phone booth."""

from enum import Enum, auto


class BoothFault(Enum):
    """Nothing more is to be said than which it is."""

    NOT_SET_UP = auto()
    NOBODY_CAN_SIGN = auto()
    COMMAND_UNREADABLE = auto()
    UNKNOWN_ADDRESS = auto()
    UNKNOWN_LINE = auto()
    UNKNOWN_CALL = auto()
    TOO_MANY_CALLS = auto()
    TOO_MANY_BOOTHS = auto()
    ALL_BOOTHS_TAKEN = auto()
    CALLER_NOT_SENDABLE = auto()
    TIME_UNREADABLE = auto()


BoothProblem = BoothFault
