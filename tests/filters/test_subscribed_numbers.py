"""Lists of others: what is packed is found again, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.number_index import key_of
from filters.pattern import Pattern, PatternKind
from filters.subscribed_numbers import (
    SubscribedNumbers,
    SubscribedNumbersDamaged,
    is_narrow_enough,
    packed_numbers,
)

NUMBERS = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
PREFIXES = st.from_regex(r"\+[1-9][0-9]{3,8}", fullmatch=True)


def as_prefixes(texts: list[str]) -> list[Pattern]:
    return [Pattern(PatternKind.PREFIX, text) for text in texts]


@given(st.lists(NUMBERS, max_size=60), st.lists(PREFIXES, max_size=8), st.lists(NUMBERS, max_size=20))
def test_exactly_what_was_packed_is_found(exact: list[str], prefixes: list[str], others: list[str]) -> None:
    numbers = SubscribedNumbers(packed_numbers(map(key_of, exact), as_prefixes(prefixes)))
    assert len(numbers) == len(set(exact)) + len(set(prefixes))
    for one in (*exact, *others):
        found = numbers.naming(one)
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
    assert numbers.naming("+33162000999") == pattern
    assert numbers.naming("+33162001000") is None
    assert numbers.naming("+331620009990") is None
    assert numbers.naming("+" + "9" * 30) is None


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
