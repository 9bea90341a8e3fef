"""Days are written in one form everywhere, as each language writes them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.base.language import day_and_time, day_in_words, speaking
from app.event_log.stored_decision import StoredOpening
from app.words.opening_words import opening_words
from app.words.segment_words import day_words
from routing.hours import OpeningKind


@pytest.mark.parametrize(
    ("spoken", "first", "other"),
    [("en", "1 Dec 2025", "21 Dec 2025"), ("fr", "1er déc. 2025", "21 déc. 2025"), ("es", "1 dic 2025", "21 dic 2025"),
     ("ru", "1 дек. 2025", "21 дек. 2025")],
)  # fmt: skip
def test_a_day(spoken: str, first: str, other: str) -> None:
    with speaking(spoken):
        for day, written in ((date(2025, 12, 1), first), (date(2025, 12, 21), other)):
            assert day_in_words(day) == day_words(day) == written
            moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            assert day_and_time(moment, ZoneInfo("UTC")) == f"{written}, 12:00"


def test_the_first_of_a_month_in_french_with_its_weekday() -> None:
    with speaking("fr"):
        assert day_in_words(date(2026, 12, 1), "EEEE d MMMM y") == "mardi 1er décembre 2026"
        assert day_in_words(date(2026, 12, 11), "EEEE d MMMM") == "vendredi 11 décembre"


def test_an_opening_by_hand_ends_by_the_clock_of_the_place() -> None:
    until = datetime(2026, 12, 1, 8, 30, tzinfo=ZoneInfo("Europe/Moscow"))
    closed = StoredOpening(OpeningKind.CLOSED_BY_HAND, weekday=1, minute=0, until=until)
    with speaking("fr"):
        assert opening_words(closed) == "fermée à la main jusqu’au 1er déc. 08:30"
    with speaking("en"):
        assert opening_words(closed) == "closed by hand until 1 Dec 08:30"
