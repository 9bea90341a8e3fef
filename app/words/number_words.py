"""Numbers as people read them, in the language of whoever looks."""

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from app.base.language import gettext as _
from app.base.language import language, locale
from filters.number import country_of


@lru_cache(maxsize=4096)
def grouped(e164: str) -> str:
    """``+33 6 39 98 00 01``: the international form of ITU-T E.123."""
    try:
        return str(phonenumbers.format_number(phonenumbers.parse(e164, None), PhoneNumberFormat.INTERNATIONAL))
    except phonenumbers.NumberParseException:
        return e164


def origin(e164: str) -> str:
    """What a number tells about a stranger: ``mobile · Spain``."""
    return _origin(e164, language())


def language_name(code: str) -> str:
    """``French`` for ``fr``; empty for a code that nobody knows."""
    return str(locale().languages.get(code.partition("-")[0].lower(), ""))


def country_words(code: str) -> str:
    """``France`` for ``FR`` (ISO 3166 alpha-2); the code itself when nobody knows it."""
    return str(locale().territories.get(code, code))


@lru_cache(maxsize=4096)
def _origin(e164: str, spoken: str) -> str:
    country = locale().territories.get(country_of(e164) or "", "")
    return " · ".join(word for word in (_kind(e164), country) if word)


def _kind(e164: str) -> str:
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(e164, None))
    except phonenumbers.NumberParseException:
        return ""
    match kind:
        case PhoneNumberType.MOBILE:
            return _("mobile")
        case PhoneNumberType.FIXED_LINE:
            return _("landline")
        case PhoneNumberType.TOLL_FREE:
            return _("toll-free number")
        case PhoneNumberType.PREMIUM_RATE:
            return _("premium-rate number")
        case PhoneNumberType.VOIP:
            return _("VoIP number")
        case _:
            return ""
