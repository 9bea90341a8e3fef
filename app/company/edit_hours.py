"""Add, change and delete opening hours."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from app.base.errors import Unprocessable
from app.edits.edit import Edit
from app.edits.in_turn import found, save, take_turn
from app.edits.in_use import refuse_if_in_use
from app.plan.build_plan import WEEKDAYS
from app.plan.rows import Row
from models import OpeningHours
from routing.hours import DAY_MINUTES, Interval, read_interval

_WEEK_MINUTES: Final = 7 * DAY_MINUTES


async def save_hours(edit: Edit, fields: Row, hours_id: str | None = None) -> Row:
    """Add opening hours, or give ``fields`` (columns of :class:`models.OpeningHours`) of some new values. Raises
    :class:`Unprocessable` naming the day at fault."""
    await take_turn(edit)
    hours = await found(edit, OpeningHours, hours_id) if hours_id else None
    if "days" in fields:
        fields["days"] = checked_days(fields["days"])
    return await save(edit, OpeningHours, fields, hours)


async def delete_hours(edit: Edit, hours_id: str) -> None:
    """Delete opening hours. Raises :class:`InUse`."""
    await take_turn(edit)
    hours = await found(edit, OpeningHours, hours_id)
    await refuse_if_in_use(edit, "hours", hours_id)
    await edit.record_deleted(hours)


def checked_days(days: Mapping[str, Any]) -> dict[str, list[str]]:
    """The week's intervals, Monday first, each as it was written. Raises :class:`Unprocessable`."""
    if unknown := [day for day in days if day not in WEEKDAYS]:
        raise Unprocessable(f"The days are {', '.join(WEEKDAYS)}.", field=f"days.{unknown[0][:20]}")
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
    except ValueError as error:
        raise Unprocessable(str(error), field=field) from error


def _refuse_overlap(spans: list[tuple[int, int, str]]) -> None:
    """``spans`` in minutes of the week; one that goes past Sunday midnight meets Monday again."""
    spans.sort()
    if not spans:
        return
    first_again = (spans[0][0] + _WEEK_MINUTES, 0, spans[0][2])
    for (_, end, _), (start, _, day) in pairwise([*spans, first_again]):
        if start < end:
            raise Unprocessable("Two intervals overlap here; make them one.", field=f"days.{day}")
