"""Add, change and delete holidays: a country's, or a single day that differs from the week."""

import re
from itertools import pairwise

import holidays

from app.base.errors import Unprocessable
from app.company.edit_hours import read_intervals
from app.edits.edit import Edit
from app.edits.in_turn import found, given, save, take_turn
from app.plan.build_plan import national_holidays
from app.plan.rows import Row
from models import HolidayRecord


async def save_holiday(edit: Edit, fields: Row, this_year: int, holiday_id: str | None = None) -> Row:
    """Add a holiday, or give ``fields`` (columns of :class:`models.HolidayRecord`) of one new values. Raises
    :class:`Unprocessable`."""
    await take_turn(edit)
    record = await found(edit, HolidayRecord, holiday_id) if holiday_id else None
    country, day = given(fields, record, "country"), given(fields, record, "day")
    if (country is None) == (day is None):
        raise Unprocessable("Give either a `country`, for its public holidays, or one `day`.", field="day")
    if country is not None:
        fields["country"] = country = country.strip().upper()
        subdivision = given(fields, record, "subdivision")
        _check_country(country, subdivision, this_year)
        if given(fields, record, "intervals"):
            raise Unprocessable("Only a single day can have intervals.", field="intervals")
    else:
        if given(fields, record, "subdivision"):
            raise Unprocessable("A subdivision belongs to a country.", field="subdivision")
        _check_intervals(given(fields, record, "intervals") or [])
    return await save(edit, HolidayRecord, fields, record)


async def delete_holiday(edit: Edit, holiday_id: str) -> None:
    """Delete a holiday."""
    await take_turn(edit)
    await edit.record_deleted(await found(edit, HolidayRecord, holiday_id))


def _check_country(country: str, subdivision: str | None, this_year: int) -> None:
    # The library looks names up among its classes: nothing but a code that it lists may get there.
    known = holidays.list_supported_countries(include_aliases=True)
    if not re.fullmatch(r"[A-Z]{2}", country) or country not in known:
        raise Unprocessable("No public holidays are known for this country; add its days one by one.", field="country")
    if subdivision is None:
        return
    if subdivision not in known[country]:
        names = ", ".join(sorted(known[country])[:30]) or "none"
        raise Unprocessable(f"Subdivisions of {country} are: {names}.", field="subdivision")
    national_holidays(country, subdivision, this_year)


def _check_intervals(texts: list[str]) -> None:
    spans = sorted(read_intervals(texts, "intervals"))
    for (start, end), (following, _) in pairwise(spans):
        if end <= start or following < end:
            raise Unprocessable("Two intervals overlap; make them one.", field="intervals")
