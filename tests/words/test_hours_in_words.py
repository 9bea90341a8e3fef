"""Opening hours as a voice says them."""

import pytest

from app.words.hours_in_words import hours_in_words
from routing.hours import WeekHours, read_interval

SPLIT = ["09:00-12:00", "14:00-18:30"]
OFFICE = WeekHours(
    "office",
    tuple(
        tuple(map(read_interval, day))
        for day in ([SPLIT] * 5 + [["09:00-12:00"], []])
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Our opening hours are: Monday to Friday from 9:00 to 12:00 and from 14:00 to 18:30, "
            "Saturday from 9:00 to 12:00.",
        ),
        (
            "fr",
            "Nos horaires d'ouverture sont : du lundi au vendredi de 9 h à 12 h et de 14 h à 18 h 30, "
            "le samedi de 9 h à 12 h.",
        ),
        (
            "es",
            "Nuestro horario de atención es: de lunes a viernes de 9:00 a 12:00 y de 14:00 a 18:30, "
            "sábado de 9:00 a 12:00.",
        ),
        ("ru", "Часы работы: понедельник – пятница с 9:00 до 12:00 и с 14:00 до 18:30, суббота с 9:00 до 12:00."),
    ],
)
def test_days_with_the_same_hours_are_said_together(language: str, sentence: str) -> None:
    assert hours_in_words(OFFICE, language) == sentence


def test_round_the_clock_and_over_midnight() -> None:
    night, always = read_interval("22:00-06:00"), read_interval("00:00-24:00")
    week = WeekHours("bar", ((), (), (), (), (night,), (night,), (always,)))
    assert hours_in_words(week, "en") == (
        "Our opening hours are: Friday and Saturday from 22:00 to 6:00, Sunday all day."
    )
    assert hours_in_words(week, "fr").endswith("le dimanche 24 heures sur 24.")


def test_a_week_that_never_opens_says_nothing_and_an_unknown_language_is_english() -> None:
    assert hours_in_words(WeekHours("never", ((),) * 7), "fr") == ""
    assert hours_in_words(OFFICE, "de") == hours_in_words(OFFICE, "en")
