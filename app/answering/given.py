"""An answer that calls were given, with what is made of it once for all who get the same."""

from dataclasses import dataclass
from typing import Self

from app.answering.answers import Answer
from app.answering.stored_answer import Stored, stored
from app.event_log.records import as_json


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """``told`` is the answer as it is stored, ``json`` the same in UTF-8. Two are equal only if they are one and the same,
    so that whatever is kept by it is found at once."""

    answer: Answer
    told: Stored
    json: bytes

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """For an answer that was just made."""
        told = stored(answer)
        return cls(answer, told, as_json(told))
