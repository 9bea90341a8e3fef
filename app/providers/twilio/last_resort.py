"""The answers that need nothing: no database, no plan, no journal. The caller never hears silence."""

from typing import Final

from app.providers import twiml
from app.providers.twiml import Speech
from routing.actions import Phrase
from routing.phrases import DEFAULTS, FALLBACK_LANGUAGE

APOLOGY: Final = twiml.message(Speech(DEFAULTS[Phrase.APOLOGY][FALLBACK_LANGUAGE], FALLBACK_LANGUAGE))
"""Made once, at import: what every failure ends in. It rings nobody, so it lets nobody through."""
