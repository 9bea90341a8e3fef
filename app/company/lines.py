"""``/lines``: the numbers that people call."""

from typing import Any

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from app.auth.require import Board, Caller
from app.company.edit_line import delete_line, save_line
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.web.number_query import number_asked_for
from app.web.paging import NumberQuery, Search, matches
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, listed, read_row, resource
from app.web.schema import CountryCode, Id, Input, Name, Page, Spoken, Stored
from models import LineRecord

router = resource("lines")


class LinePatch(Input):
    """Changes of a line."""

    number: str = Field("", max_length=60, description="In any form dialled in `country`.", examples=["+33199001000"])
    label: Name = Field("-", examples=["Main line"])
    country: CountryCode = Field("", description="The company's when left out.")
    time_zone: str = Field(
        "", max_length=60, description="IANA; the company's when left out.", examples=["Europe/Paris"]
    )
    language: str = Field(
        "", max_length=2, description="en, es, fr or ru; the company's when left out.", examples=["fr"]
    )
    greeting: Spoken = Field("", description="Said before the menu or the queue.")
    closed_text: Spoken = Field("", description="Said outside the opening hours; empty: the standard sentence.")
    hours_id: Id | None = Field(None, description="Opening hours; null: always open.")
    menu_id: Id | None = Field(None, description="The menu that callers meet first.")
    queue_id: Id | None = Field(None, description="Where callers wait; null: in the company's first queue.")


class LineIn(LinePatch):
    """A line."""

    number: str = Field(max_length=60, description="In any form dialled in `country`.", examples=["+33199001000"])
    label: Name = Field(examples=["Main line"])


class LineOut(Stored):
    """A line as stored."""

    number: str
    label: str
    country: str
    time_zone: str
    language: str
    greeting: str
    closed_text: str
    hours_id: str | None
    menu_id: str | None
    queue_id: str | None


@router.get("")
async def list_lines(
    board: Board, who: Caller, page: Wanted, q: Search = "", number: NumberQuery = None
) -> Page[LineOut]:
    """The lines."""
    conditions: list[ColumnElement[bool]] = []
    if number is not None:
        conditions.append(LineRecord.number == number_asked_for(board, who, number))
    if q:
        conditions.append(matches(q, LineRecord.label, numbers=[LineRecord.number]))
    return await listed(board, who, LineRecord, page, LineOut.model_validate, *conditions)


@router.post("", status_code=201, response_model=LineOut)
async def add_line(form: LineIn, post: Posting) -> Response:
    """Add a line. At the provider its webhooks have to point here."""

    async def make(edit: Edit) -> BaseModel:
        return LineOut.model_validate(await save_line(edit, form.model_dump()))

    return await post.once(make)


@router.get("/{item_id}", response_model=LineOut)
async def read_line(board: Board, who: Caller, item_id: ItemId) -> dict[str, Any]:
    """One line."""
    return await read_row(board, who, LineRecord, item_id)


@router.patch("/{item_id}", response_model=LineOut)
async def change_line(
    board: Board, who: Caller, response: Response, item_id: ItemId, form: LinePatch
) -> dict[str, Any]:
    """Change the fields that are given."""
    async with confirmed_edit(board, who, response) as edit:
        return await save_line(edit, form.model_dump(exclude_unset=True), item_id)


@router.delete("/{item_id}", status_code=204)
async def remove_line(board: Board, who: Caller, response: Response, item_id: ItemId) -> None:
    """Delete a line. Calls to its number are then told that it is not in use."""
    async with confirmed_edit(board, who, response) as edit:
        await delete_line(edit, item_id)
