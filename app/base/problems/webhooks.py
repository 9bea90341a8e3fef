"""What can be wrong with a webhook that we are to send to."""

from dataclasses import dataclass
from enum import Enum, auto


class TargetFault(Enum):
    """Why nothing is sent to an address."""

    NOT_VALID = auto()
    NOT_ENCRYPTED = auto()
    PRIVATE = auto()


class EventsFault(Enum):
    """What is wrong with the events that are chosen."""

    NONE_CHOSEN = auto()


@dataclass(frozen=True, slots=True)
class UnknownEvent:
    """There is no event ``name``; these are ``known``."""

    name: str
    known: tuple[str, ...]


WebhookProblem = TargetFault | EventsFault | UnknownEvent
