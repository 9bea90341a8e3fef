"""A telephone number as written by people and providers, read into E.164.

E.164 (ITU-T) is ``+``, a country calling code and at most 15 digits in all. Numbers already in that form take a
fast path that never calls ``phonenumbers``; everything else is read with the called line's country and cached.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

import phonenumbers

from filters.no_caller import NO_CALLER_DIGITS, no_caller_in_digits
from filters.visible_text import visible

E164: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_MANY_E164: Final = re.compile(rf"{E164.pattern}(?:\n{E164.pattern})*", re.ASCII)
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
_SCHEME: Final = re.compile(r"tel:(?://)?", re.IGNORECASE)
# pandas and other programs keep a column with a gap as floating point numbers; spreadsheets shorten long ones.
_DECIMAL: Final = re.compile(r"\+?[0-9]{6,}[.,]0{1,2}", re.ASCII)
_SCIENTIFIC: Final = re.compile(r"[+\-]?[0-9](?:[.,][0-9]+)? ?e ?\+?[0-9]{1,2}", re.ASCII | re.IGNORECASE)
_DIGITS_AND_SIGNS: Final = re.compile(r"[0-9+().\[\]/~*\- ]+", re.ASCII)
_EXTENSION: Final = re.compile(
    r"(?P<number>[0-9+().\[\]/~*\- ]*[0-9)] ?)"
    r"(?:;ext=|[,;]+ ?|[,;]? ?(?:x|xtn?|ext(?:n|ension)?|int|anexo|доб|#)[.:]? ?)[0-9]{1,8}#?",
    re.IGNORECASE,
)
_BEFORE_ANOTHER: Final = re.compile(r"[/|]|[,;&] ?(?=[+(0-9](?:[^0-9]*[0-9]){5})|(?<=[0-9)]) *(?=\+)", re.ASCII)
"""Where a second number may begin. A slash stands inside numbers too: after 0711 in 0711/123-0."""
_LONGEST_TYPED: Final = 300
_LONGEST_DIALLED: Final = 60
LONG: Final = re.compile(r"\+[1-9][0-9]{15,39}", re.ASCII)
"""More digits than E.164 allows, as some networks send them; there is no such number, but there are such callers."""


class NumberFault(StrEnum):
    """What keeps a text from being read as a telephone number."""

    TOO_LONG = "too_long"
    AN_ADDRESS = "an_address"
    SHORT_CODE = "short_code"
    NOT_A_NUMBER = "not_a_number"
    TWO_NUMBERS = "two_numbers"
    DECIMAL = "decimal"
    """A program has made it a floating point number, which ends in ``.0``."""
    SCIENTIFIC = "scientific"
    """A spreadsheet has shortened it to ``4.479E+11``: the digits are gone."""
    LEADING_ZERO_LOST = "leading_zero_lost"
    """No number of the country, but with a zero before it one, as in Italy, where the zero belongs to the number."""
    NO_CALLER = "no_caller"
    """What networks send when there is no caller ID: no call can ever show it as a number."""


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
    and a few countries have two spellings of one number; those are left to :func:`read_number`. So is what stands for no
    caller ID at all.
    """
    return E164.fullmatch(text) is not None and text not in NO_CALLER_DIGITS and _begins_canonically(text[:5])


def are_canonical(texts: Sequence[str]) -> bool:
    """Whether :func:`is_canonical` holds for each of ``texts``: in a fraction of the time for thousands of them."""
    return (
        are_e164(texts)
        and NO_CALLER_DIGITS.isdisjoint(texts)
        and all(map(_begins_canonically, {text[:5] for text in texts}))
    )


def are_e164(texts: Sequence[str]) -> bool:
    """Whether each of ``texts`` has the form of E.164."""
    together = "\n".join(texts)
    return together.count("\n") == max(len(texts) - 1, 0) and (not texts or _MANY_E164.fullmatch(together) is not None)


@cache
def _begins_canonically(beginning: str) -> bool:
    """The same as far as the first five characters tell: there are 9,000 of them, and millions of numbers in a file."""
    code = calling_code(beginning)
    if code is None or code in _TWO_SPELLINGS:
        return False
    return beginning[1 + len(code)] not in _TRUNK_DIGITS.get(code, "0")


def read_number(text: str, country: str) -> str:
    """Read ``text`` as a number dialled in ``country`` (ISO 3166 alpha-2) and return it as E.164.

    Accepts international forms (``+``, ``00``, ``011``, ``tel:``), national forms, E.164 without its plus, separators,
    extensions (which are dropped) and what cannot be seen. Never makes another number of what was typed: where two are
    written, or a program has spoilt one, that is refused.

    Raises :class:`ShortCode` for service numbers and :class:`NumberUnreadable` for anything else that is no number.
    """
    if is_canonical(text):
        return text
    if len(text) > _LONGEST_TYPED:  # and not for the cache
        raise NumberUnreadable(NumberFault.TOO_LONG, text[:_LONGEST_TYPED], country)
    return _read(text, country)


@lru_cache(maxsize=65_536)
def _read(text: str, country: str) -> str:
    cleaned = visible(text).strip()
    if len(cleaned) > _LONGEST_DIALLED:
        raise NumberUnreadable(NumberFault.TOO_LONG, cleaned, country)
    if _ADDRESS.search(cleaned):
        raise NumberUnreadable(NumberFault.AN_ADDRESS, cleaned, country)
    dialled = _SCHEME.sub("", cleaned, count=1) if _SCHEME.match(cleaned) else cleaned
    if SHORT_CODE.fullmatch(dialled):
        raise ShortCode(cleaned, country)
    if spoilt := _spoilt(dialled):
        raise NumberUnreadable(spoilt, cleaned, country)
    if (extended := _EXTENSION.fullmatch(dialled)) is not None:
        dialled = extended["number"]
    if _holds_two_numbers(dialled, country):
        raise NumberUnreadable(NumberFault.TWO_NUMBERS, cleaned, country)
    e164 = _parsed(dialled, country)
    if no_caller_in_digits(e164 or dialled) or (dialled.startswith("+") and no_caller_in_digits(dialled)):
        raise NumberUnreadable(NumberFault.NO_CALLER, cleaned, country)
    if e164 is None:
        raise NumberUnreadable(NumberFault.NOT_A_NUMBER, cleaned, country)
    if _has_lost_its_zero(dialled, e164):
        raise NumberUnreadable(NumberFault.LEADING_ZERO_LOST, cleaned, country)
    return e164


def _spoilt(dialled: str) -> NumberFault | None:
    if _DECIMAL.fullmatch(dialled):
        return NumberFault.DECIMAL
    return NumberFault.SCIENTIFIC if _SCIENTIFIC.fullmatch(dialled) else None


def _holds_two_numbers(dialled: str, country: str) -> bool:
    """Whether what stands before a separator is a number by itself already."""
    for between in _BEFORE_ANOTHER.finditer(dialled):
        first = dialled[: between.start()].strip()
        if not SHORT_CODE.fullmatch(first) and (e164 := _parsed(first, country)) and is_valid(e164):
            return True
    return False


def _has_lost_its_zero(dialled: str, e164: str) -> bool:
    """Whether a national number is none of the plan, but would be one with the zero that spreadsheets eat."""
    digits = re.sub(r"[^0-9]", "", dialled)
    code = calling_code(e164) or ""
    national = e164[1 + len(code) :]
    return digits == national and digits[0] != "0" and not is_valid(e164) and is_valid(f"+{code}0{national}")


@lru_cache(maxsize=4096)
def is_valid(e164: str) -> bool:
    """Whether the plan of its country has this number, as far as ``phonenumbers`` knows."""
    try:
        parsed = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return False
    # A zero that the library drops as a trunk prefix was no part of the number.
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return bool(written == e164 and phonenumbers.is_valid_number(parsed))


def _parsed(dialled: str, country: str) -> str | None:
    """The first reading that gives a number."""
    dialled = dialled.rstrip("# ")
    if _DIGITS_AND_SIGNS.fullmatch(dialled):
        # The library's own pattern for this takes time by the square of the signs.
        digits = re.sub(r"[^0-9]", "", dialled)
        dialled = f"+{digits}" if dialled.lstrip("([ ").startswith("+") else digits
        if dialled.startswith("000"):
            return None
    elif dialled.count("(") > 2 or not any(one.isalpha() for one in dialled):
        return None
    for attempt, must_be_valid in _attempts(dialled, country):
        try:
            parsed = phonenumbers.parse(attempt, country)
        except phonenumbers.NumberParseException:
            continue
        e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if (mexican := _MEXICAN_MOBILE.fullmatch(e164)) is not None:
            return f"+52{mexican[1]}"
        if E164.fullmatch(e164) and (phonenumbers.is_valid_number(parsed) if must_be_valid else _is_possible(parsed)):
            return str(e164)
    return None


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
        attempts.insert(0 if trunk_prefix(country) == "0" else len(attempts), (f"+{bare}", True))
    attempts += [(cleaned, False), (f"+{bare}", True)]
    if digits.startswith("011"):
        attempts.append((re.sub("0[^0-9]*1[^0-9]*1", "+", bare, count=1), True))
    return attempts


def is_blockable_code(code: str, country: str) -> bool:
    """Whether callers who show this short code can be blocked: digits alone, no emergency service."""
    return (
        code.isdecimal()
        and SHORT_CODE.fullmatch(code) is not None
        and not phonenumbers.is_emergency_number(code, country)
    )


def read_long_number(text: str) -> str | None:
    """The digits of a caller that are more than E.164 allows, behind ``+`` or ``00`` and with a calling code; else None."""
    cleaned = visible(text[:1000]).strip()
    if not _DIGITS_AND_SIGNS.fullmatch(cleaned) or "+" in cleaned.lstrip("([ +"):
        return None
    digits = re.sub(r"[^0-9]", "", cleaned)
    if digits.startswith("00"):
        digits = digits.lstrip("0")
    elif not cleaned.lstrip("([ ").startswith("+"):
        return None
    number = f"+{digits}"
    return number if LONG.fullmatch(number) and calling_code(number) is not None else None


def trunk_prefix(country: str) -> str:
    """What is dialled before a national number within ``country`` (ISO alpha-2): ``0``, ``8``; empty where nothing is."""
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
