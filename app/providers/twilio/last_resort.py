"""The answers that need nothing: no database, no plan, no journal. The caller never hears silence."""

from typing import Final

from app.base.language import ENGLISH
from app.plan.phrases import DEFAULTS
from app.providers import twiml
from app.providers.twiml import Speech
from routing.actions import Phrase

APOLOGY: Final = twiml.message(Speech(DEFAULTS[Phrase.APOLOGY][ENGLISH], ENGLISH))
"""Made once, at import: what every failure ends in. It rings nobody, so it lets nobody through."""
