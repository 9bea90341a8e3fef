"""The picture of the calls that go on now."""

from datetime import UTC, datetime, timedelta

import pytest

from app.event_log.open_calls import OpenCalls
from app.event_log.records import CallFact, FactKind, Payload, fact

NOW = datetime(2026, 7, 24, 8, tzinfo=UTC)


def test_a_repeated_webhook_gets_the_first_answer() -> None:
    calls = OpenCalls()
    calls.remember_answer("tenant", "CA1", b"first")
    calls.remember_answer("tenant", "CA1", b"second")
    assert calls.answer_to("tenant", "CA1") == b"first"
    assert calls.answer_to("other tenant", "CA1") is None


def test_an_answer_that_many_got_is_in_memory_once() -> None:
    calls = OpenCalls()
    for number in range(12_000):
        calls.remember_answer("tenant", f"CA{number}", b"".join([b'["hang', b'_up"]']))
    assert len({id(calls.answer_to("tenant", f"CA{number}")) for number in range(12_000)}) == 2


def test_at_least_the_last_ten_thousand_answers_are_remembered_and_memory_does_not_grow() -> None:
    calls = OpenCalls()
    calls.remember_answer("tenant", "CA first", b"first")
    for number in range(9_999):
        calls.remember_answer("tenant", f"CA{number}", b"%d" % number)
    assert calls.answer_to("tenant", "CA first") == b"first"
    calls.remember_answer("tenant", "CA first", b"second")
    assert calls.answer_to("tenant", "CA first") == b"first"
    for number in range(30_000):
        calls.remember_answer("tenant", f"CA later {number}", b"%d" % number)
    assert calls.answer_to("tenant", "CA first") is None
    assert calls.answer_to("tenant", "CA later 29999") == b"29999"


def told(call_id: str, kind: FactKind, payload: Payload, at: datetime = NOW) -> CallFact:
    return fact("tenant", call_id, kind, at, payload)


@pytest.mark.parametrize(
    ("action", "counts"), [("queue", 1), ("menu", 1), ("fake_queue", 1), ("message", 0), ("reject", 0)]
)
def test_calls_of_a_number_are_counted_as_long_as_they_keep_a_line(action: str, counts: int) -> None:
    calls = OpenCalls()
    calls.came_in("tenant", "CA1", "+33639980003", action, NOW)
    calls.came_in("tenant", "CA1", "+33639980003", action, NOW)
    assert calls.others_of("tenant", "+33639980003", "CA2", NOW, 9) == counts
    assert calls.others_of("tenant", "+33639980003", "CA1", NOW, 9) == 0
    assert calls.others_of("other", "+33639980003", "CA2", NOW, 9) == 0
    assert calls.others_held("tenant", "CA2", NOW, 9) == (action == "fake_queue")
    calls.apply(told("CA1", FactKind.ENDED, {"outcome": "completed"}))
    assert calls.others_of("tenant", "+33639980003", "CA2", NOW, 9) == calls.others_held("tenant", "CA2", NOW, 9) == 0
    calls.came_in("tenant", "CA1", "+33639980003", action, NOW)
    assert calls.others_of("tenant", "+33639980003", "CA2", NOW, 9) == 0


def test_another_worker_s_call_counts_too_and_one_of_the_booth_does_not() -> None:
    calls = OpenCalls()
    for call_id, provider in (("CA1", "twilio"), ("CA2", "booth")):
        call = {"provider": provider, "caller": {"number": "+33639980003"}}
        calls.apply(told(call_id, FactKind.INCOMING, {"call": call, "decision": {"action": "fake_queue"}}))
    assert calls.others_of("tenant", "+33639980003", "CA3", NOW, 9) == calls.others_held("tenant", "CA3", NOW, 9) == 1


def test_ten_thousand_calls_of_one_number_are_not_counted_one_by_one() -> None:
    calls = OpenCalls()
    for number in range(10_000):
        calls.came_in("tenant", f"CA{number}", "+33639980001", "fake_queue", NOW)
    assert calls.others_of("tenant", "+33639980001", "CA9999", NOW, 3) == 3
    assert calls.others_held("tenant", "CA9999", NOW, 20) == 20
    assert calls.others_of("tenant", "+33639980001", "CA", NOW + timedelta(minutes=7), 3) == 0


def test_a_call_that_is_not_heard_of_for_long_no_longer_counts() -> None:
    calls = OpenCalls()
    calls.came_in("tenant", "CA1", "+33639980003", "queue", NOW)
    later = NOW + timedelta(minutes=7)
    assert calls.others_of("tenant", "+33639980003", "CA2", later, 9) == 0
    calls.heard("tenant", "CA1", later)
    assert calls.others_of("tenant", "+33639980003", "CA2", later, 9) == 1


def test_who_is_rung_for_one_call_is_not_free_for_another_until_it_is_over() -> None:
    calls = OpenCalls()
    left = {"queue_id": "q", "result": "leave", "offered_to": ["olga"], "seconds": 50}
    calls.apply(told("CA1", FactKind.LEFT_QUEUE, left))
    assert calls.operators_not_free("tenant", "CA2", NOW) == {"olga"}
    assert calls.operators_not_free("tenant", "CA1", NOW) == set()
    assert calls.operators_not_free("tenant", "CA2", NOW + timedelta(seconds=50)) == set()
    calls.apply(told("CA1", FactKind.ENDED, {"outcome": "completed"}))
    assert calls.operators_not_free("tenant", "CA2", NOW) == set()
