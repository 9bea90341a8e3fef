"""Open or closed by the clock on the wall, on ordinary days, holidays and the nights when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.hours import (
    ByHand,
    Calendar,
    Interval,
    IntervalFault,
    IntervalUnreadable,
    Opening,
    OpeningKind,
    WeekHours,
    opening_at,
    opening_by_hand,
    read_interval,
)

PARIS, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")
SPLIT = WeekHours("split", (((540, 720), (840, 1080)),) * 5 + (((600, 720),), ()))
NIGHT = WeekHours("night", (((1320, 360),),) * 5 + ((), ()))  # 22:00-06:00, Monday to Friday
ALWAYS = WeekHours("always", (((0, 1440),),) * 7)
NOTHING = Calendar()


def at(text: str, zone: ZoneInfo = PARIS, fold: int = 0) -> datetime:
    """The moment at which a clock in ``zone`` shows ``text``."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def is_open(text: str, week: WeekHours, calendar: Calendar = NOTHING, zone: ZoneInfo = PARIS, fold: int = 0) -> bool:
    return opening_at(at(text, zone, fold), zone, week, calendar).open


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-07-24 08:59:59", False), ("2026-07-24 09:00", True), ("2026-07-24 11:59:59", True),
        ("2026-07-24 12:00", False), ("2026-07-24 13:59", False), ("2026-07-24 14:00", True),
        ("2026-07-24 17:59", True), ("2026-07-24 18:00", False), ("2026-07-25 10:00", True),
        ("2026-07-25 14:00", False), ("2026-07-26 10:00", False),
    ],
)  # fmt: skip
def test_a_day_may_have_several_intervals(moment: str, expected: bool) -> None:
    assert is_open(moment, SPLIT) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-07-20 21:59", False), ("2026-07-20 22:00", True), ("2026-07-20 23:59", True), ("2026-07-21 00:00", True),
        ("2026-07-21 05:59", True), ("2026-07-21 06:00", False),
        ("2026-07-20 01:00", False),  # Monday before dawn belongs to Sunday, which is closed
        ("2026-07-25 01:00", True),  # Saturday before dawn belongs to Friday
        ("2026-07-25 22:30", False),
    ],
)  # fmt: skip
def test_a_night_belongs_to_the_day_on_which_it_began(moment: str, expected: bool) -> None:
    assert is_open(moment, NIGHT) is expected


def test_a_night_shift_runs_into_a_holiday_and_none_begins_on_it() -> None:
    tuesday = Calendar({date(2026, 7, 14): "Fête nationale"})
    assert is_open("2026-07-13 23:00", NIGHT, tuesday)
    assert is_open("2026-07-14 05:59", NIGHT, tuesday)
    assert not is_open("2026-07-14 06:00", NIGHT, tuesday)
    assert not is_open("2026-07-14 22:30", NIGHT, tuesday)
    assert not is_open("2026-07-15 03:00", NIGHT, tuesday)
    assert is_open("2026-07-15 22:00", NIGHT, tuesday)


def test_midnight_to_24_is_the_whole_day() -> None:
    for moment in ("2026-07-24 00:00", "2026-07-24 23:59:59", "2026-07-26 12:00"):
        assert is_open(moment, ALWAYS)
    every_minute = WeekHours("every minute", ((read_interval("00:00-23:59"),),) * 7)
    assert is_open("2026-07-24 23:59:30", every_minute)
    late = WeekHours("late", (((1080, 1440),),) * 7)  # 18:00-24:00
    assert is_open("2026-07-24 23:59:59", late)
    assert not is_open("2026-07-25 00:00", late)


def test_a_holiday_goes_before_the_week_unless_the_hours_ignore_holidays() -> None:
    christmas = Calendar({date(2026, 12, 25): "Noël"})
    closed = opening_at(at("2026-12-25 10:00"), PARIS, SPLIT, christmas)
    assert (closed.open, closed.kind, closed.name) == (False, OpeningKind.HOLIDAY, "Noël")
    hotline = WeekHours("hotline", SPLIT.days, observes_holidays=False)
    assert is_open("2026-12-25 10:00", hotline, christmas)


def test_a_moved_working_day_goes_before_the_holiday_with_its_own_intervals() -> None:
    moved = Calendar(
        {date(2026, 5, 1): "Fête du Travail"},
        {date(2026, 5, 1): "closed by us"},
        {date(2026, 5, 1): ((600, 660),), date(2026, 5, 3): ((540, 1080),)},
    )
    assert is_open("2026-05-01 10:30", SPLIT, moved)
    assert not is_open("2026-05-01 14:30", SPLIT, moved)
    assert is_open("2026-05-03 10:00", SPLIT, moved)  # a Sunday


def test_an_extra_closed_day_closes_also_hours_that_ignore_holidays() -> None:
    party = Calendar(closed_days={date(2026, 7, 24): "Company party"})
    closed = opening_at(at("2026-07-24 10:00"), PARIS, WeekHours("h", SPLIT.days, False), party)
    assert (closed.open, closed.kind, closed.name) == (False, OpeningKind.CLOSED_DAY, "Company party")


@pytest.mark.parametrize(
    ("moment", "week", "opening"),
    [
        ("2026-07-24 10:00", SPLIT, Opening(OpeningKind.OPEN, 4, 720)),
        ("2026-07-24 14:00", SPLIT, Opening(OpeningKind.OPEN, 4, 1080)),
        ("2026-07-24 12:30:59", SPLIT, Opening(OpeningKind.OUTSIDE_HOURS, 4, 750)),
        ("2026-07-26 23:59", SPLIT, Opening(OpeningKind.OUTSIDE_HOURS, 6, 1439)),
        ("2026-07-20 23:00", NIGHT, Opening(OpeningKind.OPEN, 0, 360)),
        ("2026-07-21 05:00", NIGHT, Opening(OpeningKind.OPEN_SINCE_YESTERDAY, 1, 360)),
        ("2026-07-21 05:00", ALWAYS, Opening(OpeningKind.OPEN, 1, 1440)),
    ],
)
def test_an_opening_says_until_when_or_by_which_clock(moment: str, week: WeekHours, opening: Opening) -> None:
    assert opening_at(at(moment), PARIS, week, NOTHING) == opening


def test_when_it_opens_next_is_found_out_only_when_somebody_asks() -> None:
    asked = []
    opening = Opening(OpeningKind.OUTSIDE_HOURS, 4, 750, look_ahead=lambda: asked.append(1))
    assert (opening.open, asked) == (False, [])
    assert (opening.opens_at, opening.opens_at, asked) == (None, None, [1])


def test_the_same_moment_is_judged_by_the_clock_of_the_line_s_place() -> None:
    moment = datetime(2026, 7, 24, 8, tzinfo=UTC)
    assert opening_at(moment, PARIS, SPLIT, NOTHING).open
    assert not opening_at(moment, NEW_YORK, SPLIT, NOTHING).open
    assert opening_at(moment.astimezone(NEW_YORK), PARIS, SPLIT, NOTHING).open


# --- clocks go forward and back ---


@pytest.mark.parametrize(
    ("zone", "gap_day", "overlap_day"), [(PARIS, "2026-03-29", "2026-10-25"), (NEW_YORK, "2026-03-08", "2026-11-01")]
)
def test_the_wall_clock_decides_on_both_nights(zone: ZoneInfo, gap_day: str, overlap_day: str) -> None:
    night = WeekHours("night", (((1320, 360),),) * 7)
    day_shift = WeekHours("day", (((360, 1320),),) * 7)
    for day in (gap_day, overlap_day):
        for clock, expected in (("00:30", True), ("05:59", True), ("06:00", False), ("21:59", False), ("22:00", True)):
            assert is_open(f"{day} {clock}", night, zone=zone) is expected
            assert is_open(f"{day} {clock}", day_shift, zone=zone) is not expected
    length = at(f"{gap_day} 06:00", zone) - at(f"{gap_day} 00:00", zone)
    assert length == timedelta(hours=5)


@pytest.mark.parametrize(("zone", "day", "hour"), [(PARIS, "2026-10-25", 2), (NEW_YORK, "2026-11-01", 1)])
def test_an_hour_that_comes_twice_is_open_twice(zone: ZoneInfo, day: str, hour: int) -> None:
    week = WeekHours("w", (((hour * 60, hour * 60 + 60),),) * 7)
    first, second = at(f"{day} 0{hour}:30", zone, 0), at(f"{day} 0{hour}:30", zone, 1)
    assert second - first == timedelta(hours=1)
    assert opening_at(first, zone, week, NOTHING).open
    assert opening_at(second, zone, week, NOTHING).open


def test_an_opening_inside_the_skipped_hour_is_at_the_moment_of_the_change() -> None:
    week = WeekHours("w", (((150, 600),),) * 7)  # 02:30-10:00
    opening = opening_at(at("2026-03-29 01:00"), PARIS, week, NOTHING)
    assert opening.opens_at == datetime(2026, 3, 29, 1, tzinfo=UTC)  # 02:00 becomes 03:00
    assert opening_at(datetime(2026, 3, 29, 1, tzinfo=UTC), PARIS, week, NOTHING).open


def test_an_opening_that_the_change_swallows_whole_is_on_the_next_day() -> None:
    week = WeekHours("w", (((135, 165),),) * 7)  # 02:15-02:45
    opening = opening_at(at("2026-03-29 01:00"), PARIS, week, NOTHING)
    assert opening.opens_at == at("2026-03-30 02:15")


def test_between_the_two_openings_of_a_repeated_hour_the_second_is_announced() -> None:
    week = WeekHours("w", (((150, 170),),) * 7)  # 02:30-02:50
    between = opening_at(at("2026-10-25 02:55", fold=0), PARIS, week, NOTHING)
    assert not between.open
    assert between.opens_at == at("2026-10-25 02:30", fold=1)


# --- the next opening ---


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-07-24 08:00", "2026-07-24 09:00"), ("2026-07-24 12:30", "2026-07-24 14:00"),
        ("2026-07-24 18:00", "2026-07-25 10:00"), ("2026-07-25 13:00", "2026-07-27 09:00"),
        ("2026-12-24 18:30", "2026-12-26 10:00"),
    ],
)  # fmt: skip
def test_the_next_opening_is_named(moment: str, opens: str) -> None:
    calendar = Calendar({date(2026, 12, 25): "Noël"})
    assert opening_at(at(moment), PARIS, SPLIT, calendar).opens_at == at(opens)


def test_a_place_that_never_opens_names_no_opening() -> None:
    never = WeekHours("never", ((),) * 7)
    assert opening_at(at("2026-07-24 10:00"), PARIS, never, NOTHING).opens_at is None
    once = Calendar(open_days={date(2026, 9, 1): ((540, 600),)})
    assert opening_at(at("2026-07-24 10:00"), PARIS, never, once).opens_at == at("2026-09-01 09:00")


intervals = (
    st.tuples(st.integers(0, 95), st.integers(0, 96))
    .map(lambda q: (q[0] * 15, q[1] * 15))
    .filter(lambda i: i[0] != i[1])
)
weeks = st.lists(st.lists(intervals, max_size=2).map(tuple), min_size=7, max_size=7).map(
    lambda d: WeekHours("w", tuple(d))
)
moments = st.builds(
    lambda base, quarter: base + timedelta(minutes=15 * quarter),
    st.sampled_from(
        [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 7, 20, tzinfo=UTC),
         datetime(2026, 3, 7, 12, tzinfo=UTC), datetime(2026, 10, 31, 12, tzinfo=UTC)]
    ),
    st.integers(0, 200),
)  # fmt: skip


def open_by_brute_force(moment: datetime, zone: ZoneInfo, week: WeekHours, closed: set[date]) -> bool:
    """Every quarter of an hour that an interval covers, written down one by one."""
    local = moment.astimezone(zone)
    shown = (local.date(), local.hour * 60 + local.minute)
    for back in (0, 1):
        day = local.date() - timedelta(days=back)
        for start, end in () if day in closed else week.days[day.weekday()]:
            length = (end - start) if end > start else (end - start + 1440)
            for minute in range(start, start + length, 15):
                if shown == (day + timedelta(days=minute // 1440), minute % 1440):
                    return True
    return False


@settings(max_examples=300, deadline=None)
@given(moments, st.sampled_from([PARIS, NEW_YORK]), weeks, st.booleans())
def test_open_is_what_the_wall_calendar_shows(moment: datetime, zone: ZoneInfo, week: WeekHours, holiday: bool) -> None:
    closed = {moment.astimezone(zone).date()} if holiday else set()
    calendar = Calendar(dict.fromkeys(closed, "holiday"))
    opening = opening_at(moment, zone, week, calendar)
    assert opening.open is open_by_brute_force(moment, zone, week, closed)
    if opening.opens_at is not None:
        assert opening.opens_at > moment
        assert opening_at(opening.opens_at, zone, week, calendar).open


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 400), weeks)
def test_nothing_opens_before_the_announced_opening(quarters: int, week: WeekHours) -> None:
    moment = datetime(2026, 7, 20, tzinfo=UTC) + timedelta(minutes=15 * quarters)
    opening = opening_at(moment, PARIS, week, NOTHING)
    until = opening.opens_at or moment + timedelta(days=8)
    if not opening.open:
        while (moment := moment + timedelta(minutes=15)) < until:
            assert not opening_at(moment, PARIS, week, NOTHING).open


# --- reading intervals ---


@pytest.mark.parametrize(
    ("text", "interval"),
    [("09:00-18:30", (540, 1110)), ("22:00-06:00", (1320, 360)), ("00:00-24:00", (0, 1440)), ("23:30-24:00", (1410, 1440)),
     ("00:00-23:59", (0, 1440)),
     ("18:00-23:59", (1080, 1440)), ("09:00-23:58", (540, 1438)),
     ("22:00-00:00", (1320, 0)), (" 09:00 - 12:00 ", (540, 720))],
)  # fmt: skip
def test_an_interval_is_read_as_typed(text: str, interval: Interval) -> None:
    assert read_interval(text) == interval


@pytest.mark.parametrize(
    "text",
    ["", "9-18", "09:00", "09:00-09:00", "24:00-06:00", "25:00-26:00", "09:60-10:00", "24:01-25:00", "09:00-10:00-11:00",
     "٠٩:٠٠-١٠:٠٠", "-1:00-02:00", "9:00-10:00", "09:00–18:00"],
)  # fmt: skip
def test_what_is_no_interval_is_refused_with_what_is_wrong(text: str) -> None:
    with pytest.raises(IntervalUnreadable) as refusal:
        read_interval(text)
    empty = text in ("09:00-09:00", "24:00-06:00")
    assert (refusal.value.fault, refusal.value.text) == (
        IntervalFault.EMPTY if empty else IntervalFault.NOT_AN_INTERVAL, text,
    )  # fmt: skip


@given(
    st.integers(0, 700_000).map(lambda minutes: at("2026-07-24 10:00") + timedelta(minutes=minutes)), st.booleans(),
    st.one_of(st.none(), st.timedeltas(timedelta(minutes=-600), timedelta(days=9))),
)  # fmt: skip
def test_what_is_said_by_hand_counts_until_its_end_and_then_the_week_does(
    now: datetime, is_said_open: bool, lasts: timedelta | None
) -> None:
    until = None if lasts is None else now + lasts
    said = ByHand(is_said_open, until)
    assert said.counts(now) == (lasts is None or lasts > timedelta())
    opening = opening_by_hand(said, now, PARIS, SPLIT, NOTHING)
    assert (opening.open, opening.until) == (is_said_open, until)
    if until is None:
        assert opening.opens_at is None
    elif not is_said_open:
        then = opening_at(until, PARIS, SPLIT, NOTHING)
        assert opening.opens_at == (until if then.open else then.opens_at)
    assert opening_by_hand(said, now, PARIS, None, NOTHING).opens_at == until
