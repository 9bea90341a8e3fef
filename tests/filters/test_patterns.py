"""What an entry names, and how narrow it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.number import NumberFault
from filters.pattern import EXACT_SPECIFICITY, Pattern, PatternFault, PatternKind, PatternUnreadable, read_pattern

EXACT, PREFIX, RANGE, COUNTRY = PatternKind.EXACT, PatternKind.PREFIX, PatternKind.RANGE, PatternKind.COUNTRY


@pytest.mark.parametrize(
    ("kind", "typed", "to", "country", "number"),
    [
        (EXACT, "06 39 98 00 01", None, "FR", "+33639980001"),
        (EXACT, "33639980001", None, "FR", "+33639980001"),
        (PREFIX, "0899", None, "FR", "+33899"),
        (PREFIX, "+33 8 99", None, "FR", "+33899"),
        (PREFIX, "0033899*", None, "FR", "+33899"),
        (PREFIX, "33899", None, "FR", "+33899"),
        (PREFIX, "06", None, "IT", "+3906"),
        (PREFIX, "1-900", None, "US", "+1900"),
        (PREFIX, "900", None, "US", "+1900"),
        (PREFIX, "8 495", None, "RU", "+7495"),
        (PREFIX, "\uff10\uff18\uff19\uff19", None, "FR", "+33899"),
        (PREFIX, "+33 (0)162", None, "FR", "+33162"),
        (PREFIX, "0033 (0) 162", None, "US", "+33162"),
        (PREFIX, "+39 (0)6", None, "FR", "+3906"),
        (PREFIX, "044 55", None, "MX", "+5255"),
        (PREFIX, "+52 1 55", None, "US", "+5255"),
        (PREFIX, "+54 9 11", None, "AR", "+54911"),
        (PREFIX, "+33\u200e1\u00a062", None, "FR", "+33162"),
        (EXACT, "+1\ufe0f-415-555-0142", None, "US", "+14155550142"),
        (EXACT, "\u202a+33 6 39\u202c 98 10 01", None, "DE", "+33639981001"),
        (EXACT, "003162073523199999915", None, "NL", "+3162073523199999915"),
        (COUNTRY, " fr ", None, "US", "FR"),
        (RANGE, "01 99 00 00 00", "01 99 00 99 99", "FR", "+33199000000"),
    ],
)
def test_an_entry_is_read_with_the_country_of_the_company(
    kind: PatternKind, typed: str, to: str | None, country: str, number: str
) -> None:
    assert read_pattern(kind, typed, to, country).number == number


NOT_A_NUMBER, AN_ADDRESS, SHORT_CODE = NumberFault.NOT_A_NUMBER, NumberFault.AN_ADDRESS, NumberFault.SHORT_CODE


@pytest.mark.parametrize(
    ("kind", "typed", "to", "field", "fault"),
    [
        (EXACT, "hello", None, "number", NOT_A_NUMBER),
        (EXACT, "112", None, "number", SHORT_CODE),
        (EXACT, "anonymous", None, "number", NOT_A_NUMBER),
        (EXACT, "1" * 61, None, "number", NumberFault.TOO_LONG),
        (EXACT, "sip:+33639980001@pbx.example.org", None, "number", AN_ADDRESS),
        (EXACT, "+33639980001", "+33639980002", "to", PatternFault.END_WITHOUT_RANGE),
        (PREFIX, "", None, "number", PatternFault.PREFIX_NOT_DIGITS),
        (PREFIX, "+", None, "number", PatternFault.PREFIX_NOT_DIGITS),
        (PREFIX, "*", None, "number", PatternFault.PREFIX_NOT_DIGITS),
        (PREFIX, "+33", None, "number", PatternFault.PREFIX_IS_A_COUNTRY),
        (PREFIX, "+1", None, "number", PatternFault.PREFIX_IS_A_COUNTRY),
        (PREFIX, "33", None, "number", PatternFault.PREFIX_IS_A_COUNTRY),
        (PREFIX, "0033", None, "number", PatternFault.PREFIX_IS_A_COUNTRY),
        (PREFIX, "+999123", None, "number", PatternFault.PREFIX_WITHOUT_CALLING_CODE),
        (PREFIX, "+33899+33898", None, "number", PatternFault.PREFIX_WITHOUT_CALLING_CODE),
        (PREFIX, "call 0899", None, "number", PatternFault.PREFIX_NOT_DIGITS),
        (PREFIX, "+1000", None, "number", PatternFault.PREFIX_OF_NO_NUMBER),
        (PREFIX, "0033 000", None, "number", PatternFault.PREFIX_OF_NO_NUMBER),
        (EXACT, "0000000000", None, "number", NumberFault.NO_CALLER),
        (EXACT, "+10000000000", None, "number", NumberFault.NO_CALLER),
        (EXACT, "+266696687", None, "number", NumberFault.NO_CALLER),
        (PREFIX, "+331234567890123456", None, "number", PatternFault.PREFIX_WITHOUT_CALLING_CODE),
        (COUNTRY, "France", None, "number", PatternFault.NOT_A_COUNTRY),
        (COUNTRY, "XX", None, "number", PatternFault.NOT_A_COUNTRY),
        (COUNTRY, "+33", None, "number", PatternFault.NOT_A_COUNTRY),
        (RANGE, "+33199000000", None, "to", PatternFault.RANGE_WITHOUT_END),
        (RANGE, "+33199000009", "+33199000000", "to", PatternFault.RANGE_UNEVEN),
        (RANGE, "+33199000000", "+3319900000", "to", PatternFault.RANGE_UNEVEN),
        (RANGE, "+33199000000", "+34945123456", "to", PatternFault.RANGE_ACROSS_COUNTRIES),
        (RANGE, "nonsense", "+33199000000", "number", NOT_A_NUMBER),
        (RANGE, "+33199000000", "nonsense", "to", NOT_A_NUMBER),
    ],
)
def test_what_names_nothing_is_refused_with_the_field_at_fault(
    kind: PatternKind, typed: str, to: str | None, field: str, fault: PatternFault | NumberFault
) -> None:
    with pytest.raises(PatternUnreadable) as refusal:
        read_pattern(kind, typed, to, "FR")
    assert (refusal.value.field, refusal.value.fault, refusal.value.country) == (field, fault, "FR")
    assert str(refusal.value) == fault.value


def test_every_fault_of_a_pattern_happens() -> None:
    found = set()
    for kind in PatternKind:
        for typed in ("", "+33", "+999123", "+33000", "call", "+33199000000", "ZZ"):
            for to in (None, "+33199000000", "+33198000000", "+34945123456"):
                try:
                    read_pattern(kind, typed, to, "FR")
                except PatternUnreadable as refusal:
                    found.add(refusal.fault)
    assert found >= set(PatternFault)


@pytest.mark.parametrize("typed", ["044", "045", "01", "+52 1"])
def test_what_was_once_dialled_before_every_mexican_number_is_no_prefix(typed: str) -> None:
    with pytest.raises(PatternUnreadable) as refusal:
        read_pattern(PREFIX, typed, None, "MX")
    assert refusal.value.fault is PatternFault.PREFIX_IS_A_COUNTRY


def test_the_entry_49_does_not_block_germany() -> None:
    """FusionPBX matches with ``like concat(number,'%')``: its entry "49" blocks every German number."""
    with pytest.raises(PatternUnreadable):
        read_pattern(EXACT, "49", None, "DE")
    for typed in ("49", "+49", "0049"):
        with pytest.raises(PatternUnreadable) as refusal:
            read_pattern(PREFIX, typed, None, "DE")
        assert (refusal.value.fault, refusal.value.text) == (PatternFault.PREFIX_IS_A_COUNTRY, "+49")
    french = read_pattern(PREFIX, "049", None, "FR")
    assert not french.covers("+4915123456789")
    assert french.covers("+33490123456")


def test_a_prefix_never_matches_the_digits_in_the_middle_or_at_the_end() -> None:
    """Kommo and others compare the last digits, which collide across countries."""
    exact = Pattern(EXACT, "+33612345678")
    assert not any(
        exact.covers(n) for n in ("+39612345678", "+612345678", "+336123456789", "+3361234567", "+133612345678")
    )
    prefix = Pattern(PREFIX, "+33899")
    assert not any(prefix.covers(n) for n in ("+133899123456", "+3389", "+49338991234"))


def test_shared_calling_codes_are_told_apart() -> None:
    covers = {country: Pattern(COUNTRY, country).covers for country in ("US", "CA", "RU", "KZ", "GB", "JE")}
    assert covers["US"]("+12025550123")
    assert not covers["US"]("+14165550123")
    assert covers["CA"]("+14165550123")
    assert covers["KZ"]("+77123456789")
    assert not covers["RU"]("+77123456789")
    assert covers["RU"]("+79123456789")
    assert not covers["GB"]("+441534456789")
    assert covers["JE"]("+441534456789")


def test_exact_is_narrower_than_prefix_than_country() -> None:
    order = [
        Pattern(EXACT, "+33899123456"),
        Pattern(PREFIX, "+33899123"),
        Pattern(RANGE, "+33899120000", "+33899129999"),
        Pattern(PREFIX, "+33899"),
        Pattern(COUNTRY, "FR"),
    ]
    specificities = [pattern.specificity for pattern in order]
    assert specificities == sorted(specificities, reverse=True)
    assert len(set(specificities)) == len(order)
    assert specificities[0] == EXACT_SPECIFICITY


@given(st.integers(1, 9), st.text("0123456789", min_size=4, max_size=8))
def test_a_range_is_as_narrow_as_the_prefix_that_covers_the_same_numbers(free: int, fixed: str) -> None:
    free = min(free, 12 - len(fixed))
    prefix = "+33" + fixed
    span = Pattern(RANGE, prefix + "0" * free, prefix + "9" * free)
    assert span.specificity == Pattern(PREFIX, prefix).specificity


@given(st.integers(33_000_000_000, 33_999_999_999), st.integers(0, 10_000), st.integers(-20_000, 20_000))
def test_a_range_holds_its_ends_and_nothing_outside(first: int, size: int, offset: int) -> None:
    span = Pattern(RANGE, f"+{first}", f"+{first + size}")
    assert span.covers(f"+{first}")
    assert span.covers(f"+{first + size}")
    assert span.covers(f"+{first + offset}") == (0 <= offset <= size)
    assert not span.covers(f"+{first}0")


def test_a_pattern_is_logged_in_signs_of_no_language() -> None:
    assert [str(p) for p in (Pattern(EXACT, "+331"), Pattern(PREFIX, "+338"), Pattern(COUNTRY, "FR"))] == [
        "+331", "+338*", "FR",
    ]  # fmt: skip
    assert str(Pattern(RANGE, "+331", "+339")) == "+331-+339"
