"""Opening hours as a voice says them, in the languages of the phrases."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from app.base.language import ENGLISH
from routing.hours import DAY_MINUTES, Interval, WeekHours


@dataclass(frozen=True, slots=True)
class _Words:
    sentence: str
    days: tuple[str, ...]
    one_day: str
    two_days: str
    many_days: str
    interval: str
    whole_day: str
    joined: str
    clock: str


_WORDS: Final = {
    "en": _Words(
        "Our opening hours are: {}.",
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        "{0}", "{0} and {1}", "{0} to {1}", "from {} to {}", "all day", " and ", "{}:{:02}",
    ),
    "es": _Words(
        "Nuestro horario de atención es: {}.",
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        "{0}", "{0} y {1}", "de {0} a {1}", "de {} a {}", "las 24 horas", " y ", "{}:{:02}",
    ),
    "fr": _Words(
        "Nos horaires d'ouverture sont : {}.",
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        "le {0}", "le {0} et le {1}", "du {0} au {1}", "de {} à {}", "24 heures sur 24", " et ", "{} h {:02}",
    ),
    "ru": _Words(
        "Часы работы: {}.",
        ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
        "{0}", "{0} и {1}", "{0} – {1}", "с {} до {}", "круглосуточно", " и ", "{}:{:02}",
    ),
}  # fmt: skip
_WHOLE_DAY: Final = ((0, DAY_MINUTES),)


def hours_in_words(week: WeekHours, language: str) -> str:
    """The week in one sentence; nothing when it never opens. Days that follow each other with the same hours are one."""
    words = _WORDS.get(language, _WORDS[ENGLISH])
    said = []
    for intervals, group in groupby(range(7), key=lambda day: week.days[day]):
        if intervals:
            days = list(group)
            said.append(f"{_days(words, days)} {_intervals(words, intervals)}")
    return words.sentence.format(", ".join(said)) if said else ""


def _days(words: _Words, days: Sequence[int]) -> str:
    form = {1: words.one_day, 2: words.two_days}.get(len(days), words.many_days)
    return form.format(words.days[days[0]], words.days[days[-1]])


def _intervals(words: _Words, intervals: tuple[Interval, ...]) -> str:
    if intervals == _WHOLE_DAY:
        return words.whole_day
    return words.joined.join(
        words.interval.format(_clock(words, start), _clock(words, end)) for start, end in intervals
    )


def _clock(words: _Words, minutes: int) -> str:
    text = words.clock.format(minutes // 60, minutes % 60)
    return text.removesuffix(" 00") if " " in words.clock else text
