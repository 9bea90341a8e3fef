"""Numbers as people read them."""

from functools import lru_cache

import phonenumbers
from babel import Locale
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from filters.number import country_of

_ENGLISH = Locale("en")
_TYPES = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed line",
    PhoneNumberType.TOLL_FREE: "toll-free number",
    PhoneNumberType.PREMIUM_RATE: "premium-rate number",
    PhoneNumberType.VOIP: "internet number",
}


@lru_cache(maxsize=4096)
def grouped(e164: str) -> str:
    """``+33 6 39 98 00 01``: the international form of ITU-T E.123."""
    try:
        return str(phonenumbers.format_number(phonenumbers.parse(e164, None), PhoneNumberFormat.INTERNATIONAL))
    except phonenumbers.NumberParseException:
        return e164


@lru_cache(maxsize=4096)
def origin(e164: str) -> str:
    """What a number tells about a stranger: ``mobile · Spain``."""
    try:
        kind = _TYPES.get(phonenumbers.number_type(phonenumbers.parse(e164, None)), "")
    except phonenumbers.NumberParseException:
        kind = ""
    country = _ENGLISH.territories.get(country_of(e164) or "", "")
    return " · ".join(word for word in (kind, country) if word)


def language_name(code: str) -> str:
    """``French`` for ``fr``; empty for a code that nobody knows."""
    return str(_ENGLISH.languages.get(code.partition("-")[0].lower(), ""))
