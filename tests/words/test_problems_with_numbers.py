"""What is wrong with something typed is said in the reader's language, with what to write instead."""

from collections.abc import Iterator

import pytest

from app.base.language import LANGUAGES, speak
from app.base.problems.company import IntervalNotRead
from app.base.problems.numbers import NumberNotRead, PatternNotRead
from app.words.problems.numbers import interval_words, number_words
from filters.number import NumberFault, NumberUnreadable, read_number
from filters.pattern import PatternFault, PatternKind, PatternUnreadable, read_pattern
from routing.hours import IntervalFault, IntervalUnreadable, read_interval


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    speak("en")
    yield
    speak("en")


def every_sentence() -> list[str]:
    numbers = [number_words(NumberNotRead(fault, "3949", "FR")) for fault in NumberFault]
    faults: list[NumberFault | PatternFault] = [*NumberFault, *PatternFault]
    patterns = [number_words(PatternNotRead(fault, "+33", "FR")) for fault in faults]
    intervals = [interval_words(IntervalNotRead(fault, "9-18")) for fault in IntervalFault]
    return [*numbers, *patterns, *intervals]


def test_every_fault_has_a_sentence_in_every_language() -> None:
    told = {}
    for language in LANGUAGES:
        speak(language)
        told[language] = every_sentence()
    assert all(text.endswith(".") for texts in told.values() for text in texts)
    for language in set(LANGUAGES) - {"en"}:
        assert not set(told[language]) & set(told["en"]), language


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("hello", "This is not a telephone number in France: write it in international form, like +33 6 12 34 56 78."),
        ("3949", "3949 is a short code: write a full number, like +33 6 12 34 56 78."),
        ("sip:uma@example.org", "This is an address: write a telephone number, like +33 6 12 34 56 78."),
        ("1" * 61, "This is too long for a telephone number: write it like +33 6 12 34 56 78."),
    ],
)
def test_a_number_that_cannot_be_read_is_told_with_the_remedy(typed: str, told: str) -> None:
    with pytest.raises(NumberUnreadable) as refusal:
        read_number(typed, "FR")
    assert number_words(NumberNotRead.of(refusal.value)) == told


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        (PatternKind.PREFIX, "+33", "+33 is a whole country: choose “country” to list it."),
        (PatternKind.COUNTRY, "France", "Use a two-letter country code, such as FR or US."),
        (PatternKind.EXACT, "112", "112 is a short code: write a full number, like +33 6 12 34 56 78."),
    ],
)
def test_an_entry_that_names_nothing_is_told_with_the_remedy(kind: PatternKind, typed: str, told: str) -> None:
    with pytest.raises(PatternUnreadable) as refusal:
        read_pattern(kind, typed, None, "FR")
    assert number_words(PatternNotRead.of(refusal.value)) == told


def test_a_time_span_that_cannot_be_read_is_told_with_the_remedy() -> None:
    with pytest.raises(IntervalUnreadable) as refusal:
        read_interval("9-18")
    assert interval_words(IntervalNotRead.of(refusal.value)) == "“9-18” is not a time span: write it like 09:00-18:30."
