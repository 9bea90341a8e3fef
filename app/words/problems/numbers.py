"""What is wrong with a number, a list entry or a time span as it was typed, and what to write instead."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.company import IntervalNotRead
from app.base.problems.numbers import NumberNotRead, NumberProblem, PatternNotRead
from app.words.number_words import country_words, grouped
from filters.number import NumberFault
from filters.pattern import PatternFault
from routing.hours import IntervalFault


def number_words(cause: NumberProblem) -> str:
    """Why a text is not taken for a telephone number, or names nothing as an entry of a list."""
    match cause:
        case NumberNotRead(fault, text, country):
            return _fault_in_number(fault, text, country)
        case PatternNotRead(fault, text, country):
            return _pattern_words(fault, text, country)
        case _:
            assert_never(cause)


def interval_words(cause: IntervalNotRead) -> str:
    """Why a text is not taken for the hours of a day."""
    match cause.fault:
        case IntervalFault.NOT_AN_INTERVAL:
            return _("“%(text)s” is not a time span: write it like 09:00-18:30.", text=cause.text)
        case IntervalFault.EMPTY:
            return _("“%(text)s” is no time at all: for the whole day write 00:00-24:00.", text=cause.text)
        case _:
            assert_never(cause.fault)


def _pattern_words(fault: PatternFault | NumberFault, text: str, country: str) -> str:
    match fault:
        case NumberFault():
            return _fault_in_number(fault, text, country)
        case PatternFault.END_WITHOUT_RANGE:
            return _("Only a range has a last number: leave it out, or choose “range”.")
        case PatternFault.RANGE_WITHOUT_END:
            return _("A range needs its last number.")
        case PatternFault.RANGE_UNEVEN:
            return _("The last number must have as many digits as the first, and must not be lower.")
        case PatternFault.RANGE_ACROSS_COUNTRIES:
            return _("Both ends of a range must be in the same country.")
        case PatternFault.NOT_A_COUNTRY:
            return _("Use a two-letter country code, such as FR or US.")
        case PatternFault.PREFIX_NOT_DIGITS:
            return _("Write a prefix in digits, like +33899.")
        case PatternFault.PREFIX_WITHOUT_CALLING_CODE:
            return _("A prefix must start with a country calling code, like +33899.")
        case PatternFault.PREFIX_IS_A_COUNTRY:
            return _("%(prefix)s is a whole country: choose “country” to list it.", prefix=text)
        case PatternFault.PREFIX_OF_NO_NUMBER:
            return _("No number in the numbering plan starts with %(prefix)s: check the digits.", prefix=text)
        case _:
            assert_never(fault)


def _fault_in_number(fault: NumberFault, text: str, country: str) -> str:
    match fault:
        case NumberFault.TOO_LONG:
            return _("This is too long for a telephone number: write it like %(example)s.", example=_example())
        case NumberFault.AN_ADDRESS:
            return _("This is an address: write a telephone number, like %(example)s.", example=_example())
        case NumberFault.SHORT_CODE:
            return _("%(code)s is a short code: write a full number, like %(example)s.", code=text, example=_example())
        case NumberFault.NOT_A_NUMBER:
            place = country_words(country)
            return _(
                "This is not a telephone number in %(country)s: write it in international form, like %(example)s.",
                country=place, example=_example(),
            )  # fmt: skip
        case NumberFault.TWO_NUMBERS:
            return _("There seem to be two numbers here: write one in each entry.")
        case NumberFault.DECIMAL:
            return _(
                "A program has saved this number as a decimal, with “%(end)s” at its end: remove that, or save the column "
                "as text.",
                end=".0",
            )
        case NumberFault.SCIENTIFIC:
            return _(
                "A spreadsheet has shortened this number and its digits are lost: format the column as text there, enter "
                "the numbers again, and save."
            )
        case NumberFault.LEADING_ZERO_LOST:
            return _("The leading zero seems to be missing: write %(number)s if that is the number.", number=f"0{text}")
        case NumberFault.NO_CALLER:
            return _(
                "Networks send this when there is no caller ID, so no call can match it: choose what callers without a "
                "number get in the company settings."
            )
        case _:
            assert_never(fault)


def _example() -> str:
    return grouped("+33612345678")
