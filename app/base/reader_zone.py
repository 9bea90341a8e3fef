"""The clock of the person who looks at a page: times are told by it, with the line's own where the two differ.

The browser says which zone it is in (the cookie :data:`ZONE_COOKIE`, set by :file:`app/web/static/zone.js`). Whoever sends
none, such as a program, reads times by the zone of the line or the company.
"""

from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import Final
from urllib.parse import unquote
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_location

from app.base.language import clock_time, day_and_time, locale

ZONE_COOKIE: Final = "zone"

_reads_by: ContextVar[ZoneInfo | None] = ContextVar("time zone of whoever looks", default=None)


def read_times_by(cookie: str | None) -> None:
    """Tell times from now on, in this task, by the zone that the browser named; by the line's for a name that is none."""
    _reads_by.set(_zone_named(unquote(cookie)) if cookie else None)


def reader_zone(otherwise: ZoneInfo) -> ZoneInfo:
    """The reader's zone."""
    return _reads_by.get() or otherwise


def reader_zone_name() -> str:
    """The name of the reader's zone; empty when it is not known."""
    zone = _reads_by.get()
    return zone.key if zone else ""


def clock_for_reader(moment: datetime, zone: ZoneInfo) -> str:
    """``09:58``, or ``09:58 (10:58 Moscow)`` where the line's ``zone`` has another time."""
    return clock_time(moment, reader_zone(zone)) + _there(moment, zone)


def moment_for_reader(moment: datetime, zone: ZoneInfo) -> str:
    """``2 Dec 2026, 09:58``, with the line's time of day where it differs."""
    return day_and_time(moment, reader_zone(zone)) + _there(moment, zone)


def _there(moment: datetime, zone: ZoneInfo) -> str:
    if moment.astimezone(zone).utcoffset() == moment.astimezone(reader_zone(zone)).utcoffset():
        return ""
    return f" ({clock_time(moment, zone)} {get_timezone_location(zone, locale=locale(), return_city=True)})"


@lru_cache(maxsize=256)
def _zone_named(name: str) -> ZoneInfo | None:
    return ZoneInfo(name) if name in _known() else None


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
