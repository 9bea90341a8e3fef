"""Patches merge in any order to the same result."""

from functools import reduce
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from app.event_log.patch import CallPatch, patch_of
from app.event_log.records import CallFact
from routing.lifecycle import CallState, Outcome
from tests.event_log import facts

CALL = facts.call_id(1)
FACTS = st.one_of(
    st.builds(facts.seen, st.just(CALL), st.integers(0, 50)),
    st.builds(facts.answered, st.just(CALL), st.integers(0, 50), st.sampled_from(["olga", "oscar", "martin"])),
    st.builds(facts.ended, st.just(CALL), st.integers(0, 50), st.sampled_from(Outcome)),
    st.builds(
        facts.status, st.just(CALL), st.integers(0, 50),
        st.sampled_from(["ringing", "in-progress", "completed", "busy", "no-answer", "canceled", "failed", "dreaming"]),
    ),
    st.builds(facts.queued, st.just(CALL), st.integers(0, 50), st.sampled_from(["q1", "q2"])),
    st.builds(facts.menu, st.just(CALL), st.integers(0, 50), st.sampled_from(["1", "2"])),
)  # fmt: skip


def merged(recorded: list[CallFact] | tuple[CallFact, ...]) -> CallPatch:
    return reduce(CallPatch.merged_with, map(patch_of, recorded))


@given(st.lists(FACTS, min_size=1, max_size=8).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_any_order_gives_the_same_patch(orders: tuple[list[CallFact], list[CallFact]]) -> None:
    assert merged(orders[0]) == merged(orders[1])


@given(st.lists(FACTS, min_size=1, max_size=6), st.integers(0, 5))
def test_a_fact_that_comes_again_changes_nothing(recorded: list[CallFact], which: int) -> None:
    again = recorded[which % len(recorded)]
    assert merged([*recorded, again]) == merged(recorded)


@given(st.lists(FACTS, min_size=3, max_size=8), st.integers(1, 7))
def test_patches_may_be_merged_in_groups(recorded: list[CallFact], cut: int) -> None:
    cut = min(cut, len(recorded) - 1)
    assert merged(recorded[:cut]).merged_with(merged(recorded[cut:])) == merged(recorded)


def test_all_orders_of_six_callbacks_end_in_the_same_state() -> None:
    callbacks = (
        facts.status(CALL, 1, "ringing", 0), facts.status(CALL, 2, "in-progress", 1), facts.answered(CALL, 3, "olga"),
        facts.answered(CALL, 4, "oscar"), facts.status(CALL, 9, "completed", 2), facts.ended(CALL, 20, "lost"),
    )  # fmt: skip
    (patch,) = {merged(order) for order in permutations(callbacks)}
    assert (patch.state, patch.outcome) == (CallState.ENDED, Outcome.COMPLETED)
    assert (patch.answered_by, patch.answered_at) == ("olga", facts.at(3))
    assert (patch.ended_at, patch.seen) == (facts.at(20), facts.at(20))
