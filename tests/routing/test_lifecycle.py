"""A call's state is the furthest one reported, in whatever order the reports come."""

from functools import reduce
from itertools import combinations, permutations

import pytest

from routing.lifecycle import CallState, Outcome, advance, more_telling, state_for

STATUSES = [
    "queued", "initiated", "ringing", "in-progress", "answered", "completed", "busy", "failed", "no-answer", "canceled",
]  # fmt: skip


def folded(statuses: tuple[str, ...]) -> tuple[CallState, Outcome | None]:
    known = [found for status in statuses if (found := state_for(status))]
    return (
        reduce(advance, (state for state, _ in known), CallState.RINGING),
        reduce(more_telling, (outcome for _, outcome in known), None),
    )


def test_every_documented_status_has_a_state_and_only_endings_have_an_outcome() -> None:
    for status in STATUSES:
        found = state_for(status)
        assert found is not None
        assert (found[1] is not None) is (found[0] is CallState.ENDED)
    assert state_for("dreaming") is None
    assert state_for("") is None


@pytest.mark.parametrize(
    "reports",
    [
        ("queued", "initiated", "ringing", "in-progress", "answered", "completed"),
        ("initiated", "ringing", "ringing", "completed", "completed"),
        ("ringing", "in-progress", "no-answer", "completed", "dreaming"),
        ("ringing", "busy"),
        ("ringing", "answered"),
    ],
)
def test_every_order_of_callbacks_ends_in_the_same_state(reports: tuple[str, ...]) -> None:
    assert len({folded(order) for order in permutations(reports)}) == 1


def test_also_every_order_of_any_four_contradicting_ones() -> None:
    for reports in combinations(STATUSES, 4):
        assert len({folded(order) for order in permutations(reports)}) == 1


@pytest.mark.parametrize("late", STATUSES)
def test_a_late_report_never_reopens_an_ended_call(late: str) -> None:
    reported = state_for(late)
    assert reported is not None
    assert advance(CallState.ENDED, reported[0]) is CallState.ENDED


def test_picking_up_by_ourselves_is_not_an_answer() -> None:
    assert state_for("in-progress") == (CallState.RINGING, None)


def test_a_real_outcome_replaces_the_guess_that_a_call_was_lost() -> None:
    for outcome in Outcome:
        assert more_telling(Outcome.LOST, outcome) is outcome
        assert more_telling(outcome, None) is outcome
        assert more_telling(None, outcome) is outcome
    assert more_telling(None, None) is None


def test_what_the_network_says_is_more_telling_than_our_own_completed() -> None:
    for outcome in (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.CANCELED, Outcome.FAILED):
        assert more_telling(Outcome.COMPLETED, outcome) is outcome
        assert more_telling(outcome, Outcome.COMPLETED) is outcome
