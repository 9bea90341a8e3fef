"""What a company has written for its callers, in one language or in several."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

Texts = Mapping[str, str]
"""By language (ISO 639-1); the first one is what callers hear for whose language nothing is written."""

REFERENCE: Final = "audio:"
"""How a text begins that is none, but names a recording by its id: ``audio:01kfx3v9q2abcdefghjk``."""
_NAMES_ONE: Final = re.compile(REFERENCE + r"([0-9a-z]{1,40})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Recording:
    """What callers hear in the place of a text: the sound of the name ``file``. ``text`` (in ``language``) is what it says,
    for whoever cannot be played it; ``name`` is for people."""

    name: str
    text: str
    language: str
    file: str


def recording_named(text: str) -> str | None:
    """The id of the recording that stands in the place of a text; None for words."""
    if not text.startswith(REFERENCE):
        return None
    names = _NAMES_ONE.fullmatch(text.strip())
    return names[1] if names else None


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
