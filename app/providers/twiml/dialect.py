"""What differs between those who speak TwiML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Voices = Mapping[str, tuple[str, str]]
"""By the language (ISO 639-1): the language and the voice as a document names them. English stands in for the rest."""

POLLY: Final[Voices] = {
    "en": ("en-US", "Polly.Joanna"),
    "es": ("es-ES", "Polly.Lucia"),
    "fr": ("fr-FR", "Polly.Lea"),
    "ru": ("ru-RU", "Polly.Tatyana"),
}
"""Amazon's voices, which all of them have by these names (twilio.com/docs/voice/twiml/say,
developer.signalwire.com/compatibility-api/cxml/voice/say,
developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/say)."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """``gather_has_method``: a <Gather> names the method of its action; otherwise it is the application's."""

    voices: Voices = field(default_factory=lambda: POLLY)
    gather_has_method: bool = True
