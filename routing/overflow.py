"""What becomes of a caller whom a queue cannot serve: nobody serves it, it is full, the wait is too long, or the line has
closed meanwhile."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from filters.texts import Texts


class Way(StrEnum):
    """Where such a caller goes."""

    MESSAGE = "message"
    QUEUE = "queue"
    NUMBER = "number"
    CALLBACK = "callback"
    VOICEMAIL = "voicemail"


TO_SOMEBODY: Final = frozenset({Way.QUEUE, Way.NUMBER})
"""Ways on which a caller meets somebody after all."""


@dataclass(frozen=True, slots=True)
class Overflow:
    """``way`` with the queue (its id) or the number (E.164) that it leads to. ``text`` is said first; with a message it is
    all that is said, in place of the standard sentence."""

    way: Way = Way.MESSAGE
    queue_id: str = ""
    number: str = ""
    text: Texts = field(default_factory=dict)
