"""A telephone number as written by people and providers, read into E.164.

E.164 (ITU-T) is ``+``, a country calling code and at most 15 digits in all. Numbers already in that form take a
fast path that never calls ``phonenumbers``; everything else is read with the called line's country and cached.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import phonenumbers

E164: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
SHORT_CODE: Final = re.compile(r"[0-9*#]{2,6}", re.ASCII)

_CALLING_CODES: Final = frozenset(str(code) for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
# Mexico dropped the mobile "1" after +52 in 2019 (IFT); both spellings still arrive and are one subscriber.
_MEXICAN_MOBILE: Final = re.compile(r"\+521([2-9][0-9]{9})")


class NumberUnreadable(ValueError):
    """The text is not a telephone number; ``str()`` of it is one sentence with the remedy."""


class ShortCode(NumberUnreadable):
    """A service number such as 112 or 3949: real, but without an E.164 form (``parse("112", "ES")`` invents +34112)."""


def calling_code(e164: str) -> str | None:
    """The country calling code, without the plus, that an E.164 number begins with; None when no country has it."""
    for length in (1, 2, 3):
        code = e164[1 : 1 + length]
        if code in _CALLING_CODES:
            return code
    return None


def is_canonical(text: str) -> bool:
    """Whether ``text`` is E.164 already and can be used as it stands.

    A zero after the calling code may be a trunk prefix to drop (+44 0161…) or part of the number (+39 06…), and
    +52 1 has two spellings; those three are left to :func:`read_number`.
    """
    if not E164.fullmatch(text):
        return False
    code = calling_code(text)
    return code is not None and code != "52" and text[1 + len(code)] != "0"


def read_number(text: str, country: str) -> str:
    """Read ``text`` as a number dialled in ``country`` (ISO 3166 alpha-2) and return it as E.164.

    Accepts international forms (``+``, ``00``, ``011``), national forms, E.164 without its plus, separators and
    extensions (which are dropped).

    Raises :class:`ShortCode` for service numbers and :class:`NumberUnreadable` for anything else that is no number.
    """
    if is_canonical(text):
        return text
    return _read(text, country)


@lru_cache(maxsize=65_536)
def _read(text: str, country: str) -> str:
    cleaned = unicodedata.normalize("NFKC", text).strip()
    if len(cleaned) > 60:
        raise NumberUnreadable("This is too long for a telephone number; write it like +33612345678.")
    digits = re.sub(r"[^0-9]", "", cleaned)
    if SHORT_CODE.fullmatch(cleaned):
        raise ShortCode(f"{cleaned} is a short service number; lists take full numbers such as +33612345678.")
    # 00 is the ITU-T international prefix (E.123); phonenumbers knows only the one of the given country.
    attempts = [cleaned, "+" + digits.removeprefix("00") if digits.startswith("00") else "+" + digits]
    for position, attempt in enumerate(attempts):
        try:
            parsed = phonenumbers.parse(attempt, country)
        except phonenumbers.NumberParseException:
            continue
        accepts = phonenumbers.is_possible_number if position == 0 else phonenumbers.is_valid_number
        e164 = _without_mexican_mobile_one(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
        if (accepts(parsed) or e164 != phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)) and (
            E164.fullmatch(e164)
        ):
            return e164
    raise NumberUnreadable(
        f"This is not a telephone number for {country}; write it in international form, like +33612345678."
    )


def _without_mexican_mobile_one(e164: str) -> str:
    return _MEXICAN_MOBILE.sub(r"+52\1", e164) if _MEXICAN_MOBILE.fullmatch(e164) else e164


@lru_cache(maxsize=65_536)
def country_of(e164: str) -> str | None:
    """The country (ISO 3166 alpha-2) of an E.164 number; None for international services such as +882.

    Calling codes of one country are answered from a table; shared ones (+1, +7, +44…) need ``phonenumbers``.
    """
    code = calling_code(e164)
    if code is None:
        return None
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(code)]
    if len(regions) == 1:
        return None if regions[0] == "001" else str(regions[0])
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(e164, None))
    except phonenumbers.NumberParseException:
        return None
    return str(region or regions[0])
