"""A telephone number as written by people and providers, read into E.164.

E.164 (ITU-T) is ``+``, a country calling code and at most 15 digits in all. Numbers already in that form take a
fast path that never calls ``phonenumbers``; everything else is read with the called line's country and cached.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import Final

import phonenumbers

E164: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
SHORT_CODE: Final = re.compile(r"[0-9*#]{2,6}", re.ASCII)

_CALLING_CODES: Final = frozenset(str(code) for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
# Mexico dropped the mobile "1" after +52, and the trunk prefixes 01, 044 and 045, in 2019 (IFT); the old spellings still
# arrive and are one subscriber.
_MEXICAN_MOBILE: Final = re.compile(r"\+521([2-9][0-9]{9})")
_MEXICAN_TRUNK: Final = re.compile(r"(?:01|04[45])([2-9][0-9]{9})")
_TRUNK_DIGITS: Final = {"1": "01", "7": "08", "370": "08", "375": "08", "692": "01", "993": "08"}
"""The digits that may be a trunk prefix after a calling code, where there are others than zero."""
_TWO_SPELLINGS: Final = frozenset({"52", "54", "261", "378", "672"})
"""Mexico, Argentina; and Madagascar, San Marino and Norfolk Island, where an area code may be left out."""
_ADDRESS: Final = re.compile(r"@|^(?:sips?|client|whatsapp):", re.IGNORECASE)


class NumberFault(StrEnum):
    """What keeps a text from being read as a telephone number."""

    TOO_LONG = "too_long"
    AN_ADDRESS = "an_address"
    SHORT_CODE = "short_code"
    NOT_A_NUMBER = "not_a_number"


class NumberUnreadable(ValueError):
    """The text is not a telephone number of ``country`` (ISO 3166 alpha-2), the country it was read for. ``text`` is what
    was typed, without the spaces around it."""

    def __init__(self, fault: NumberFault, text: str, country: str) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.text = text
        self.country = country


class ShortCode(NumberUnreadable):
    """A service number such as 112 or 3949: real, but without an E.164 form (``parse("112", "ES")`` invents +34112)."""

    def __init__(self, text: str, country: str) -> None:
        super().__init__(NumberFault.SHORT_CODE, text, country)


def calling_code(e164: str) -> str | None:
    """The country calling code, without the plus, that an E.164 number begins with; None when no country has it."""
    for length in (1, 2, 3):
        code = e164[1 : 1 + length]
        if code in _CALLING_CODES:
            return code
    return None


def is_canonical(text: str) -> bool:
    """Whether ``text`` is E.164 already and can be used as it stands.

    A zero after the calling code may be a trunk prefix to drop (+44 0161…, +7 8 912…) or part of the number (+39 06…),
    and a few countries have two spellings of one number; those are left to :func:`read_number`.
    """
    if not E164.fullmatch(text):
        return False
    code = calling_code(text)
    return code is not None and code not in _TWO_SPELLINGS and text[1 + len(code)] not in _TRUNK_DIGITS.get(code, "0")


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
        raise NumberUnreadable(NumberFault.TOO_LONG, cleaned, country)
    if _ADDRESS.search(cleaned):
        raise NumberUnreadable(NumberFault.AN_ADDRESS, cleaned, country)
    if SHORT_CODE.fullmatch(cleaned):
        raise ShortCode(cleaned, country)
    for attempt, must_be_valid in _attempts(cleaned, country):
        try:
            parsed = phonenumbers.parse(attempt, country)
        except phonenumbers.NumberParseException:
            continue
        e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if (mexican := _MEXICAN_MOBILE.fullmatch(e164)) is not None:
            return f"+52{mexican[1]}"
        if E164.fullmatch(e164) and (phonenumbers.is_valid_number(parsed) if must_be_valid else _is_possible(parsed)):
            return e164
    raise NumberUnreadable(NumberFault.NOT_A_NUMBER, cleaned, country)


def _attempts(cleaned: str, country: str) -> list[tuple[str, bool]]:
    """The readings to try in order, and whether only a number of the country's own plan will do for it."""
    digits = re.sub(r"[^0-9]", "", cleaned)
    bare = cleaned.lstrip("+( ")
    own = str(phonenumbers.country_code_for_region(country))
    attempts = [(cleaned, True)]
    if digits.startswith("00"):
        # 00 is the ITU-T international prefix (E.123); phonenumbers knows only the one of the given country.
        attempts.insert(0, (re.sub("0[^0-9]*0", "+", bare, count=1), True))
    if country == "MX" and (mexican := _MEXICAN_TRUNK.fullmatch(digits)) is not None:
        attempts.append((f"+52{mexican[1]}", True))
    if digits.startswith(own):
        # E.164 without its plus goes before a number that is merely possible; and before any national one where those
        # are written with a trunk zero, as in Germany, where 4915123456789 could be either.
        attempts.insert(0 if _trunk_prefix(country) == "0" else len(attempts), (f"+{bare}", True))
    attempts += [(cleaned, False), (f"+{bare}", True)]
    if digits.startswith("011"):
        attempts.append((re.sub("0[^0-9]*1[^0-9]*1", "+", bare, count=1), True))
    return attempts


def _trunk_prefix(country: str) -> str:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country)
    return (metadata.national_prefix if metadata else None) or ""


def _is_possible(parsed: phonenumbers.PhoneNumber) -> bool:
    """Whether a number may exist, which newly opened ranges need; a local number without its area code does not count,
    because an area would have to be invented for it."""
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    return bool(reason == phonenumbers.ValidationResult.IS_POSSIBLE)


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
