"""Where a company or a line is: country, time zone and language, checked the same way wherever they are entered."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from app.base.errors import Unprocessable
from app.base.language import LANGUAGES
from app.base.problems.edits import EditFault, LanguageNotSpoken
from app.plan.rows import Row


def check_place(fields: Row) -> None:
    """Check those of ``country``, ``time_zone`` and ``language`` that ``fields`` holds; the country is put in capitals.

    Raises :class:`Unprocessable`.
    """
    if "country" in fields:
        fields["country"] = read_country(fields["country"])
    if "time_zone" in fields:
        check_time_zone(fields["time_zone"])
    if "language" in fields:
        check_language(fields["language"])


def read_country(text: str) -> str:
    """An ISO 3166 alpha-2 code with a numbering plan. Raises :class:`Unprocessable`."""
    code = text.strip().upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise Unprocessable(EditFault.COUNTRY_UNKNOWN, field="country")
    return code


def check_time_zone(name: str) -> None:
    """Raises :class:`Unprocessable` for anything but an IANA time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unprocessable(EditFault.TIME_ZONE_UNKNOWN, field="time_zone") from None


def check_language(language: str | None) -> None:
    """Raises :class:`Unprocessable` for a language that we do not speak."""
    if language is not None and language not in LANGUAGES:
        raise Unprocessable(LanguageNotSpoken(tuple(LANGUAGES)), field="language")
