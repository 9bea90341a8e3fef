"""When a cap of the fake queue is reached the ladder leads down, and never nearer to a person."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.list_entry import Treatment
from routing.actions import Action, FakeQueue, Message, Phrase, Reject, RejectReason, RingOut
from routing.fake_queue import ANSWERED, LADDER, NOTHING_HELD, RUNGS, Cap, Caps, HeldSoFar, below, month_cap
from routing.findings import Found
from routing.plan import Treatments
from routing.reasons import ReasonCode
from tests import cast
from tests.routing.a_plan import LINE, a_plan, asked

DOWN = (Treatment.FAKE_QUEUE, Treatment.RING_OUT, Treatment.REJECT)
ladders = st.lists(st.sampled_from(Treatment), max_size=7).map(tuple)
minutes = st.none() | st.integers(0, 100)
seconds = st.floats(0, 10_000)
helds = st.builds(HeldSoFar, seconds, seconds, seconds)
all_caps = st.builds(Caps, st.integers(30, 14_400), st.integers(0, 30), minutes, minutes, minutes)


def refused(held: HeldSoFar = NOTHING_HELD, ladder: tuple[Treatment, ...] = DOWN, **facts: Any) -> Action:
    caps = Caps(number_minutes=5, line_minutes=50, month_minutes=500)
    plan = a_plan(treatments=Treatments(caps=caps, ladder=ladder))
    return asked(cast.BORIS, plan, held_so_far=held, **facts).action


@pytest.mark.parametrize(
    ("held", "cap"),
    [
        (HeldSoFar(299, 2999, 29_999), None),
        (HeldSoFar(300, 0, 0), Cap.NUMBER),
        (HeldSoFar(0, 3000, 0), Cap.LINE),
        (HeldSoFar(0, 0, 30_000), Cap.MONTH),
        (HeldSoFar(9e9, 9e9, 9e9), Cap.NUMBER),
    ],
)
def test_the_narrowest_cap_that_is_reached_counts(held: HeldSoFar, cap: Cap | None) -> None:
    assert month_cap(held, Caps(number_minutes=5, line_minutes=50, month_minutes=500)) is cap


def test_without_caps_nothing_is_too_much() -> None:
    assert month_cap(HeldSoFar(9e9, 9e9, 9e9), Caps(month_minutes=None)) is None


def test_each_cap_leads_to_the_next_step_and_says_which_it_was() -> None:
    for held, found in (
        (HeldSoFar(of_number=300), Found.BLACKLISTED_NUMBER_USED_UP),
        (HeldSoFar(on_line=3000), Found.BLACKLISTED_LINE_USED_UP),
        (HeldSoFar(in_all=30_000), Found.BLACKLISTED_MONTH_USED_UP),
    ):
        plan = a_plan(treatments=Treatments(caps=Caps(1800, 20, 5, 50, 500), ladder=DOWN))
        decision = asked(cast.BORIS, plan, held_so_far=held)
        assert decision.action == RingOut()
        assert decision.reason.finding.found is found
        assert decision.reason.code is ReasonCode.BLACKLISTED
    assert refused(held_at_once=20) == RingOut()
    assert refused() == FakeQueue(1800)


def test_where_the_money_is_spent_nothing_answers_the_call() -> None:
    ladder = (Treatment.FAKE_QUEUE, Treatment.NOT_IN_SERVICE, Treatment.REJECT)
    assert refused(ladder=ladder, held_at_once=20) == Message(Phrase.NOT_IN_SERVICE)
    assert refused(HeldSoFar(in_all=30_000), ladder) == Reject(RejectReason.REJECTED)


def test_a_toll_free_line_takes_the_first_step_that_is_never_billed() -> None:
    toll_free = replace(LINE, toll_free=True)
    plan = a_plan(line=toll_free, treatments=Treatments(ladder=DOWN))
    assert asked(cast.BORIS, plan).action == Reject(RejectReason.REJECTED)


def test_another_treatment_of_the_entry_has_no_caps() -> None:
    assert below(LADDER, Cap.MONTH) is Treatment.BUSY
    assert below((Treatment.FAKE_QUEUE,), Cap.AT_ONCE) is Treatment.BUSY
    assert below((), Cap.AT_ONCE) is Treatment.BUSY


@given(ladders, st.sampled_from(Cap))
def test_whatever_stands_in_the_ladder_it_leads_to_what_ends_without_a_person(
    ladder: tuple[Treatment, ...], cap: Cap
) -> None:
    step = below(ladder, cap)
    assert step in RUNGS
    assert cap is Cap.AT_ONCE or step not in ANSWERED


@given(ladders, all_caps, helds, st.integers(0, 40), st.booleans())
def test_no_ladder_no_cap_and_no_usage_brings_boris_nearer_to_a_person(
    ladder: tuple[Treatment, ...], caps: Caps, held: HeldSoFar, at_once: int, toll_free: bool
) -> None:
    line = replace(LINE, toll_free=toll_free)
    plan = a_plan(line=line, treatments=Treatments(caps=caps, ladder=ladder))
    decision = asked(cast.BORIS, plan, held_so_far=held, held_at_once=at_once)
    assert decision.reason.code is ReasonCode.BLACKLISTED
    assert isinstance(decision.action, FakeQueue | RingOut | Reject) or decision.action == Message(
        Phrase.NOT_IN_SERVICE
    )
    assert not (toll_free and isinstance(decision.action, FakeQueue))
    # More usage never leads back up: whoever is refused with less held is not held with more.
    more = HeldSoFar(*(one + 60 for one in held))
    again = asked(cast.BORIS, plan, held_so_far=more, held_at_once=at_once + 1)
    assert isinstance(decision.action, FakeQueue) or not isinstance(again.action, FakeQueue)


@given(ladders, helds)
def test_no_vip_and_no_stranger_is_touched_by_the_ladder(ladder: tuple[Treatment, ...], held: HeldSoFar) -> None:
    plan = a_plan(treatments=Treatments(ladder=ladder, caps=Caps(month_minutes=0)))
    for caller in (cast.VERA, cast.UMA):
        assert asked(caller, plan, held_so_far=held) == asked(caller, plan)


def test_who_is_released_is_received_like_everybody_else_and_the_trace_says_so() -> None:
    decision = asked(cast.BORIS, released=True)
    assert decision.reason.code is asked(cast.UMA).reason.code
    assert decision.action == asked(cast.UMA).action
    assert Found.BLACKLISTED_BUT_RELEASED in [finding.found for finding in decision.trace]
