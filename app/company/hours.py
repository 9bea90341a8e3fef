"""``/hours``: when a line is open, in the wall clock of the line's own zone."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Final

from pydantic import Field

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault, IntervalNotRead, UnknownDay
from app.edits.edit import Edit
from app.plan.build_plan import WEEKDAYS
from app.plan.rows import Row
from app.web.resource import Resource
from app.web.schema import Input, Name
from models import OpeningHours
from routing.hours import DAY_MINUTES, Interval, IntervalUnreadable, read_interval

_WEEK_MINUTES: Final = 7 * DAY_MINUTES

IntervalText = Annotated[
    str, Field(max_length=20, description="`22:00-06:00` goes past midnight.", examples=["09:00-12:00"])
]
Intervals = Annotated[list[IntervalText], Field(max_length=limits.INTERVALS)]
_DAYS = [{"monday": ["09:00-12:00", "14:00-18:00"], "friday": ["09:00-16:00"]}]


class HoursIn(Input):
    """Opening hours."""

    name: Name = Field(examples=["Office"])
    days: dict[str, Intervals] = Field(
        description="`monday` … `sunday`; a day left out is closed.", examples=_DAYS,
        json_schema_extra={"propertyNames": {"enum": [*WEEKDAYS]}},
    )  # fmt: skip
    observes_holidays: bool = Field(True, description="Closed on the days of `/holidays`.")


class Hours(Resource[OpeningHours]):
    """No two intervals of a week overlap, and each begins on the day that it is written under."""

    async def check(self, edit: Edit, fields: Row, record: OpeningHours | None) -> None:
        """Raises :class:`Unprocessable` naming the day at fault."""
        if "days" in fields:
            fields["days"] = checked_days(fields["days"])


HOURS = Hours(
    OpeningHours, HoursIn, "hours", finds=[OpeningHours.name],
    about="When a line is open, in the wall clock of its own zone.", lists="All opening hours.",
    reads="One set of opening hours.", adds="Add opening hours; lines and categories refer to them.",
    changes="Change the fields that are given; `days` replaces the whole week.",
    replaces="Write the opening hours anew.", deletes="Delete opening hours that no line and no category keeps.",
)  # fmt: skip


def checked_days(days: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The week's intervals, Monday first, each as it was written. Raises :class:`Unprocessable`."""
    if unknown := [day for day in days if day not in WEEKDAYS]:
        raise Unprocessable(UnknownDay(tuple(WEEKDAYS)), field=f"days.{unknown[0][:20]}")
    spans: list[tuple[int, int, str]] = []
    for number, day in enumerate(WEEKDAYS):
        for start, end in read_intervals(days.get(day, []), f"days.{day}"):
            begin = number * DAY_MINUTES + start
            spans.append((begin, begin + ((end - start) % DAY_MINUTES or DAY_MINUTES), day))
    _refuse_overlap(spans)
    return {day: list(days[day]) for day in WEEKDAYS if days.get(day)}


def read_intervals(texts: Sequence[str], field: str) -> list[Interval]:
    """Intervals as minutes. Raises :class:`Unprocessable`."""
    try:
        return [read_interval(text) for text in texts]
    except IntervalUnreadable as error:
        raise Unprocessable(IntervalNotRead.of(error), field=field) from error


def _refuse_overlap(spans: list[tuple[int, int, str]]) -> None:
    """``spans`` in minutes of the week; one that goes past Sunday midnight meets Monday again."""
    spans.sort()
    if not spans:
        return
    first_again = (spans[0][0] + _WEEK_MINUTES, 0, spans[0][2])
    for (_, end, _), (start, _, day) in pairwise([*spans, first_again]):
        if start < end:
            raise Unprocessable(CompanyFault.INTERVALS_OVERLAP, field=f"days.{day}")
