"""What can be wrong with recordings that callers are to hear, and with texts that name one."""

from dataclasses import dataclass
from enum import Enum, auto


class AudioFault(Enum):
    """Nothing more is to be said than which it is."""

    EMPTY = auto()
    NOT_AUDIO = auto()
    DAMAGED = auto()
    PROTECTED = auto()
    SILENT = auto()
    TOO_BUSY = auto()
    FILE_MISSING = auto()
    UNKNOWN = auto()
    SAYS_A_NUMBER = auto()
    NO_LINE = auto()
    NAME_USED = auto()
    NOT_BY_TELEPHONE = auto()
    NOBODY_RUNG = auto()
    NOBODY_SPOKE = auto()


@dataclass(frozen=True, slots=True)
class AudioTooLong:
    """At most ``minutes`` of sound are taken."""

    minutes: int


@dataclass(frozen=True, slots=True)
class AudioTooLarge:
    """A file has at most ``megabytes``."""

    megabytes: int


@dataclass(frozen=True, slots=True)
class AudioTooMany:
    """A company has at most ``limit`` recordings."""

    limit: int


@dataclass(frozen=True, slots=True)
class AudioEndsBefore:
    """What is asked for lies behind the end of a sound of ``size`` bytes."""

    size: int


AudioProblem = AudioFault | AudioTooLong | AudioTooLarge | AudioTooMany | AudioEndsBefore
