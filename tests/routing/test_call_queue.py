"""Who is next: VIPs always, then the order of priority and patience."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing.actions import QueuePriority
from routing.call_queue import AGEING_SECONDS_PER_POINT, WaitingCall, in_order, place_of

NOW = datetime(2026, 7, 24, 8, tzinfo=UTC)


def waiting(call_id: str, priority: int = 0, seconds: float = 0) -> WaitingCall:
    return WaitingCall(call_id, "q", priority, NOW - timedelta(seconds=seconds))


def order(*calls: WaitingCall) -> str:
    return "".join(call.call_id for call in in_order(calls, NOW))


def test_a_vip_who_has_just_come_is_before_everybody_who_has_waited_for_hours() -> None:
    assert order(waiting("u", 0, 9999), waiting("c", 100, 9999), waiting("v", QueuePriority.VIP)) == "vcu"


def test_the_classes_are_served_in_their_order() -> None:
    calls = (
        waiting("o", 100, 99_999), waiting("d", QueuePriority.VIP_UNCONFIRMED, 1), waiting("e", QueuePriority.EMERGENCY),
        waiting("v", QueuePriority.VIP),
    )  # fmt: skip
    assert order(*calls) == "vedo"


def test_among_equals_the_first_come_is_served_first() -> None:
    assert order(waiting("b", 5, 10), waiting("a", 5, 20)) == "ab"
    assert order(waiting("b", QueuePriority.VIP, 10), waiting("a", QueuePriority.VIP, 20)) == "ab"


def test_patience_outweighs_priority_in_the_end() -> None:
    enough = 100 * AGEING_SECONDS_PER_POINT
    assert order(waiting("u", 0, enough + 1), waiting("c", 100)) == "uc"
    assert order(waiting("u", 0, enough - 1), waiting("c", 100)) == "cu"


def test_a_call_from_the_future_has_not_waited() -> None:
    assert order(waiting("f", 0, -50), waiting("c", 1)) == "cf"


def test_the_place_counts_those_who_are_served_before() -> None:
    calls = [waiting("a", 0, 3), waiting("b", 0, 2), waiting("v", QueuePriority.VIP)]
    assert [place_of(call_id, calls, NOW) for call_id in ("v", "a", "b", "x")] == [0, 1, 2, None]


CALLS = st.lists(
    st.builds(
        waiting,
        st.uuids().map(str),
        st.integers(0, 100) | st.sampled_from([500, 900, 1000]),
        st.integers(-10, 20_000),
    ),
    max_size=12,
    unique_by=lambda call: call.call_id,
)


@given(CALLS)
def test_nobody_overtakes_a_vip(calls: list[WaitingCall]) -> None:
    classes = [call.priority if call.priority >= QueuePriority.VIP_UNCONFIRMED else 0 for call in in_order(calls, NOW)]
    assert classes == sorted(classes, reverse=True)


@given(CALLS.flatmap(lambda calls: st.tuples(st.just(calls), st.permutations(calls))))
def test_the_order_is_total_and_every_worker_sees_the_same(both: tuple[list[WaitingCall], list[WaitingCall]]) -> None:
    calls, shuffled = both
    assert in_order(calls, NOW) == in_order(shuffled, NOW)
    assert sorted(call.call_id for call in in_order(calls, NOW)) == sorted(call.call_id for call in calls)
    assert in_order(in_order(calls, NOW), NOW) == in_order(calls, NOW)


@given(CALLS, st.integers(1, 5_000))
def test_those_who_wait_together_keep_their_order(calls: list[WaitingCall], later: int) -> None:
    """Ageing is the same for all, so time alone never swaps two callers."""
    arrived = [call for call in calls if call.since <= NOW]
    assert in_order(arrived, NOW) == in_order(arrived, NOW + timedelta(seconds=later))


@given(CALLS, st.integers(0, 100))
def test_an_ordinary_caller_is_served_before_anyone_who_comes_ten_minutes_later(
    calls: list[WaitingCall], points: int
) -> None:
    patient = waiting("patient", 0, 20_001)
    late = waiting("late", points, 20_000 - 100 * AGEING_SECONDS_PER_POINT)
    ordered = in_order([*calls, patient, late], NOW)
    assert ordered.index(patient) < ordered.index(late)
