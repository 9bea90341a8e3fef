"""Whose turn it is where people are rung one after the other."""

from app.answering.in_turn import turn_from
from routing.actions import Leg

LEGS = tuple(Leg(name, name.title(), f"+3363998000{at}", 20) for at, name in enumerate(("martin", "diane", "olga")))


def test_whoever_is_engaged_is_passed_over() -> None:
    turn = turn_from(LEGS, 0, {"martin", "olga"}, or_anybody=False)
    assert (turn.index, turn.passed_over) == (1, ("martin",))


def test_nobody_s_turn_it_is_when_all_are_engaged_and_a_queue_comes_after() -> None:
    turn = turn_from(LEGS, 1, {"martin", "diane", "olga"}, or_anybody=False)
    assert (turn.index, turn.passed_over) == (3, ("diane", "olga"))


def test_without_a_queue_somebody_engaged_is_rung_rather_than_nobody() -> None:
    turn = turn_from(LEGS, 0, {"martin", "diane", "olga"}, or_anybody=True)
    assert (turn.index, turn.passed_over) == (0, ())
    assert turn_from(LEGS, 0, {"martin"}, or_anybody=True).index == 1


def test_past_the_end_it_is_nobody_s_turn() -> None:
    assert turn_from(LEGS, 3, frozenset(), or_anybody=True).index == 3
    assert turn_from((), 0, frozenset(), or_anybody=False).index == 0
