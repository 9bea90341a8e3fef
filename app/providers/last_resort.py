"""The answer that needs nothing: no database, no plan, no journal. The caller never hears silence."""

from typing import Final

from app.answering.answers import Say, Speech
from app.base.language import ENGLISH
from app.plan.phrases import DEFAULTS
from routing.actions import Phrase

APOLOGY: Final = Say((Speech(DEFAULTS[Phrase.APOLOGY][ENGLISH], ENGLISH),))
"""What every failure ends in. It rings nobody, so it lets nobody through."""
