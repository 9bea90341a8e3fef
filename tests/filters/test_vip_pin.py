"""How a VIP's PIN is kept, compared and guarded."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.vip_pin import LOCKED_FOR, MOST_WRONG, PinFault, fault_of_pin, is_pin, locked_until, sealed_pin

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
NOON = datetime(2026, 7, 24, 12, tzinfo=UTC)
MINUTES = st.lists(st.integers(0, 300), max_size=12)


@pytest.mark.parametrize("pin", ["2846", "28465", "90817263", "0028"])
def test_four_to_eight_digits_are_a_pin(pin: str) -> None:
    assert fault_of_pin(pin) is None
    assert is_pin(pin, sealed_pin(pin, KEY), KEY)


@pytest.mark.parametrize(
    "text",
    ["", "284", "284650193", "28a6", "2846 ", " 2846", "2846\n", "-2846", "٢٨٤٦", "２８４６", "2846#", "*284", "²846"],
)
def test_nothing_else_is(text: str) -> None:
    assert fault_of_pin(text) is PinFault.NOT_DIGITS


@pytest.mark.parametrize("pin", ["0000", "11111111", "1234", "4321", "56789", "7890", "0123"])
def test_what_is_guessed_first_is_none(pin: str) -> None:
    assert fault_of_pin(pin) is PinFault.GUESSED_FIRST


@given(st.text(max_size=12))
def test_whatever_is_keyed_in_is_compared_and_only_the_pin_itself_is_right(keys: str) -> None:
    assert is_pin(keys, sealed_pin("2846", KEY), KEY) is (keys == "2846")
    assert not is_pin("\ud800" + keys, sealed_pin("2846", KEY), KEY)


def test_a_sealed_pin_tells_nothing_without_the_key_and_no_two_are_alike() -> None:
    sealed = sealed_pin("2846", KEY)
    assert sealed != sealed_pin("2846", KEY)
    assert not is_pin("2846", sealed, OTHER_KEY)
    assert not is_pin("2846", "", KEY)


def test_three_within_an_hour_lock_for_an_hour() -> None:
    assert locked_until([]) is None
    assert locked_until([NOON, NOON]) is None
    moments = [NOON, NOON + timedelta(minutes=20), NOON + timedelta(minutes=60)]
    assert locked_until(moments) == moments[-1] + LOCKED_FOR
    assert locked_until([*moments[:2], NOON + timedelta(minutes=61)]) is None


@given(MINUTES)
def test_the_order_in_which_they_become_known_changes_nothing(minutes: list[int]) -> None:
    moments = [NOON + timedelta(minutes=one) for one in minutes]
    assert locked_until(reversed(moments)) == locked_until(moments) == locked_until(sorted(moments))
    crowded = any(sum(timedelta(0) <= other - one <= LOCKED_FOR for other in moments) >= MOST_WRONG for one in moments)
    assert (locked_until(moments) is not None) is crowded
