"""Lists of others: what is packed is found again, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.number_index import key_of
from filters.pattern import Pattern, PatternKind
from filters.subscribed_numbers import (
    Mark,
    SubscribedNumbers,
    SubscribedNumbersDamaged,
    is_narrow_enough,
    packed_numbers,
)

NUMBERS = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
PREFIXES = st.from_regex(r"\+[1-9][0-9]{3,8}", fullmatch=True)


NOW = datetime(2026, 7, 24, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def as_prefixes(texts: list[str]) -> list[Pattern]:
    return [Pattern(PatternKind.PREFIX, text) for text in texts]


@given(st.lists(NUMBERS, max_size=60), st.lists(PREFIXES, max_size=8), st.lists(NUMBERS, max_size=20))
def test_exactly_what_was_packed_is_found(exact: list[str], prefixes: list[str], others: list[str]) -> None:
    numbers = SubscribedNumbers(packed_numbers(map(key_of, exact), as_prefixes(prefixes)))
    assert len(numbers) == len(set(exact)) + len(set(prefixes))
    for one in (*exact, *others):
        found = numbers.naming(one, NOW)
        if one in exact:
            assert found == Pattern(PatternKind.EXACT, one)
            continue
        covering = [prefix for prefix in prefixes if one.startswith(prefix)]
        assert (found.number if found else None) == (max(covering, key=len) if covering else None)


@given(st.lists(NUMBERS, min_size=1, max_size=30), st.data())
def test_no_damage_goes_unseen(exact: list[str], data: st.DataObject) -> None:
    packed = bytearray(packed_numbers(map(key_of, exact), ()))
    at = data.draw(st.integers(0, len(packed) - 1))
    if 28 <= at < 32:  # padding of the header, which says nothing
        return
    packed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SubscribedNumbersDamaged):
        SubscribedNumbers(bytes(packed))
    with pytest.raises(SubscribedNumbersDamaged):
        SubscribedNumbers(bytes(packed[: data.draw(st.integers(0, len(packed) - 1))]))


def test_ranges_are_found_to_their_ends() -> None:
    pattern = Pattern(PatternKind.RANGE, "+33162000000", "+33162000999")
    numbers = SubscribedNumbers(packed_numbers((), [pattern]))
    assert numbers.naming("+33162000999", NOW) == pattern
    assert numbers.naming("+33162001000", NOW) is None
    assert numbers.naming("+331620009990", NOW) is None
    assert numbers.naming("+" + "9" * 30, NOW) is None


def test_what_is_let_through_and_what_ends() -> None:
    """An exception counts where nothing narrower blocks, and what has ended leaves the wider one to decide."""
    allowed, ending, other = "+33162000001", "+33162000002", "+33899000001"
    wide, narrow = Pattern(PatternKind.PREFIX, "+33162"), Pattern(PatternKind.PREFIX, "+3316200000")
    until = int((NOW + HOUR).timestamp())
    marks: dict[int | Pattern, Mark] = {narrow: Mark(until)}
    marks |= {key_of(allowed): Mark(allow=True), key_of(ending): Mark(until, allow=True)}
    keys = [key_of(allowed), key_of(ending), key_of(other)]
    numbers = SubscribedNumbers(packed_numbers(keys, [wide, narrow], marks))
    asked = (allowed, ending, "+33162000003", other)
    assert [numbers.naming(one, NOW) for one in asked] == [None, None, narrow, Pattern(PatternKind.EXACT, other)]
    assert [numbers.naming(one, NOW + HOUR) for one in asked] == [None, wide, wide, Pattern(PatternKind.EXACT, other)]


@pytest.mark.parametrize(
    ("pattern", "is_taken"),
    [
        (Pattern(PatternKind.PREFIX, "+33162"), True),
        (Pattern(PatternKind.PREFIX, "+3316"), True),
        (Pattern(PatternKind.PREFIX, "+331"), False),
        (Pattern(PatternKind.COUNTRY, "FR"), False),
        (Pattern(PatternKind.RANGE, "+33100000000", "+33999999999"), False),
    ],
)
def test_nobody_elses_slip_shuts_a_country_out(pattern: Pattern, is_taken: bool) -> None:
    assert is_narrow_enough(pattern) is is_taken
