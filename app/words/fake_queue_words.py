"""The fake queue in words: its months, how long it holds, what is billed."""

from datetime import date
from typing import assert_never

from babel.dates import format_skeleton

from app.base.language import gettext as _
from app.base.language import locale
from app.providers.billing import Billed


def billed_words(billed: Billed) -> str:
    """Whether the provider bills it."""
    match billed:
        case Billed.YES:
            return _("billed")
        case Billed.NO:
            return _("not billed")
        case Billed.UNKNOWN:
            return _("not known; plan as if billed")
        case _:
            assert_never(billed)


def month_words(month: str) -> str:
    """``July 2026`` for ``2026-07``."""
    year, number = month.split("-")
    return str(format_skeleton("yMMMM", date(int(year), int(number), 1), locale=locale()))


def lasting_words(seconds: int) -> str:
    """``31:07`` or ``2:31:07``: how long a call lasts."""
    minutes, rest = divmod(max(seconds, 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
