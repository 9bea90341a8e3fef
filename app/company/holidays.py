"""``/holidays``: a country's public holidays, and single days that differ from the week."""

import asyncio
from datetime import date
from itertools import pairwise
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from app.base import limits
from app.base.errors import NameTaken, Unprocessable
from app.base.language import language
from app.base.problems.company import CompanyFault
from app.company.hours import Intervals, read_intervals
from app.edits.edit import Edit
from app.edits.in_turn import pick_value
from app.edits.named_lines import named_lines
from app.plan.country_holidays import check_country, days_of_parts, read_subdivision
from app.plan.rows import Row
from app.web.resource import Resource
from app.web.schema import CountryCode, Day, Input, LineReference, Output, out_of
from app.words.holiday_words import other_country_words, parts_differ_words
from models import Company, HolidayRecord, LineRecord


class HolidayIn(Input):
    """A holiday: either `country` or `day`."""

    name: str = Field("", max_length=limits.NAME, examples=["Stocktaking"])
    country: CountryCode | None = Field(
        None, description="Its public holidays, all of them, every year.", examples=[None]
    )
    subdivision: str | None = Field(None, max_length=60, description="ISO 3166-2, like DE-BY or BY.", examples=[None])
    day: Day | None = Field(None, ge=date(2000, 1, 1), le=date(2100, 12, 31), examples=["2026-12-24"])
    intervals: Intervals = Field([], description="When a single day is open after all; empty: closed.", examples=[[]])
    lines: list[LineReference] = Field([], max_length=limits.LINES, description="Only these lines; empty: all.")


class HolidayWarning(Output):
    """Something that whoever enters holidays may not expect."""

    code: Literal["parts_differ", "lines_of_other_countries"]
    text: str = Field(description="For people, in the language of the request.")
    days: list[date] = Field([], description="The days in question.")


class HolidayOut(out_of(HolidayIn)):  # type: ignore[misc]  # a schema made of a schema
    """A holiday as stored."""

    warnings: list[HolidayWarning] = Field([], description="After a change.")


class Holidays(Resource[HolidayRecord]):
    """A holiday is either a country's, with a subdivision or without, or one day, with intervals or without. What is saved
    for a country comes with warnings about days that only parts of it observe, and about lines in other countries."""

    async def save(self, edit: Edit, fields: Row, row_id: str | None = None) -> Row:
        """Raises :class:`Problem`."""
        row = await super().save(edit, fields, row_id)
        return row | {"warnings": await _warnings(edit, row) if row["country"] else []}

    async def check(self, edit: Edit, fields: Row, record: HolidayRecord | None) -> None:
        """Raises :class:`Unprocessable`."""
        country, day = pick_value(fields, record, "country"), pick_value(fields, record, "day")
        subdivision, intervals = (
            pick_value(fields, record, "subdivision"),
            pick_value(fields, record, "intervals") or [],
        )
        if (country is None) == (day is None):
            raise Unprocessable(CompanyFault.HOLIDAY_COUNTRY_OR_DAY, field="day")
        if country is not None:
            fields["country"] = country = country.strip().upper()
            check_country(country)
            if subdivision is not None:
                fields["subdivision"] = read_subdivision(country, subdivision)
            if intervals:
                raise Unprocessable(CompanyFault.HOLIDAY_INTERVALS_NEED_A_DAY, field="intervals")
        else:
            if subdivision:
                raise Unprocessable(CompanyFault.SUBDIVISION_WITHOUT_COUNTRY, field="subdivision")
            _check_intervals(intervals)
        if fields.get("lines"):
            company = await edit.session.get_one(Company, edit.tenant_id)
            fields["lines"] = sorted(line.id for line in await named_lines(edit, fields["lines"], company.country))
        await _refuse_twice(edit, fields, record)


HOLIDAYS = Holidays(
    HolidayRecord, HolidayIn, "holiday", out=HolidayOut,
    about="A country's public holidays, and single days that differ from the week.", lists="All holidays.",
    reads="One holiday.",
    adds="Observe a country's holidays, or close or open on one day.", deletes="Delete a holiday.",
)  # fmt: skip


async def _refuse_twice(edit: Edit, fields: Row, record: HolidayRecord | None) -> None:
    country, subdivision, day, lines = (
        pick_value(fields, record, name) for name in ("country", "subdivision", "day", "lines")
    )
    same = select(HolidayRecord).where(
        HolidayRecord.tenant_id == edit.tenant_id, HolidayRecord.id != (record.id if record else ""),
        HolidayRecord.country.is_not_distinct_from(country), HolidayRecord.day.is_not_distinct_from(day),
        HolidayRecord.subdivision.is_not_distinct_from(subdivision),
    )  # fmt: skip
    if any(one.lines == (lines or []) for one in await edit.session.scalars(same)):
        if day is None:
            raise NameTaken(CompanyFault.HOLIDAYS_OF_COUNTRY_THERE, field="country")
        raise NameTaken(CompanyFault.HOLIDAY_THERE, field="day")


def _check_intervals(texts: list[str]) -> None:
    spans = sorted(read_intervals(texts, "intervals"))
    for (start, end), (following, _) in pairwise(spans):
        if end <= start or following < end:
            raise Unprocessable(CompanyFault.INTERVALS_OVERLAP, field="intervals")


async def _warnings(edit: Edit, row: Row) -> list[Row]:
    warnings: list[Row] = []
    if row["subdivision"] is None:
        # A country with many parts takes a second, once.
        days = await asyncio.to_thread(days_of_parts, row["country"], edit.now.date(), language())
        if days:
            warnings.append(
                {"code": "parts_differ", "text": parts_differ_words(days), "days": [one.day for one in days]}
            )
    if not row["lines"]:
        others = select(LineRecord.number).where(
            LineRecord.tenant_id == edit.tenant_id, LineRecord.country != row["country"]
        )
        if numbers := (await edit.session.scalars(others.order_by(LineRecord.number))).all():
            warnings.append({"code": "lines_of_other_countries", "text": other_country_words(numbers)})
    return warnings
