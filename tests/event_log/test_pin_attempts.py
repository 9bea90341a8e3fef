"""Wrong PINs are counted for all workers, each once."""

from datetime import UTC, datetime, timedelta

from app.event_log.open_calls import OpenCalls
from app.event_log.pin_attempts import PinAttempts
from app.event_log.records import CallFact, FactKind, fact

NOON = datetime(2026, 7, 24, 12, tzinfo=UTC)


def wrong(call: str, minute: int = 0, entry: str = "e-vera", **more: object) -> CallFact:
    """Somebody keyed in a wrong PIN of Vera's."""
    at = NOON + timedelta(minutes=minute)
    return fact("tenant", call, FactKind.PIN_WRONG, at, {"entry_id": entry} | more, entry, minute)


def test_what_is_told_again_counts_once() -> None:
    attempts, facts = PinAttempts(), [wrong("CA1"), wrong("CA2", 1)]
    for one in facts * 5:
        attempts.apply(one)
    assert attempts.locked("tenant", NOON) == frozenset()
    assert all(attempts.knows(one) for one in facts)
    assert not attempts.knows(wrong("CA3"))


def test_the_lock_is_one_entry_s_and_ends_by_itself() -> None:
    calls = OpenCalls()
    for minute in (2, 0, 1):
        calls.apply(wrong(f"CA{minute}", minute))
    calls.apply(wrong("CA9", 3, "e-viktor"))
    attempts, end = calls.pin_attempts, NOON + timedelta(minutes=62)
    assert attempts.locked("tenant", NOON + timedelta(minutes=2)) == {"e-vera"}
    assert attempts.locked_until("tenant", "e-vera", end - timedelta(seconds=1)) == end
    assert attempts.locked_until("tenant", "e-vera", end) is None
    assert attempts.locked("neighbour", NOON) == frozenset()


def test_what_comes_late_of_a_call_that_is_over_counts_too() -> None:
    calls = OpenCalls()
    calls.apply(fact("tenant", "CA1", FactKind.ENDED, NOON, {"outcome": "completed"}))
    for minute in range(3):
        calls.apply(wrong("CA1", minute))
    assert calls.pin_attempts.locked("tenant", NOON + timedelta(minutes=5)) == {"e-vera"}


def test_the_phone_booth_counts_for_nobody() -> None:
    attempts = PinAttempts()
    for minute in range(9):
        attempts.apply(wrong("CA1", minute, booth=True))
    assert attempts.locked("tenant", NOON) == frozenset()
