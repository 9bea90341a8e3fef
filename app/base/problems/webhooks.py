"""What can be wrong with a webhook that we are to send to."""

from dataclasses import dataclass
from enum import Enum, auto


class TargetFault(Enum):
    """Why nothing is sent to an address."""

    NOT_VALID = auto()
    NOT_ENCRYPTED = auto()
    PRIVATE = auto()


@dataclass(frozen=True, slots=True)
class UnknownEvent:
    """There is no event ``name``; these are ``known``."""

    name: str
    known: tuple[str, ...]


WebhookProblem = TargetFault | UnknownEvent
