"""The answer that needs nothing: no database, no plan, no journal. The caller never hears silence."""

from typing import Final

from app.answering.answers import Say, Speech
from routing.actions import Phrase
from routing.phrases import DEFAULTS, FALLBACK_LANGUAGE

APOLOGY: Final = Say((Speech(DEFAULTS[Phrase.APOLOGY][FALLBACK_LANGUAGE], FALLBACK_LANGUAGE),))
"""What every failure ends in. It rings nobody, so it lets nobody through."""
