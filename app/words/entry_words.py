"""Entries of the lists as people read them: numbers grouped, and what is left open shown as such."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Final

import phonenumbers
from babel.numbers import format_decimal
from phonenumbers import AsYouTypeFormatter, PhoneNumberFormat, PhoneNumberType

from app.base.language import gettext as _
from app.base.language import locale
from app.words.number_words import country_words, grouped
from filters.number import country_of
from filters.pattern import Pattern, PatternKind

_OPEN: Final = "•"
_KINDS: Final = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.VOIP)


@dataclass(frozen=True, slots=True)
class EntryWords:
    """``names`` is what the entry names; ``reach`` how much that is, empty for one number."""

    names: str
    reach: str = ""


def entry_words(pattern: Pattern) -> EntryWords:
    """``+33 6 39 98 00 01``; ``+33 1 62 •• •• ••`` and ``1,000,000 numbers``; a country by its name."""
    match pattern.kind:
        case PatternKind.EXACT:
            return EntryWords(grouped(pattern.number))
        case PatternKind.PREFIX:
            return EntryWords(masked(pattern.number), _reach(open_digits(pattern.number)))
        case PatternKind.RANGE:
            last = pattern.to or pattern.number
            size = int(last) - int(pattern.number) + 1
            return EntryWords(f"{grouped(pattern.number)} – {grouped(last)}", numbers_in_words(size))
        case PatternKind.COUNTRY:
            return EntryWords(country_words(pattern.number), _("every number of the country"))


def sample_number(pattern: Pattern) -> str:
    """A number that the entry names, to try it with."""
    match pattern.kind:
        case PatternKind.PREFIX:
            return pattern.number + "0" * open_digits(pattern.number)
        case PatternKind.COUNTRY:
            example = phonenumbers.example_number(pattern.number)
            return str(phonenumbers.format_number(example, PhoneNumberFormat.E164)) if example else ""
        case _:
            return pattern.number


def _reach(digits: int) -> str:
    return numbers_in_words(10**digits) if digits else ""


def numbers_in_words(count: int) -> str:
    """``1,000,000 numbers``."""
    return _("%(count)s numbers", count=format_decimal(count, locale=locale()))


def open_digits(prefix: str) -> int:
    """How many digits a number that begins with ``prefix`` has behind it, going by an ordinary number of the country."""
    return max(0, _usual_length(prefix) - len(prefix))


@lru_cache(maxsize=4096)
def masked(prefix: str) -> str:
    """``+33 1 62 •• •• ••`` for the prefix ``+33162``."""
    missing = open_digits(prefix)
    if not missing:
        return f"{begun(prefix)}…"
    left, shown = len(prefix) - 1, []
    for character in grouped(prefix + "0" * missing):
        if character.isdigit():
            shown.append(character if left > 0 else _OPEN)
            left -= 1
        else:
            shown.append(character)
    return "".join(shown)


@lru_cache(maxsize=4096)
def begun(prefix: str) -> str:
    """``+33 1 62`` for the beginning ``+33162`` of a number."""
    formatter, text = AsYouTypeFormatter("ZZ"), prefix
    for character in prefix:
        text = formatter.input_digit(character)
    return str(text).strip()


@lru_cache(maxsize=1024)
def _usual_length(prefix: str) -> int:
    """Characters of a number that begins so, its plus included: of the kind of number in that country whose example has
    most digits in common with it."""
    region = country_of(prefix)
    if region is None:
        return 0
    examples = [
        phonenumbers.format_number(one, PhoneNumberFormat.E164)
        for kind in _KINDS
        if (one := phonenumbers.example_number_for_type(region, kind)) is not None
    ]
    alike = max(examples, key=lambda one: _alike(one, prefix), default="")
    return len(alike)


def _alike(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
