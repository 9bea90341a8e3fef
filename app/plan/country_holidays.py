"""What is known of a country's public holidays and of those of its parts: the ``holidays`` library
(vacanza.github.io/holidays), its codes and names."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

import holidays

from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault, UnknownSubdivision

_NAMED_AT_MOST: Final = 30
_DAYS_AHEAD: Final = 400
_YEARS_AHEAD: Final = 3
_OF_ISO: Final = {("FR", "67"): "6AE", ("FR", "68"): "6AE"}
"""ISO 3166-2 has Alsace's two departments, which observe the same days."""


class DayOfParts(NamedTuple):
    """A day that is a holiday in some ``parts`` of a country only. ``national`` is whether it is one of the whole country
    all the same (in the United States, a federal holiday that some states do not observe)."""

    day: date
    name: str
    parts: tuple[str, ...]
    national: bool


@lru_cache(maxsize=256)
def national_holidays(
    country: str, subdivision: str | None, this_year: int, language: str = "en"
) -> dict[date, str]:  # fmt: skip
    """The public holidays of a country as the ``holidays`` library (vacanza.github.io/holidays) knows them, with their names
    in ``language``, or in the country's own where the library has none in that, or else in English.

    Raises NotImplementedError for a country or subdivision that it does not have.
    """
    years = range(this_year - 1, this_year + _YEARS_AHEAD + 1)
    return _named_days(country, subdivision, years, language)


def _named_days(country: str, part: str | None, years: range, language: str) -> dict[date, str]:
    # Without a language the library goes by the environment's, which is nobody's who reads this.
    found = holidays.country_holidays(country, subdiv=part, years=years, language=_language_of(country, language))
    return dict(found.items())


def _language_of(country: str, wanted: str) -> str:
    """The library's code of the language in which it names the country's days for a reader of ``wanted``."""
    of_country = getattr(holidays, country, None)
    known: tuple[str, ...] = tuple(getattr(of_country, "supported_languages", ()))
    own: str | None = getattr(of_country, "default_language", None)
    in_wanted = [code for code in known if code.partition("_")[0] == wanted]
    return in_wanted[0] if in_wanted else own or "en_US"


def check_country(country: str) -> None:
    """Raises :class:`Unprocessable` for a country whose holidays are not known."""
    # The library looks names up among its classes: nothing but a code that it lists may get there.
    if not re.fullmatch(r"[A-Z]{2}", country) or country not in _parts_by_country():
        raise Unprocessable(CompanyFault.NO_HOLIDAYS_KNOWN, field="country")


def read_subdivision(country: str, text: str) -> str:
    """The library's code for the part that ``text`` means: ``BY``, ``DE-BY`` (ISO 3166-2), ``by`` or ``Bayern``. Raises
    :class:`Unprocessable`."""
    wanted = text.strip().upper().removeprefix(f"{country}-")
    parts = _parts_by_country()[country]
    aliases: dict[str, str] = getattr(getattr(holidays, country), "subdivisions_aliases", {})
    known = {alias.upper(): code for alias, code in aliases.items()} | {code.upper(): code for code in parts}
    code = known.get(wanted) or _OF_ISO.get((country, wanted))
    if code is None or code not in parts:
        raise Unprocessable(UnknownSubdivision(country, tuple(sorted(parts)[:_NAMED_AT_MOST])), field="subdivision")
    return code


def days_of_parts(country: str, today: date, language: str) -> list[DayOfParts]:
    """The days of the next thirteen months on which the parts of a country differ, in their order; named as in
    :func:`national_holidays`."""
    last = today + timedelta(days=_DAYS_AHEAD)
    return [one for one in _days_of_parts(country, today.year, last.year, language) if today <= one.day <= last]


@lru_cache(maxsize=64)
def _days_of_parts(country: str, first_year: int, last_year: int, language: str) -> Sequence[DayOfParts]:
    parts, years = _parts_by_country()[country], range(first_year, last_year + 1)
    national = _named_days(country, None, years, language)
    names: dict[date, str] = {}
    closed_in: dict[date, list[str]] = {}
    for part in sorted(parts):
        for day, name in _named_days(country, part, years, language).items():
            names.setdefault(day, name)
            closed_in.setdefault(day, []).append(part)
    return [
        DayOfParts(day, names[day], tuple(closed_in[day]), day in national)
        for day in sorted(closed_in)
        if day not in national or len(closed_in[day]) < len(parts)
    ]


@lru_cache(maxsize=1)
def _parts_by_country() -> dict[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=True)
