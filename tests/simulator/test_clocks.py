"""The virtual clock: it jumps, it stands still for real work, and it does so the same way each time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from simulator import RealClock, VirtualClock
from tests.simulator.a_service import START, run


def test_hours_pass_in_an_instant_and_now_moves_with_them() -> None:
    async def whole() -> datetime:
        clock = VirtualClock(START)
        await clock.sleep(4 * 3600)
        return clock.now()

    assert run(whole()) == START + timedelta(hours=4)


def test_sleepers_wake_in_their_order() -> None:
    async def whole() -> list[tuple[str, float]]:
        clock = VirtualClock(START)
        woken: list[tuple[str, float]] = []

        async def sleeper(name: str, *naps: float) -> None:
            for nap in naps:
                await clock.sleep(nap)
                woken.append((name, clock.monotonic()))

        await asyncio.gather(sleeper("a", 3, 3), sleeper("b", 2, 1, 3), sleeper("c", 6))
        return woken

    first = run(whole())
    assert first == [("b", 2), ("a", 3), ("b", 3), ("c", 6), ("a", 6), ("b", 6)]
    assert run(whole()) == first


def test_time_stands_still_while_something_real_is_under_way() -> None:
    async def whole() -> float:
        clock = VirtualClock(START)
        sleeping = asyncio.create_task(clock.sleep(1))
        with clock.busy():
            await asyncio.sleep(0.02)
            standing = clock.monotonic()
        await sleeping
        return standing

    assert run(whole()) == 0


def test_time_does_not_move_unless_somebody_waits_for_it() -> None:
    async def whole() -> tuple[bool, float]:
        clock = VirtualClock(START)
        alarm = clock.alarm(5)
        await asyncio.sleep(0.02)
        await clock.idle()
        early = alarm.done()
        with clock.waited_for():
            await alarm
        return early, clock.monotonic()

    assert run(whole()) == (False, 5)


def test_a_cancelled_alarm_does_not_hold_time_up() -> None:
    async def whole() -> float:
        clock = VirtualClock(START)
        clock.alarm(1).cancel()
        await clock.sleep(2)
        return clock.monotonic()

    assert run(whole()) == 2


def test_a_start_in_another_zone_is_kept_as_utc_and_one_without_zone_is_refused() -> None:
    paris = timezone(timedelta(hours=2))
    assert VirtualClock(datetime(2026, 7, 24, 12, tzinfo=paris)).now() == START
    with pytest.raises(ValueError, match="time zone"):
        VirtualClock(datetime(2026, 7, 24, 12))  # noqa: DTZ001 - the mistake under test


def test_the_real_clock_at_a_speed() -> None:
    async def whole() -> float:
        clock = RealClock(speed=100)
        assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 1
        await clock.sleep(2)
        alarm = clock.alarm(1)
        await alarm
        return clock.monotonic()

    assert 3 <= run(whole()) < 60


@pytest.mark.parametrize("speed", [0, -1])
def test_a_clock_that_does_not_run_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        RealClock(speed)
