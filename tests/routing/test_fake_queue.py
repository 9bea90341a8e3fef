"""The wait that never connects ends at its cap, counted from the call's start."""

from hypothesis import given
from hypothesis import strategies as st

from routing.fake_queue import ANNOUNCE_EVERY_ROUNDS, Round, next_round


def test_a_sentence_comes_first_and_then_now_and_then() -> None:
    announced = [round_.announce for rounds in range(7) if (round_ := next_round(0, 1800, rounds))]
    assert announced == [True, False, False, True, False, False, True]
    assert ANNOUNCE_EVERY_ROUNDS == 3


def test_the_cap_is_reached_by_time_and_not_by_the_number_of_documents() -> None:
    assert next_round(1799.9, 1800, 0) is not None
    assert next_round(1799.9, 1800, 10_000) is not None
    assert next_round(1800, 1800, 0) is None
    assert next_round(1800, 1800, 1) is None
    assert next_round(0, 0, 0) is None


@given(st.floats(0, 1e6), st.integers(0, 86_400), st.integers(0, 10**6))
def test_there_is_a_round_exactly_until_the_cap(waited: float, cap: int, rounds: int) -> None:
    round_ = next_round(waited, cap, rounds)
    assert (round_ is None) is (waited >= cap)
    assert round_ in (None, Round(True), Round(False))
