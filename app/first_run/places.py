"""Countries and time zones to choose from, for whoever is where the browser says."""

from typing import Final
from zoneinfo import available_timezones

import phonenumbers
from babel.core import get_global

from app.base.language import locale

_LIKELY: Final = {"fr": "FR", "es": "ES", "ru": "RU", "en": "GB"}


def countries() -> list[tuple[str, str]]:
    """Those that have telephone numbers, by their names in the reader's language."""
    names = locale().territories
    return sorted(
        ((code, str(names.get(code, code))) for code in phonenumbers.SUPPORTED_REGIONS),
        key=lambda one: one[1].casefold(),
    )


def zones() -> list[str]:
    """IANA names of places."""
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))


def likely_country(languages: str) -> str:
    """The country in a browser's ``Accept-Language`` (``fr-CH,fr;q=0.9`` is CH), else one where the language is spoken."""
    first = languages.partition(",")[0].partition(";")[0].strip()
    language, _dash, region = first.partition("-")
    return region.upper() if region.upper() in phonenumbers.SUPPORTED_REGIONS else _LIKELY.get(language.lower(), "")


def zones_of(country: str) -> list[str]:
    """The time zones of a country, in no order that means anything."""
    found: list[str] = get_global("territory_zones").get(country, [])
    return found


def likely_zone(country: str) -> str:
    """The time zone of a country that has one only. Of several none is likely: the first by name is America/Adak, and hours
    would be kept by it without anybody having chosen it."""
    found = zones_of(country)
    return found[0] if len(found) == 1 else ""
