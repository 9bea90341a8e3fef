"""What somebody searches for, in the one form in which names and numbers are compared: in memory and in the database."""

import contextlib
import re
import unicodedata
from typing import Final

from phonenumbers import PhoneMetadata
from sqlalchemy import ColumnElement, and_, func, literal_column, or_
from sqlalchemy.orm import InstrumentedAttribute

from filters.number import NumberUnreadable, read_number
from filters.visible_text import visible

AT_BEGINNING: Final = "\n"
"""Marks digits that a number must begin with."""
_FEWEST_DIGITS: Final = 2
_WITHOUT_ACCENT: Final = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss",
}  # fmt: skip
_TO_PLAIN: Final = str.maketrans(_WITHOUT_ACCENT)
_SINGLE: Final = {letter: plain for letter, plain in _WITHOUT_ACCENT.items() if len(plain) == 1}
_CAPITALS: Final = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЄҐАΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩŁØĐÐĦÆŒÞ"
_MARKS: Final = "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f]"


def folded(text: str) -> str:
    """``text`` without case and accents, so that ``lucia`` finds ``Lucía`` and ``петр`` finds ``Пётр``."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return plain.translate(_TO_PLAIN)


def has_folded(column: InstrumentedAttribute[str] | ColumnElement[str], wanted: str) -> ColumnElement[bool]:
    """Rows whose ``column`` has ``wanted``, which is :func:`folded`. ``unaccent`` is an extension that hosts may lack, and
    ``lower`` knows only ASCII in some databases; most text is ASCII, and needs neither."""
    plain: ColumnElement[str] = func.lower(func.normalize(column, literal_column("NFKD")))
    letters = _CAPITALS + "".join(_SINGLE)
    plain = func.translate(plain, letters, _CAPITALS.lower().translate(_TO_ONE) + "".join(_SINGLE.values()))
    plain = func.regexp_replace(plain, _MARKS, "", "g")
    for letter, several in _WITHOUT_ACCENT.items():
        if len(several) > 1:
            plain = func.replace(plain, letter, several)
    odd = func.octet_length(column) != func.char_length(column)
    return or_(column.icontains(wanted, autoescape=True), and_(odd, plain.contains(wanted, autoescape=True)))


_TO_ONE: Final = str.maketrans(_SINGLE)


def search_words(text: str, country: str) -> list[frozenset[str]]:
    """What has to be found, each in any of its spellings; ``country`` (ISO alpha-2) is where numbers are dialled. Text
    without a letter is one number."""
    if not any(one.isalpha() for one in text) and len(re.sub(r"\D", "", text)) >= _FEWEST_DIGITS:
        return [digit_spellings(text, country)]
    return [
        digit_spellings(word, country) if word.isdecimal() and len(word) >= _FEWEST_DIGITS else frozenset({word})
        for word in folded(text).split()
    ]


def digit_spellings(number: str, country: str) -> frozenset[str]:
    """The digits of a number or of a part of one, with and without what is dialled before it. Those that only stand where a
    number begins have :data:`AT_BEGINNING` before them."""
    number = visible(number).strip()
    digits = "".join(one for one in number if one.isdecimal())
    if number.startswith("+"):
        return frozenset({f"{AT_BEGINNING}{digits}"})
    spellings = {digits}
    if digits.startswith("00"):
        spellings.add(f"{AT_BEGINNING}{digits[2:]}")
    dialled_in = PhoneMetadata.metadata_for_region(country, None)
    if dialled_in is not None and dialled_in.national_prefix:
        spellings.add(digits.removeprefix(dialled_in.national_prefix))
    with contextlib.suppress(NumberUnreadable):
        spellings.add(read_number(number, country).removeprefix("+"))
    return frozenset(spellings - {""}) or frozenset({digits})
