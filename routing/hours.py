"""Open or closed at this moment, and when it opens next. The only place where local time appears: opening hours are
promises in the wall clock of the line's place, so on clock-change nights the wall clock decides."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, partial
from typing import Final
from zoneinfo import ZoneInfo

DAY_MINUTES: Final = 1440
_HORIZON_DAYS: Final = 400

Interval = tuple[int, int]
"""Minutes after local midnight, start included and end not; an end at or before its start lies in the next day."""


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Intervals for each weekday, Monday first. No interval at all means closed all day."""

    id: str
    days: tuple[tuple[Interval, ...], ...]
    observes_holidays: bool = True


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days that differ from the week. An extra open day (a moved working day, its intervals given) goes before an extra
    closed day, and that before a national holiday. Values are the names of the days."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    closed_days: Mapping[date, str] = field(default_factory=dict)
    open_days: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)


class OpeningKind(StrEnum):
    """Why a place is open or closed."""

    OPEN = "open"
    OPEN_SINCE_YESTERDAY = "open_since_yesterday"
    CLOSED_DAY = "closed_day"
    HOLIDAY = "holiday"
    OUTSIDE_HOURS = "outside_hours"
    OPEN_BY_HAND = "open_by_hand"
    CLOSED_BY_HAND = "closed_by_hand"


@dataclass(frozen=True, slots=True)
class ByHand:
    """Somebody has said that a line is open or closed now, whatever its week and calendar say: until a moment (aware), or,
    without one, until they say otherwise."""

    open: bool
    until: datetime | None = None

    def counts(self, now: datetime) -> bool:
        """Whether it holds at ``now``."""
        return self.until is None or now < self.until


@dataclass(frozen=True)
class Opening:
    """Open or closed, by the clock of the place. ``minute`` counts from midnight: when it closes if it is open, else what
    the clock shows. ``weekday`` is 0 on Monday. ``name`` is the holiday's or the closed day's.
    ``until`` is the end of what was said by hand, if it has one."""

    kind: OpeningKind
    weekday: int
    minute: int
    name: str = ""
    look_ahead: Callable[[], datetime | None] = field(default=lambda: None, repr=False, compare=False)
    until: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether callers are received."""
        return self.kind in _OPEN

    @property
    def by_hand(self) -> bool:
        """Whether somebody has said so, whatever the week and the calendar say."""
        return self.kind in _BY_HAND

    @cached_property
    def opens_at(self) -> datetime | None:
        """When it opens next (UTC), if it is closed and an opening lies ahead. Found out when it is asked for: a call is
        decided without knowing it."""
        return self.look_ahead()


_OPEN: Final = frozenset({OpeningKind.OPEN, OpeningKind.OPEN_SINCE_YESTERDAY, OpeningKind.OPEN_BY_HAND})
_BY_HAND: Final = frozenset({OpeningKind.OPEN_BY_HAND, OpeningKind.CLOSED_BY_HAND})


def opening_by_hand(said: ByHand, now: datetime, zone: ZoneInfo, week: WeekHours | None, calendar: Calendar) -> Opening:
    """Whether a place in ``zone`` is open at ``now`` by what was ``said``; without a ``week`` it is open otherwise."""
    local = now.astimezone(zone)
    kind = OpeningKind.OPEN_BY_HAND if said.open else OpeningKind.CLOSED_BY_HAND

    def opens_at() -> datetime | None:
        if said.until is None or week is None:
            return said.until
        then = opening_at(said.until, zone, week, calendar)
        return said.until.astimezone(UTC) if then.open else then.opens_at

    return Opening(kind, local.weekday(), local.hour * 60 + local.minute, look_ahead=opens_at, until=said.until)


def opening_at(now: datetime, zone: ZoneInfo, week: WeekHours, calendar: Calendar) -> Opening:
    """Whether a place in ``zone`` is open at ``now`` (aware, any zone).

    An interval past midnight belongs to the day on which it began, also when the next day is a holiday.
    """
    local = now.astimezone(zone)
    if (open_now := _if_open(local, week, calendar)) is not None:
        return open_now
    kind, name = _why_closed(local.date(), week, calendar)
    look_ahead = partial(_next_opening, local, week, calendar)
    return Opening(kind, local.weekday(), local.hour * 60 + local.minute, name, look_ahead)


def _if_open(local: datetime, week: WeekHours, calendar: Calendar) -> Opening | None:
    minute, today = local.hour * 60 + local.minute, local.date()
    for start, end in _intervals(today, week, calendar):
        if start <= minute < (end if end > start else DAY_MINUTES):
            return Opening(OpeningKind.OPEN, local.weekday(), end)
    for start, end in _intervals(today - timedelta(days=1), week, calendar):
        if end <= start and minute < end:
            return Opening(OpeningKind.OPEN_SINCE_YESTERDAY, local.weekday(), end)
    return None


def _intervals(day: date, week: WeekHours, calendar: Calendar) -> tuple[Interval, ...]:
    if day in calendar.open_days:
        return calendar.open_days[day]
    if day in calendar.closed_days or (week.observes_holidays and day in calendar.holidays):
        return ()
    return week.days[day.weekday()]


def _why_closed(day: date, week: WeekHours, calendar: Calendar) -> tuple[OpeningKind, str]:
    if day not in calendar.open_days:
        if name := calendar.closed_days.get(day):
            return OpeningKind.CLOSED_DAY, name
        if week.observes_holidays and (name := calendar.holidays.get(day)):
            return OpeningKind.HOLIDAY, name
    return OpeningKind.OUTSIDE_HOURS, ""


def _next_opening(local: datetime, week: WeekHours, calendar: Calendar) -> datetime | None:
    now = local.astimezone(UTC)
    for ahead in range(_HORIZON_DAYS):
        day = local.date() + timedelta(days=ahead)
        starts = [datetime.combine(day, _time(start), local.tzinfo) for start, _ in _intervals(day, week, calendar)]
        for moment in sorted(moment for start in starts for moment in _moments_of(start)):
            # What a clock change swallows whole does not open.
            if moment > now and _if_open(moment.astimezone(local.tzinfo), week, calendar) is not None:
                return moment
    return None


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _moments_of(wall: datetime) -> Iterator[datetime]:
    """When a clock on the wall shows this time (UTC): twice where clocks go back, and where they go forward over it, at the
    moment of the change (PEP 495: fold=1 is read with the offset after it, which lies before the gap)."""
    first, second = wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    if first <= second:
        yield from dict.fromkeys((first, second))
        return
    moment = second
    while moment.astimezone(wall.tzinfo).replace(tzinfo=None) < wall.replace(tzinfo=None):
        moment += timedelta(minutes=1)
    yield moment


class IntervalFault(StrEnum):
    """What keeps a text from being read as an interval."""

    NOT_AN_INTERVAL = "not_an_interval"
    EMPTY = "empty"


class IntervalUnreadable(ValueError):
    """``text`` is no interval of a day."""

    def __init__(self, fault: IntervalFault, text: str) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.text = text


def read_interval(text: str) -> Interval:
    """Read ``09:00-18:30`` into minutes; ``22:00-06:00`` goes past midnight and ``00:00-24:00`` is the whole day. An end at
    23:59 means midnight: nobody closes for the last minute of a day.

    Raises :class:`IntervalUnreadable`.
    """
    try:
        start, end = (_minutes(part) for part in text.split("-"))
    except ValueError:
        raise IntervalUnreadable(IntervalFault.NOT_AN_INTERVAL, text) from None
    if start in (DAY_MINUTES, end):
        raise IntervalUnreadable(IntervalFault.EMPTY, text)
    return start, DAY_MINUTES if end == DAY_MINUTES - 1 else end


def _minutes(text: str) -> int:
    hours, minutes = text.strip().split(":")
    if not (len(hours) == len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit()):
        raise ValueError
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > DAY_MINUTES:
        raise ValueError
    return total
