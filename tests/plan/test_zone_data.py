"""Zone data comes from the locked package, whatever the operating system has."""

import zoneinfo
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

import app  # noqa: F401  # which decides where zone data comes from


def test_the_operating_system_is_not_asked() -> None:
    assert zoneinfo.TZPATH == ()


@pytest.mark.parametrize(
    ("zone", "at", "clock"),
    [
        ("America/Vancouver", datetime(2026, 11, 30, 16, 30, tzinfo=UTC), "09:30"),
        ("America/Edmonton", datetime(2026, 11, 30, 15, 30, tzinfo=UTC), "09:30"),
        ("Africa/Casablanca", datetime(2026, 11, 30, 8, 30, tzinfo=UTC), "08:30"),
        ("Europe/Paris", datetime(2026, 11, 30, 8, 30, tzinfo=UTC), "09:30"),
    ],
)
def test_places_that_changed_their_clocks_lately_are_right(zone: str, at: datetime, clock: str) -> None:
    assert f"{at.astimezone(ZoneInfo(zone)):%H:%M}" == clock
