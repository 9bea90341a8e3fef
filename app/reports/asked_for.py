"""What somebody wants a report of, as it stands in an address."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.base.errors import Unprocessable
from app.base.problems.requests import RequestFault
from app.reports.call_report import LONGEST_REPORT, By, Period

_DAYS_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The days, both included, by the company's clock, and the grouping."""

    first: date
    last: date
    by: By

    @classmethod
    def read(cls, first: str, last: str, by: By, now: datetime, zone: ZoneInfo) -> "AskedFor":
        """What was asked for; the last 30 days where nothing was. Raises :class:`Unprocessable`."""
        end = _day(last, "to", zone) or now.astimezone(zone).date()
        begin = _day(first, "from", zone) or end - timedelta(days=_DAYS_SHOWN - 1)
        if begin > end:
            raise Unprocessable(RequestFault.PERIOD_ENDS_BEFORE_IT_BEGINS, field="to")
        if end - begin > LONGEST_REPORT:
            raise Unprocessable(RequestFault.PERIOD_TOO_LONG, field="from")
        return cls(begin, end, by)

    def period(self, zone: ZoneInfo) -> Period:
        """The moments between which the calls began."""
        return Period.of_days(self.first, self.last, zone)


def _day(text: str, field: str, zone: ZoneInfo) -> date | None:
    """``2026-07-24``, or a moment, whose day counts."""
    if not text:
        return None
    try:
        is_day = len(text) == len("2026-07-24")
        day = date.fromisoformat(text) if is_day else datetime.fromisoformat(text).astimezone(zone).date()
    except (ValueError, OverflowError):
        day = date.min
    # At the ends of time a day has no midnight in UTC.
    if not date(1970, 1, 1) <= day <= date(2200, 1, 1):
        raise Unprocessable(RequestFault.DAY_UNREADABLE, field=field)
    return day
