"""What a list entry names: one number, a prefix, a range of numbers or a country. The most specific match wins."""

import re
from enum import StrEnum
from typing import Final, NamedTuple

import phonenumbers

from filters.number import (
    NumberFault,
    NumberUnreadable,
    calling_code,
    country_of,
    read_long_number,
    read_number,
    trunk_prefix,
)
from filters.number_plan import begins_a_number
from filters.visible_text import visible

EXACT_SPECIFICITY: Final = 100
_MEXICAN_TRUNK: Final = re.compile(r"^(?:01|04[45])")
"""What was dialled before Mexican numbers until 2019 (IFT)."""


class PatternKind(StrEnum):
    """The four forms of an entry; there are no regular expressions, by decision."""

    EXACT = "exact"
    PREFIX = "prefix"
    RANGE = "range"
    COUNTRY = "country"


class PatternFault(StrEnum):
    """What keeps an entry from naming anything, its numbers apart (:class:`filters.number.NumberFault`)."""

    END_WITHOUT_RANGE = "end_without_range"
    RANGE_WITHOUT_END = "range_without_end"
    RANGE_UNEVEN = "range_uneven"
    RANGE_ACROSS_COUNTRIES = "range_across_countries"
    NOT_A_COUNTRY = "not_a_country"
    PREFIX_NOT_DIGITS = "prefix_not_digits"
    PREFIX_WITHOUT_CALLING_CODE = "prefix_without_calling_code"
    PREFIX_IS_A_COUNTRY = "prefix_is_a_country"
    PREFIX_OF_NO_NUMBER = "prefix_of_no_number"


class PatternUnreadable(ValueError):
    """The entry names nothing. ``field`` (``number`` or ``to``) holds the ``text`` at fault, which was read for ``country``
    (ISO 3166 alpha-2)."""

    def __init__(self, field: str, fault: PatternFault | NumberFault, text: str, country: str) -> None:
        super().__init__(fault.value)
        self.field = field
        self.fault = fault
        self.text = text
        self.country = country


class Pattern(NamedTuple):
    """``number`` is E.164 (exact, prefix, first of a range) or ISO 3166 alpha-2 (country); ``to`` ends a range."""

    kind: PatternKind
    number: str
    to: str | None = None

    @property
    def specificity(self) -> int:
        """How narrow the pattern is: exact numbers above everything, then the count of digits it fixes, country last.

        A range fixes as many digits as the prefix that would cover equally many numbers.
        """
        match self.kind:
            case PatternKind.EXACT:
                return EXACT_SPECIFICITY
            case PatternKind.COUNTRY:
                return 0
            case PatternKind.PREFIX:
                return len(self.number) - 1
            case PatternKind.RANGE:
                size = int(self.to or self.number) - int(self.number) + 1
                return len(self.number) - 1 - len(str(size - 1)) if size > 1 else len(self.number) - 1

    def covers(self, e164: str) -> bool:
        """Whether the pattern names this E.164 number."""
        match self.kind:
            case PatternKind.EXACT:
                return e164 == self.number
            case PatternKind.PREFIX:
                return e164.startswith(self.number)
            case PatternKind.RANGE:
                return len(e164) == len(self.number) and self.number <= e164 <= (self.to or self.number)
            case PatternKind.COUNTRY:
                return country_of(e164) == self.number

    def __str__(self) -> str:
        """In signs of no language, for logs and scripts: ``+33612345678``, ``+33899*``, ``+33100-+33199``, ``FR``."""
        match self.kind:
            case PatternKind.EXACT | PatternKind.COUNTRY:
                return self.number
            case PatternKind.PREFIX:
                return f"{self.number}*"
            case PatternKind.RANGE:
                return f"{self.number}-{self.to}"


def read_pattern(kind: PatternKind, number: str, to: str | None, country: str) -> Pattern:
    """Read an entry as typed; national forms are read with ``country``. Raises :class:`PatternUnreadable`."""
    if kind is not PatternKind.RANGE and to is not None:
        raise PatternUnreadable("to", PatternFault.END_WITHOUT_RANGE, to, country)
    match kind:
        case PatternKind.EXACT:
            return Pattern(kind, _long(number) or _number("number", number, country))
        case PatternKind.PREFIX:
            return Pattern(kind, _prefix(number, country))
        case PatternKind.COUNTRY:
            code = number.strip().upper()
            if code not in phonenumbers.SUPPORTED_REGIONS:
                raise PatternUnreadable("number", PatternFault.NOT_A_COUNTRY, code, country)
            return Pattern(kind, code)
        case PatternKind.RANGE:
            return _range(number, to, country)


def _long(text: str) -> str | None:
    """A caller with more digits than E.164 has, written in one: with signs between them it could be two numbers."""
    written = visible(text[:1000]).strip()
    return read_long_number(written) if re.fullmatch(r"\+?[0-9]+", written) else None


def _number(field: str, text: str, country: str) -> str:
    try:
        return read_number(text, country)
    except NumberUnreadable as error:
        raise PatternUnreadable(field, error.fault, error.text, country) from error


def _range(number: str, to: str | None, country: str) -> Pattern:
    if to is None:
        raise PatternUnreadable("to", PatternFault.RANGE_WITHOUT_END, "", country)
    first, last = _number("number", number, country), _number("to", to, country)
    if len(first) != len(last) or first > last:
        raise PatternUnreadable("to", PatternFault.RANGE_UNEVEN, last, country)
    if calling_code(first) != calling_code(last):
        raise PatternUnreadable("to", PatternFault.RANGE_ACROSS_COUNTRIES, last, country)
    return Pattern(PatternKind.RANGE, first, last)


def _prefix(text: str, country: str) -> str:
    typed = visible(text[:1000]).strip().removesuffix("*")
    if re.search(r"[^0-9+ .()/\-]", typed) or not re.search("[0-9]", typed):
        raise PatternUnreadable("number", PatternFault.PREFIX_NOT_DIGITS, typed, country)
    digits = re.sub(r"[^0-9+]", "", typed)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not digits.startswith("+"):
        digits = _national(digits, country)
    code = calling_code(digits)
    if digits == f"+{code}":
        raise PatternUnreadable("number", PatternFault.PREFIX_IS_A_COUNTRY, digits, country)
    if code is None or not re.fullmatch(r"\+[1-9][0-9]{1,14}", digits):
        raise PatternUnreadable("number", PatternFault.PREFIX_WITHOUT_CALLING_CODE, digits, country)
    return _as_numbers_begin(digits, code, country)


def _national(digits: str, country: str) -> str:
    own = str(phonenumbers.country_code_for_region(country))
    trunk = trunk_prefix(country)
    if country == "MX":
        return f"+{own}{_MEXICAN_TRUNK.sub('', digits, count=1)}"
    if trunk and digits.startswith(trunk):
        return f"+{own}{digits[len(trunk) :]}"
    # A national prefix is written with its trunk zero, so without one this is a calling code without its plus.
    return f"+{digits}" if trunk == "0" and digits.startswith(own) else f"+{own}{digits}"


def _as_numbers_begin(digits: str, code: str, country: str) -> str:
    """The prefix as the plan's numbers begin today. A trunk prefix that stayed behind the calling code, as in +33 (0)162,
    and the "1" that Mexico dropped are left out, as in whole numbers."""
    if begins_a_number(digits):
        return digits
    national = digits[1 + len(code) :]
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(code)][:1]:
        trunk = "1" if region == "MX" else trunk_prefix(region)
        rest = national.removeprefix(trunk)
        if trunk and rest != national:
            if not rest:
                raise PatternUnreadable("number", PatternFault.PREFIX_IS_A_COUNTRY, f"+{code}", country)
            if begins_a_number(f"+{code}{rest}"):
                return f"+{code}{rest}"
    raise PatternUnreadable("number", PatternFault.PREFIX_OF_NO_NUMBER, digits, country)
