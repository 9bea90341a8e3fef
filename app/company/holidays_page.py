"""``/settings/holidays``: a country's public holidays, single days, and the next twelve months of each line."""

import asyncio
import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from babel.dates import format_date, get_day_names

from app.base.language import day_in_words, language, locale
from app.base.language import gettext as _
from app.company.holidays import HOLIDAYS
from app.company.hours_page import read_typed_intervals
from app.plan.country_holidays import days_of_parts, national_holidays
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.web.resource_pages import ResourcePages, Shown, named_rows
from app.web.typed_form import TypedForm
from app.words.holiday_words import parts_differ_words
from app.words.number_words import country_words
from models import HolidayRecord, LineRecord
from routing.hours import Calendar

_MONTHS: Final = 12
_TEXTS = ("name", "country", "subdivision", "day")


@dataclass(frozen=True, slots=True)
class HolidaySeen:
    """A row in the list: what it is, and for which lines."""

    id: str
    name: str
    what: str
    lines: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of a month; ``number`` is 0 outside of it. ``name`` says why it differs."""

    number: int = 0
    closed: bool = False
    open: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks, Monday first."""

    name: str
    weeks: list[list[CalendarDay]]
    named: list[str]


@dataclass(frozen=True, slots=True)
class LineYear:
    """The next twelve months of the lines that keep the same days."""

    lines: str
    weekdays: list[str]
    months: list[Month]


class HolidayPages(ResourcePages[HolidayRecord]):
    """A holiday is a country's, all of them, or a single day."""

    folder: ClassVar[str] = "settings_holidays"

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[HolidaySeen]:
        """Countries first, then days in their order."""
        labels = {row["id"]: str(row["label"]) for row in tenant.rows[LineRecord.__tablename__].values()}
        rows = sorted(tenant.rows[self.table].values(), key=lambda one: (one["day"] or "", one["country"] or ""))
        return [
            HolidaySeen(
                row["id"],
                row["name"],
                _what(row),
                ", ".join(labels[one] for one in row["lines"] or [] if one in labels),
            )
            for row in rows
        ]

    def title(self, row: Row) -> str:
        """A holiday need not have a name."""
        return row["name"] or _what(row)

    async def items(self, board: Switchboard, tenant: TenantRows) -> Sequence[object]:
        """Before the year is drawn, which must not be held up by it, the names of its days are looked up in a thread."""
        await asyncio.to_thread(_names_in, language(), tenant, board.clock().year)
        return self.listed(board, tenant)

    def around(self, board: Switchboard, tenant: TenantRows) -> list[LineYear]:
        """The next twelve months, once for the lines that keep the same days."""
        if tenant.plan is None:
            return []
        groups: dict[str, list[str]] = {}
        for line in sorted(tenant.plan.lines.values(), key=lambda one: one.number):
            groups.setdefault(line.id if line.id in tenant.plan.calendars else "", []).append(line.label)
        today = board.clock().date()
        named = _names_in(language(), tenant, today.year)
        names = get_day_names("abbreviated", locale=locale())
        return [
            LineYear(
                ", ".join(labels), [str(names[number]) for number in range(7)],
                _year(tenant.plan.calendars.get(key, tenant.plan.calendar), today, named),
            )
            for key, labels in groups.items()
        ]  # fmt: skip

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """What the form has."""
        fields: dict[str, object] = {"name": form.text("name")}
        fields |= {name: form.text_or_none(name) for name in _TEXTS[1:] if name in form}
        if "intervals" in form:
            fields["intervals"] = read_typed_intervals(form.text("intervals"))
        if "lines" in form:
            fields["lines"] = form.chosen("lines")
        return fields

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields."""
        if row is None:
            return {"lines": []}
        fields: dict[str, str | Sequence[str]] = {name: row[name] or "" for name in _TEXTS}
        return fields | {"intervals": ", ".join(row["intervals"] or []), "lines": list(row["lines"] or [])}

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> object:
        """The lines."""
        return named_rows(tenant, LineRecord)

    async def notices(self, board: Switchboard, tenant: TenantRows, row: Row) -> Sequence[str]:
        """Days that only parts of the country observe."""
        if not row["country"] or row["subdivision"]:
            return []
        days = await asyncio.to_thread(days_of_parts, row["country"], board.clock().date(), language())
        return [parts_differ_words(days)] if days else []


def _what(row: Row) -> str:
    if row["country"]:
        place = country_words(row["country"])
        part = f", {row['subdivision']}" if row["subdivision"] else ""
        return _("Public holidays: %(place)s", place=f"{place}{part}")
    day = day_in_words(date.fromisoformat(row["day"]), "EEEE d MMMM y")
    if row["intervals"]:
        return _("%(day)s: open %(hours)s", day=day, hours=", ".join(row["intervals"]))
    return _("%(day)s: closed", day=day)


def _names_in(reader: str, tenant: TenantRows, this_year: int) -> dict[tuple[date, str], str]:
    """What the plan's names of holidays are called in the reader's language."""
    names: dict[tuple[date, str], str] = {}
    for row in tenant.rows[HolidayRecord.__tablename__].values():
        if country := row["country"]:
            theirs = national_holidays(country, row["subdivision"], this_year, reader)
            plans = national_holidays(country, row["subdivision"], this_year)
            names |= {(day, name): theirs.get(day, name) for day, name in plans.items()}
    return names


def _year(kept: Calendar, today: date, names: Mapping[tuple[date, str], str]) -> list[Month]:
    months, first = [], today.replace(day=1)
    for _number in range(_MONTHS):
        weeks = calendar.monthcalendar(first.year, first.month)
        days = [[_day(kept, first, number, names) for number in week] for week in weeks]
        named = [
            f"{day.number}: {day.name or _('open')}"
            for week in days
            for day in week
            if day.number and (day.closed or day.open)
        ]
        months.append(Month(str(format_date(first, "LLLL y", locale=locale())), days, named))
        first = (first + timedelta(days=32)).replace(day=1)
    return months


def _day(kept: Calendar, month: date, number: int, names: Mapping[tuple[date, str], str]) -> CalendarDay:
    if not number:
        return CalendarDay()
    day = month.replace(day=number)
    if day in kept.open_days:
        return CalendarDay(number, open=True)
    holiday = kept.holidays.get(day, "")
    name = kept.closed_days.get(day) or names.get((day, holiday), holiday)
    return CalendarDay(number, closed=bool(name), name=name)


PAGES = HolidayPages(HOLIDAYS)
