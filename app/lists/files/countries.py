"""The country column of a file: ISO codes, names in a dozen languages, calling codes."""

import unicodedata
from functools import cache, lru_cache
from typing import Final

import phonenumbers
from babel import Locale

_LANGUAGES: Final = ("en", "fr", "es", "ru", "de", "it", "pt", "nl", "pl", "uk", "tr", "sv")
_ALSO: Final = {
    "UK": "GB", "ENGLAND": "GB", "GREAT BRITAIN": "GB", "USA": "US", "U.S.A.": "US", "UNITED STATES OF AMERICA": "US",
    "HOLLAND": "NL", "RUSSIAN FEDERATION": "RU", "CZECH REPUBLIC": "CZ", "RF": "RU", "BRD": "DE",
    "DEU": "DE", "FRA": "FR", "ITA": "IT", "ESP": "ES", "GBR": "GB", "RUS": "RU", "CHE": "CH", "AUT": "AT", "BEL": "BE",
    "NLD": "NL", "POL": "PL", "PRT": "PT", "CAN": "CA", "MEX": "MX", "BRA": "BR", "UKR": "UA", "IRL": "IE", "SWE": "SE",
}  # fmt: skip


@lru_cache(maxsize=1024)
def country_named(text: str) -> str | None:
    """The ISO 3166 alpha-2 code that a cell means: ``DE``, ``Germany``, ``Allemagne``, ``+49``; None when it means none."""
    plain = _folded(text)
    digits = plain.lstrip("+").removeprefix("00") if plain[:1] in "+0" else plain
    if digits.isdecimal():
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:4]), ())
        return next((one for one in regions if one != "001"), None)
    code = _ALSO.get(plain, plain)
    if code in phonenumbers.SUPPORTED_REGIONS:
        return code
    return _names().get(plain)


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in phonenumbers.SUPPORTED_REGIONS:
                names.setdefault(_folded(name), code)
    return names


def _folded(text: str) -> str:
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(plain.upper().replace("-", " ").split())
