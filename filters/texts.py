"""What a company has written for its callers, in one language or in several."""

from collections.abc import Mapping
from typing import Final, NamedTuple

Texts = Mapping[str, str]
"""By language (ISO 639-1); the first one is what callers hear for whose language nothing is written."""


class Said(NamedTuple):
    """A text and its ``language`` where that is not the caller's: a voice that reads another language is not understood.
    Both are empty when there is nothing to say."""

    text: str = ""
    language: str = ""


NOTHING: Final = Said()


def said_in(texts: Texts, language: str) -> Said:
    """What a caller hears who speaks ``language``."""
    if own := texts.get(language):
        return Said(own)
    other = next(((language, text) for language, text in texts.items() if text), None)
    return Said(other[1], other[0]) if other else NOTHING
