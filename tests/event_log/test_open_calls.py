"""The picture of the calls that go on now."""

from app.event_log.open_calls import OpenCalls


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
