"""``/holidays``: a country's public holidays, and single days that differ from the week."""

from datetime import date
from typing import Any

from fastapi import Response
from pydantic import BaseModel, Field

from app.auth.require import Board, Caller
from app.company.edit_holiday import delete_holiday, save_holiday
from app.company.hours import Intervals
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, listed, read_row, resource
from app.web.schema import CountryCode, Input, Page, Stored
from models import HolidayRecord

router = resource("holidays")


class HolidayPatch(Input):
    """A holiday or changes of one: either `country` or `day`."""

    name: str = Field("", max_length=200, examples=["Stocktaking"])
    country: CountryCode | None = Field(
        None, description="Its public holidays, all of them, every year.", examples=[None]
    )
    subdivision: str | None = Field(None, max_length=20, description="As ISO 3166-2 ends, e.g. BY.", examples=[None])
    day: date | None = Field(None, ge=date(2000, 1, 1), le=date(2100, 12, 31), examples=["2026-12-24"])
    intervals: Intervals = Field([], description="When a single day is open after all; empty: closed.", examples=[[]])


class HolidayIn(HolidayPatch):
    """A holiday: either `country` or `day`."""


class HolidayOut(Stored):
    """A holiday as stored."""

    name: str
    country: str | None
    subdivision: str | None
    day: date | None
    intervals: list[str]


@router.get("")
async def list_holidays(board: Board, who: Caller, page: Wanted) -> Page[HolidayOut]:
    """All holidays."""
    return await listed(board, who, HolidayRecord, page, HolidayOut.model_validate)


@router.post("", status_code=201, response_model=HolidayOut)
async def add_holiday(form: HolidayIn, post: Posting) -> Response:
    """Observe a country's holidays, or close or open on one day."""

    async def make(edit: Edit) -> BaseModel:
        return HolidayOut.model_validate(await save_holiday(edit, form.model_dump(), post.board.clock().year))

    return await post.once(make)


@router.get("/{item_id}", response_model=HolidayOut)
async def read_holiday(board: Board, who: Caller, item_id: ItemId) -> dict[str, Any]:
    """One holiday."""
    return await read_row(board, who, HolidayRecord, item_id)


@router.patch("/{item_id}", response_model=HolidayOut)
async def change_holiday(
    board: Board, who: Caller, response: Response, item_id: ItemId, form: HolidayPatch
) -> dict[str, Any]:
    """Change the fields that are given."""
    async with confirmed_edit(board, who, response) as edit:
        return await save_holiday(edit, form.model_dump(exclude_unset=True), board.clock().year, item_id)


@router.delete("/{item_id}", status_code=204)
async def remove_holiday(board: Board, who: Caller, response: Response, item_id: ItemId) -> None:
    """Delete a holiday."""
    async with confirmed_edit(board, who, response) as edit:
        await delete_holiday(edit, item_id)
