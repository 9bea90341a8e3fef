"""The picture of the calls that go on now."""

from datetime import UTC, datetime, timedelta

import pytest

from app.event_log.in_queue import InQueue
from app.event_log.open_calls import OpenCalls
from app.event_log.records import CallFact, FactKind, Payload, fact

NOW = datetime(2026, 7, 24, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


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


QUEUED = {"queue_id": "q", "priority": 0, "since": NOW.isoformat()}
OFFERED = {"queue_id": "q", "result": "leave", "offered_to": ["olga"], "seconds": 50}


def queue_of(calls: OpenCalls, call_id: str = "CA1") -> InQueue:
    call = calls.of_call("tenant", call_id)
    assert call is not None
    assert call.queue is not None
    return call.queue


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_call_keeps_its_place_while_somebody_is_rung_for_it() -> None:
    calls = OpenCalls()
    calls.apply(told("CA1", FactKind.QUEUED, QUEUED))
    assert [one.call_id for one in calls.waiting_in("tenant", "q")] == ["CA1"]
    calls.apply(told("CA1", FactKind.LEFT_QUEUE, OFFERED, later(3)))
    assert calls.waiting_in("tenant", "q") == []
    assert queue_of(calls).place is not None
    assert queue_of(calls).offers == {"olga": (later(3), later(53))}
    calls.apply(told("CA1", FactKind.ENDED, {"outcome": "completed"}))
    assert calls.served("tenant") == []


def test_who_was_rung_in_vain_is_remembered_and_who_declined_is_rung_no_longer() -> None:
    calls = OpenCalls()
    both = OFFERED | {"offered_to": ["olga", "oscar"]}
    calls.apply(told("CA1", FactKind.QUEUED, QUEUED))
    calls.apply(told("CA1", FactKind.LEFT_QUEUE, both, later(3)))
    calls.apply(told("CA1", FactKind.SEEN, {"declined_by": "oscar"}, later(5)))
    assert set(queue_of(calls).offers) == {"olga"}
    calls.apply(fact("tenant", "CA1", FactKind.QUEUED, later(23), QUEUED, "q", 1))
    assert (queue_of(calls).missed, queue_of(calls).declined) == ({"olga": later(23)}, {"oscar": later(5)})
    assert queue_of(calls).offers == {}


def test_an_old_fact_that_comes_again_does_not_put_a_call_back_into_its_queue() -> None:
    """Every worker hears of its own facts a second time, when they have been through the log."""
    calls, came = OpenCalls(), told("CA1", FactKind.QUEUED, QUEUED)
    offered = told("CA1", FactKind.LEFT_QUEUE, OFFERED)
    for one in (came, offered, came):
        calls.apply(one)
    assert set(queue_of(calls).offers) == {"olga"}
    calls.apply(fact("tenant", "CA1", FactKind.QUEUED, later(-1), QUEUED, "q", 1))
    assert set(queue_of(calls).offers) == {"olga"}


def test_a_call_that_was_moved_in_order_to_ring_somebody_has_not_left_for_good() -> None:
    calls, moved = OpenCalls(), {"queue_id": "q", "result": "redirected"}
    calls.apply(told("CA1", FactKind.QUEUED, QUEUED))
    calls.apply(told("CA1", FactKind.LEFT_QUEUE, OFFERED, later(1)))
    calls.apply(fact("tenant", "CA1", FactKind.LEFT_QUEUE, later(2), moved, "moved"))
    assert queue_of(calls).offers
    calls.apply(told("CA2", FactKind.QUEUED, QUEUED))
    calls.apply(fact("tenant", "CA2", FactKind.LEFT_QUEUE, later(2), moved, "moved"))
    assert queue_of(calls, "CA2").place is None


def test_the_last_talk_of_an_operator_is_remembered() -> None:
    calls = OpenCalls()
    calls.apply(told("CA1", FactKind.QUEUED, QUEUED))
    calls.apply(told("CA1", FactKind.ANSWERED, {"operator_id": "olga"}, later(5)))
    assert calls.last_talks("tenant") == {}
    calls.apply(told("CA1", FactKind.ENDED, {"outcome": "completed"}, later(60)))
    calls.apply(told("CA1", FactKind.ENDED, {"outcome": "completed"}, later(70)))
    assert calls.last_talks("tenant") == {"olga": (later(60), "q")}
    assert calls.last_talks("tenant", booth=True) == {}


def test_a_call_for_which_nobody_is_rung_any_more_is_not_gone_through_with_each_later_one() -> None:
    calls = OpenCalls()

    def seen(call_id: str, seconds: int, payload: Payload) -> None:
        calls.apply(fact("tenant", call_id, FactKind.SEEN, NOW + seconds * SECOND, payload, seconds))

    for number in range(1_000):
        seen(f"CA{number}", 0, {"rung": [], "passed_over": ["op-olga"], "seconds": 0})
    assert calls.served("tenant") == []
    seen("CA1", 1, {"rung": ["op-olga"], "passed_over": [], "seconds": 50})
    assert [one.call_id for one in calls.served("tenant")] == ["CA1"]
    seen("CA1", 2, {"declined_by": "op-olga"})
    assert calls.served("tenant") == []
    calls.apply(told("CA1", FactKind.ANSWERED, {"operator_id": "op-mia"}, NOW + 3 * SECOND))
    assert [one.answered_by for one in calls.served("tenant")] == ["op-mia"]


def test_a_call_that_was_decided_for_the_fake_queue_keeps_no_place() -> None:
    calls = OpenCalls()
    place = {"queue_id": "q", "priority": 0, "since": NOW.isoformat()}
    calls.apply(told("CA1", FactKind.QUEUED, place))
    assert len(calls.waiting_in("tenant", "q")) == 1
    call = {"provider": "twilio", "caller": {"number": "+33639980064"}, "line": {"number": "+33199001000"}}
    held = {"call": call, "decision": {"action": "fake_queue"}}
    calls.apply(told("CA1", FactKind.REDECIDED, held, NOW + SECOND))
    assert calls.waiting_in("tenant", "q") == []
    assert calls.served("tenant") == []
    calls.apply(told("CA1", FactKind.QUEUED, place | {"count": 1}, NOW - SECOND))  # told late
    assert calls.waiting_in("tenant", "q") == []


def test_a_call_that_waits_again_is_talked_to_by_nobody() -> None:
    calls = OpenCalls()
    place = {"queue_id": "q", "priority": 0, "since": NOW.isoformat()}
    calls.apply(told("CA1", FactKind.ANSWERED, {"operator_id": "op-olga"}, NOW + SECOND))
    calls.apply(told("CA1", FactKind.QUEUED, place))  # told late: before the talk
    (call,) = calls.served("tenant")
    assert call.answered_by == "op-olga"
    again = fact("tenant", "CA1", FactKind.QUEUED, NOW + 30 * SECOND, place | {"count": 1}, "q", 1)
    calls.apply(again)
    assert call.answered_by is None
    assert calls.last_talks("tenant")["op-olga"].ended == NOW + 30 * SECOND


def test_who_wants_to_take_a_call_that_is_answered_meanwhile_is_too_late() -> None:
    take = {"move": "m1 operator op-oscar", "by": "user:1", "to": {"operator_id": "op-oscar"}}
    facts = [
        told("CA1", FactKind.SEEN, take, NOW + SECOND),
        told("CA1", FactKind.ANSWERED, {"operator_id": "op-olga"}, NOW + 2 * SECOND),
    ]
    for order in (facts, facts[::-1]):
        calls = OpenCalls()
        for one in order:
            calls.apply(one)
        (call,) = calls.served("tenant")
        assert (call.answered_by, call.move) == ("op-olga", None)
    calls = OpenCalls()
    for one in (facts[1], told("CA1", FactKind.SEEN, take, NOW + 3 * SECOND)):
        calls.apply(one)
    (call,) = calls.served("tenant")
    assert call.move is not None, "of a talk, by a supervisor: when it is over"


def test_two_who_talk_about_a_caller_who_has_gone_are_free_when_their_talk_is_over() -> None:
    calls = OpenCalls()
    calls.apply(told("CA1", FactKind.ANSWERED, {"operator_id": "op-olga"}))
    word = {"word": "m1 operator op-oscar", "by": "op-olga", "leg": "CA olga", "other": "CA oscar"}
    calls.apply(told("CA1", FactKind.SEEN, word, NOW + SECOND))
    assert calls.asides("tenant") == []
    calls.apply(told("CA1", FactKind.ENDED, {"outcome": "completed"}, NOW + 2 * SECOND))
    (aside,) = calls.asides("tenant")
    assert (aside.people, aside.call_id) == (("op-olga", "op-oscar"), "CA oscar")
    assert calls.asides("another") == []
    calls.apply(told("CA oscar", FactKind.ENDED, {"outcome": "completed"}, NOW + 3 * SECOND))
    assert calls.asides("tenant") == []
