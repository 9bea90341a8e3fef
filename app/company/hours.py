"""``/hours``: when a line is open, in the wall clock of the line's own zone."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from app.auth.require import Board, Caller
from app.company.edit_hours import delete_hours, save_hours
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.web.paging import Search, matches
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, listed, read_row, resource
from app.web.schema import Input, Name, Page, Stored
from models import OpeningHours

router = resource("hours")

IntervalText = Annotated[
    str, Field(max_length=20, description="`22:00-06:00` goes past midnight.", examples=["09:00-12:00"])
]
Intervals = Annotated[list[IntervalText], Field(max_length=24)]
_DAYS = [{"monday": ["09:00-12:00", "14:00-18:00"], "friday": ["09:00-16:00"]}]


class HoursPatch(Input):
    """Changes of opening hours."""

    name: Name = Field("-", examples=["Office"])
    days: dict[str, Intervals] = Field({}, description="`monday` … `sunday`; a day left out is closed.", examples=_DAYS)
    observes_holidays: bool = Field(True, description="Closed on the days of `/holidays`.")


class HoursIn(HoursPatch):
    """Opening hours."""

    name: Name = Field(examples=["Office"])
    days: dict[str, Intervals] = Field(description="`monday` … `sunday`; a day left out is closed.", examples=_DAYS)


class HoursOut(Stored):
    """Opening hours as stored."""

    name: str
    days: dict[str, list[str]]
    observes_holidays: bool


@router.get("")
async def list_hours(board: Board, who: Caller, page: Wanted, q: Search = "") -> Page[HoursOut]:
    """All opening hours."""
    conditions: list[ColumnElement[bool]] = [matches(q, OpeningHours.name)] if q else []
    return await listed(board, who, OpeningHours, page, HoursOut.model_validate, *conditions)


@router.post("", status_code=201, response_model=HoursOut)
async def add_hours(form: HoursIn, post: Posting) -> Response:
    """Add opening hours; lines refer to them."""

    async def make(edit: Edit) -> BaseModel:
        return HoursOut.model_validate(await save_hours(edit, form.model_dump()))

    return await post.once(make)


@router.get("/{item_id}", response_model=HoursOut)
async def read_hours(board: Board, who: Caller, item_id: ItemId) -> dict[str, Any]:
    """One set of opening hours."""
    return await read_row(board, who, OpeningHours, item_id)


@router.patch("/{item_id}", response_model=HoursOut)
async def change_hours(
    board: Board, who: Caller, response: Response, item_id: ItemId, form: HoursPatch
) -> dict[str, Any]:
    """Change the fields that are given; `days` replaces the whole week."""
    async with confirmed_edit(board, who, response) as edit:
        return await save_hours(edit, form.model_dump(exclude_unset=True), item_id)


@router.put("/{item_id}", response_model=HoursOut)
async def replace_hours(
    board: Board, who: Caller, response: Response, item_id: ItemId, form: HoursIn
) -> dict[str, Any]:
    """Write the opening hours anew."""
    async with confirmed_edit(board, who, response) as edit:
        return await save_hours(edit, form.model_dump(), item_id)


@router.delete("/{item_id}", status_code=204)
async def remove_hours(board: Board, who: Caller, response: Response, item_id: ItemId) -> None:
    """Delete opening hours that no line keeps."""
    async with confirmed_edit(board, who, response) as edit:
        await delete_hours(edit, item_id)
