"""Time in the booth can be made to fly while somebody waits."""

import asyncio

import pytest

from app.booth.booth_clock import BoothClock

pytestmark = pytest.mark.anyio


async def test_an_hour_that_is_waited_for_comes_when_time_begins_to_fly() -> None:
    clock = BoothClock()
    hour, day = clock.alarm(3600), clock.alarm(86_400)
    await asyncio.sleep(0)
    assert not hour.done()
    clock.change_speed(1_000_000)
    async with asyncio.timeout(10):
        await hour
    assert clock.monotonic() >= 3600
    clock.change_speed(0.001)
    before = clock.monotonic()
    assert not day.done()
    assert clock.monotonic() >= before
    day.cancel()


async def test_alarms_that_nobody_wants_any_more_are_forgotten() -> None:
    clock = BoothClock()
    alarm = clock.alarm(60)
    alarm.cancel()
    await asyncio.sleep(0)
    clock.change_speed(8)
    assert clock._alarms == {}
