"""``/holidays``: a country's public holidays, and single days that differ from the week."""

import re
from datetime import date
from itertools import pairwise
from typing import Final

import holidays
from pydantic import Field

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault, UnknownSubdivision
from app.company.hours import Intervals, read_intervals
from app.edits.edit import Edit
from app.edits.in_turn import pick_value
from app.plan.build_plan import national_holidays
from app.plan.rows import Row
from app.web.resource import Resource
from app.web.schema import CountryCode, Input
from models import HolidayRecord

_NAMED_AT_MOST: Final = 30


class HolidayIn(Input):
    """A holiday: either `country` or `day`."""

    name: str = Field("", max_length=limits.NAME, examples=["Stocktaking"])
    country: CountryCode | None = Field(
        None, description="Its public holidays, all of them, every year.", examples=[None]
    )
    subdivision: str | None = Field(None, max_length=20, description="As ISO 3166-2 ends, e.g. BY.", examples=[None])
    day: date | None = Field(None, ge=date(2000, 1, 1), le=date(2100, 12, 31), examples=["2026-12-24"])
    intervals: Intervals = Field([], description="When a single day is open after all; empty: closed.", examples=[[]])


class Holidays(Resource[HolidayRecord]):
    """A holiday is either a country's, with a subdivision or without, or one day, with intervals or without."""

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
            _check_country(country, subdivision, edit.now.year)
            if intervals:
                raise Unprocessable(CompanyFault.HOLIDAY_INTERVALS_NEED_A_DAY, field="intervals")
        else:
            if subdivision:
                raise Unprocessable(CompanyFault.SUBDIVISION_WITHOUT_COUNTRY, field="subdivision")
            _check_intervals(intervals)


HOLIDAYS = Holidays(
    HolidayRecord, HolidayIn, "holiday", lists="All holidays.", reads="One holiday.",
    adds="Observe a country's holidays, or close or open on one day.", deletes="Delete a holiday.",
)  # fmt: skip


def _check_country(country: str, subdivision: str | None, this_year: int) -> None:
    # The library looks names up among its classes: nothing but a code that it lists may get there.
    known = holidays.list_supported_countries(include_aliases=True)
    if not re.fullmatch(r"[A-Z]{2}", country) or country not in known:
        raise Unprocessable(CompanyFault.NO_HOLIDAYS_KNOWN, field="country")
    if subdivision is None:
        return
    if subdivision not in known[country]:
        raise Unprocessable(
            UnknownSubdivision(country, tuple(sorted(known[country])[:_NAMED_AT_MOST])), field="subdivision"
        )
    national_holidays(country, subdivision, this_year)


def _check_intervals(texts: list[str]) -> None:
    spans = sorted(read_intervals(texts, "intervals"))
    for (start, end), (following, _) in pairwise(spans):
        if end <= start or following < end:
            raise Unprocessable(CompanyFault.INTERVALS_OVERLAP, field="intervals")
