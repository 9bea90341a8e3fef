"""Open or closed, in words, by the clock of the line's place."""

from datetime import datetime
from typing import assert_never

from babel.dates import get_day_names

from app.base.language import day_in_words, locale
from app.base.language import gettext as _
from app.event_log.stored_decision import StoredOpening
from routing.hours import OpeningKind


def opening_words(opening: StoredOpening) -> str:
    """``open until 18:00``, ``holiday: Noël``: a part of a sentence."""
    match opening.kind:
        case OpeningKind.OPEN:
            return _("open until %(clock)s", clock=_clock(opening.minute))
        case OpeningKind.OPEN_SINCE_YESTERDAY:
            return _("open since yesterday, until %(clock)s", clock=_clock(opening.minute))
        case OpeningKind.CLOSED_DAY:
            return _("closed day: %(holiday)s", holiday=opening.name)
        case OpeningKind.HOLIDAY:
            return _("holiday: %(holiday)s", holiday=opening.name)
        case OpeningKind.OUTSIDE_HOURS:
            day = str(get_day_names("wide", locale=locale())[opening.weekday])
            return _("closed on %(day)s at %(clock)s", day=day, clock=_clock(opening.minute))
        case OpeningKind.OPEN_BY_HAND:
            return (
                _("opened by hand until %(moment)s", moment=_moment(opening.until))
                if opening.until
                else _("opened by hand")
            )
        case OpeningKind.CLOSED_BY_HAND:
            return (
                _("closed by hand until %(moment)s", moment=_moment(opening.until))
                if opening.until
                else _("closed by hand")
            )
        case _:
            assert_never(opening.kind)


def next_opening_words(opens_at: datetime) -> str:
    """``Opens again on Monday 28 December at 09:00.``"""
    day = day_in_words(opens_at, "EEEE d MMMM")
    return _("Opens again on %(day)s at %(clock)s.", day=day, clock=f"{opens_at:%H:%M}")


def _moment(moment: datetime) -> str:
    return f"{day_in_words(moment, 'd MMM')} {moment:%H:%M}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
