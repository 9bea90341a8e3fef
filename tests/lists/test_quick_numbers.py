"""The quick reader of numbers and the full one are of one opinion."""

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.lists.files.quick_numbers import read_quickly
from filters import number
from filters.number import NumberUnreadable, read_number

COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)
digits = st.text("0123456789", min_size=4, max_size=14)
beginnings = st.sampled_from(["", "0", "00", "1", "8", "010", "016", "011", "+"]) | st.sampled_from(
    [f"{plus}{code}" for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE) for plus in ("", "+")]
)
separators = st.sampled_from(["", " ", ".", "-"])


def answer(read: object, text: str, country: str) -> str:
    try:
        return str(read(text, country))  # type: ignore[operator]
    except NumberUnreadable as error:
        return f"{type(error).__name__}: {error}"


@settings(max_examples=1500)
@given(beginnings, digits, separators, st.integers(1, 6), st.sampled_from(COUNTRIES))
@example("", "0612345678", " ", 2, "FR")
@example("", "0163912655", ".", 4, "IL")  # 016 is what Israel dials before a foreign number
@example("0", "62223655555555555", "", 1, "ID")  # more than the 15 digits of E.164
@example("+44", "01614960000", "", 1, "GB")
@example("", "5512345678", "", 1, "MX")
@example("", "0666123456", " ", 3, "IT")
def test_it_says_what_the_full_reader_says(begin: str, rest: str, separator: str, every: int, country: str) -> None:
    text = begin + separator.join(rest[at : at + every] for at in range(0, len(rest), every))
    assert answer(read_quickly, text, country) == answer(read_number, text, country)


@settings(max_examples=300)
@given(st.text("0123456789+ .-()/ext#*", max_size=40), st.sampled_from(COUNTRIES))
def test_it_says_so_of_scribbles_too(text: str, country: str) -> None:
    assert answer(read_quickly, text, country) == answer(read_number, text, country)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("06 12 34 56 78", "FR"),
        ("0612345678", "FR"),
        ("+33 6 12 34 56 78", "FR"),
        ("612 345 678", "ES"),
        ("0151 23456789", "DE"),
        ("07700 900123", "GB"),
        ("202-555-0123", "US"),
    ],
)
def test_what_most_files_hold_does_not_need_the_full_reader(
    text: str, country: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = read_number(text, country)

    def never(*_: object) -> str:
        raise AssertionError("the full reader was asked")

    monkeypatch.setattr(number, "_read", never)
    assert read_quickly(text, country) == expected
