"""``/settings/hours``: the week of a line, typed or drawn."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from babel.dates import get_day_names

from app.base.language import locale
from app.company.hours import HOURS
from app.plan.build_plan import WEEKDAYS, week_hours
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.web.resource_pages import ResourcePages, Shown
from app.web.typed_form import TypedForm
from models import CategoryRule, LineRecord, OpeningHours
from routing.hours import DAY_MINUTES, Interval

_BETWEEN: Final = re.compile(r"[,;]|(?<=\d)\s+(?=\d)")
_ONE_DIGIT: Final = re.compile(r"(?<!\d)(?=\d:)")
_DASHES: Final = str.maketrans("–—−", "---")
_OFFICE: Final = "09:00-12:00, 14:00-18:00"


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval of a day as a part of 24 hours: where it begins and how wide it is, in percent."""

    begins: float
    width: float


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week, with what is open on it, in the list also of the night before."""

    code: str
    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class HoursSeen:
    """Opening hours in the list, with how many lines keep them, and how many categories."""

    id: str
    name: str
    days: list[Day]
    lines: int
    categories: int


class HoursPages(ResourcePages[OpeningHours]):
    """A day is a text like ``09:00-12:00, 14:00-18:00``; drawing writes the same text."""

    folder: ClassVar[str] = "settings_hours"

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[HoursSeen]:
        """By name, each with its week as a picture."""
        lines = [row["hours_id"] for row in tenant.rows[LineRecord.__tablename__].values()]
        categories = [row.get("hours_id") for row in tenant.rows[CategoryRule.__tablename__].values()]
        rows = sorted(tenant.rows[self.table].values(), key=lambda one: str(one["name"]).casefold())
        return [
            HoursSeen(row["id"], row["name"], _days(row), lines.count(row["id"]), categories.count(row["id"]))
            for row in rows
        ]

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """A day that is left empty is closed."""
        fields: dict[str, object] = {"name": form.text("name")}
        if any(f"day_{day}" in form for day in WEEKDAYS):
            typed = {day: read_typed_intervals(form.text(f"day_{day}")) for day in WEEKDAYS}
            fields["days"] = {day: texts for day, texts in typed.items() if texts}
        if "observes_holidays" in form:
            fields["observes_holidays"] = form.is_ticked("observes_holidays")
        return fields

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields; new hours are those of an office."""
        if row is None:
            return {"observes_holidays": "1"} | {f"day_{day}": _OFFICE for day in WEEKDAYS[:5]}
        days = {f"day_{day}": ", ".join(row["days"].get(day, ())) for day in WEEKDAYS}
        return days | {"name": row["name"], "observes_holidays": "1" if row["observes_holidays"] else ""}

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> list[Day]:
        """The days of the week."""
        return _days(row)


def read_typed_intervals(text: str) -> list[str]:
    """``9:00 – 12:00; 14:00-18:00`` as the intervals that the API takes."""
    parts = _BETWEEN.split(text.translate(_DASHES))
    return [_ONE_DIGIT.sub("0", part.replace(" ", "")) for part in parts if part.strip()]


def _days(row: Row | None) -> list[Day]:
    names = day_names()
    week = week_hours(row).days if row else ((),) * len(WEEKDAYS)
    return [
        Day(code, names[number], tuple(_bars(week[number], week[number - 1]))) for number, code in enumerate(WEEKDAYS)
    ]


def day_names() -> list[str]:
    """The days of the week in the reader's language, Monday first."""
    names = get_day_names("wide", locale=locale())
    return [str(names[number]) for number in range(len(WEEKDAYS))]


def _bars(day: Sequence[Interval], day_before: Sequence[Interval]) -> list[Bar]:
    """What is open between midnight and midnight."""
    spans = [(0, end) for start, end in day_before if end < start]
    spans += [(start, end if end > start else DAY_MINUTES) for start, end in day]
    return [Bar(100 * start / DAY_MINUTES, 100 * (end - start) / DAY_MINUTES) for start, end in sorted(spans)]


PAGES = HoursPages(HOURS)
