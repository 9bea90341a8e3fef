"""Days as files write them: ``2026-07-01``, ``01.07.2026``, ``7/1/26``, ``1 juillet 2026``, ``20260701``. Pure."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Final

from babel import Locale

from app.base.language import LANGUAGES
from app.base.search_text import folded

EARLIEST: Final = date(1970, 1, 1)
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s].*)?", re.ASCII | re.DOTALL)
_PACKED: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_ORDINARY: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\.?(?:[,T\s].*)?", re.ASCII | re.DOTALL)
_NAMED: Final = re.compile(r"(\d{1,2})\.?\s+(?:de\s+)?([^\W\d_]+)\.?,?\s+(?:de\s+)?(\d{4})(?:\s.*)?", re.DOTALL)
_NAME_FIRST: Final = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})(?:\s.*)?", re.DOTALL)
_SERIAL: Final = re.compile(r"\d{5}", re.ASCII)
_SERIAL_ZERO: Final = date(1899, 12, 30)
_TWO_DIGITS: Final = 100
_THIS_CENTURY: Final = 70


class DayUnreadable(ValueError):
    """The text is no day."""


def is_month_first(cells: Iterable[str], country: str) -> bool:
    """Whether days are written as ``7/31/2026``: as the first of ``cells`` shows that can be read in one way only, else as
    it is the custom in ``country``. With points the day always comes first."""
    for cell in cells:
        found = _ORDINARY.fullmatch(cell.strip())
        if found is not None and found[2] != ".":
            first, second = int(found[1]), int(found[3])
            if first > 12 or second > 12:
                return second > 12
    return country in {"US", "PH", "PW", "FM", "MH", "PR"}


def read_day(text: str, *, month_first: bool) -> date:
    """The day. Raises :class:`DayUnreadable`."""
    plain = text.strip()
    try:
        if (found := _ISO.fullmatch(plain) or _PACKED.fullmatch(plain)) is not None:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if (found := _ORDINARY.fullmatch(plain)) is not None:
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            if year < _TWO_DIGITS:
                year += 2000 if year < _THIS_CENTURY else 1900
            swapped = month_first and found[2] != "."
            return date(year, first, second) if swapped else date(year, second, first)
        if (found := _NAMED.fullmatch(plain)) is not None:
            return date(int(found[3]), _month(found[2]), int(found[1]))
        if (found := _NAME_FIRST.fullmatch(plain)) is not None:
            return date(int(found[3]), _month(found[1]), int(found[2]))
        if _SERIAL.fullmatch(plain) is not None:  # as spreadsheets count them
            return _SERIAL_ZERO + timedelta(days=int(plain))
    except ValueError as error:
        raise DayUnreadable(text) from error
    raise DayUnreadable(text)


def _month(name: str) -> int:
    if (month := _months().get(folded(name))) is None:
        raise DayUnreadable(name)
    return month


@cache
def _months() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in LANGUAGES:
        months = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in months[context][width].items():
                    names.setdefault(folded(str(name)).rstrip("."), month)
    return names
