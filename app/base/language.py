"""The language of the person who looks at a page. Messages are written in English in the code and in the templates and
looked up in ``app/words/translations/<language>.po`` (gettext, plural forms included).

It is not the language that callers hear: that is the line's or the client's, see :mod:`app.plan.phrases`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import negotiate_locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: Final = {"en": "English", "fr": "Français", "es": "Español", "ru": "Русский"}
"""What can be chosen, for pages and for what callers hear, each by its own name."""

LANGUAGE_COOKIE: Final = "language"
"""What somebody chose who has not signed in yet."""

ENGLISH: Final = "en"
TRANSLATIONS: Final = Path(__file__).parents[1] / "words" / "translations"

_spoken: ContextVar[str] = ContextVar("language of whoever looks", default=ENGLISH)


def language() -> str:
    """The language in which text is made at present."""
    return _spoken.get()


def speak(choice: str | None, accept_language: str = "") -> str:
    """Make text from now on, in this task, in the person's ``choice``, else in the first language of an Accept-Language
    header that we know, else in English. Returns the language."""
    spoken = choice if choice in LANGUAGES else _best_of(accept_language)
    _spoken.set(spoken)
    return spoken


@contextmanager
def speaking(choice: str) -> Iterator[None]:
    """Make text in ``choice`` meanwhile: names that are stored for a company are in its own language, whoever sets it up."""
    before = _spoken.set(choice if choice in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(before)


def locale() -> Locale:
    """The language's conventions for dates and numbers."""
    return Locale(language())


def gettext(message: str, /, **values: object) -> str:
    """``message`` in the present language, with ``values`` put in the places of its ``%(name)s``."""
    text = _catalogue(language()).gettext(message)
    return text % values if values else text


_ = gettext


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """The same in the plural form that ``n`` asks for; ``n`` itself may be used as ``%(num)s``."""
    text = _catalogue(language()).ngettext(one, many, n)
    return text % ({"num": n} | values)


def plural_message(one: str, many: str, n: int) -> str:
    """The message in the plural form that ``n`` asks for, its places still open: templates fill them in themselves."""
    return _catalogue(language()).ngettext(one, many, n)


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """The time of day at ``zone``, hours and minutes."""
    return str(format_time(moment.astimezone(zone), "HH:mm", locale=locale()))


def day_in_words(day: date, pattern: str = "d MMM y") -> str:
    """``2 Dec 2026``, or by another pattern of Unicode's that has the day before the month. The first of a month is an
    ordinal in French."""
    text = str(format_date(day, pattern, locale=locale()))
    return re.sub(r"(?<!\d)1(?= [^\W\d])", "1er", text, count=1) if language() == "fr" else text


def day_and_time(moment: datetime, zone: ZoneInfo) -> str:
    """``2 Dec 2026, 14:05`` at ``zone``."""
    return f"{day_in_words(moment.astimezone(zone))}, {clock_time(moment, zone)}"


@cache
def _catalogue(spoken: str) -> NullTranslations:
    """Read from the source that translators edit, so that no compiled file can be out of date."""
    path = TRANSLATIONS / f"{spoken}.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=spoken))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _best_of(accept_language: str) -> str:
    wanted = []
    for one in accept_language[:1000].split(","):
        tag, *parameters = (part.strip() for part in one.split(";"))  # RFC 9110: blanks around either sign
        quality = next((part[2:] for part in parameters if part[:2].lower() == "q="), "1")
        try:
            wanted.append((-float(quality), tag.partition("-")[0].lower()))
        except ValueError:
            continue
    ordered = [tag for quality, tag in sorted(wanted, key=lambda one: one[0]) if quality < 0 and tag.isalpha()]
    return negotiate_locale(ordered, list(LANGUAGES)) or ENGLISH
