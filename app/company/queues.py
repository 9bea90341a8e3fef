"""``/queues``: where callers wait for operators."""

from typing import Any

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from app.auth.require import Board, Caller
from app.company.edit_queue import delete_queue, save_queue
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.web.paging import Search, matches
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, listed, read_row, resource
from app.web.schema import Input, Page, Spoken, Stored
from models import QueueRecord

router = resource("queues")


class QueuePatch(Input):
    """Changes of a queue."""

    name: str = Field("-", min_length=1, max_length=64, pattern=r"\S", examples=["Orders"])
    announcement: Spoken = Field("", description="Said now and then to those who wait; empty: the standard sentence.")


class QueueIn(QueuePatch):
    """A queue."""

    name: str = Field(min_length=1, max_length=64, pattern=r"\S", examples=["Orders"])


class QueueOut(Stored):
    """A queue as stored."""

    name: str
    announcement: str


@router.get("")
async def list_queues(board: Board, who: Caller, page: Wanted, q: Search = "") -> Page[QueueOut]:
    """All queues."""
    conditions: list[ColumnElement[bool]] = [matches(q, QueueRecord.name)] if q else []
    return await listed(board, who, QueueRecord, page, QueueOut.model_validate, *conditions)


@router.post("", status_code=201, response_model=QueueOut)
async def add_queue(form: QueueIn, post: Posting) -> Response:
    """Add a queue; operators, lines, categories and menus refer to it."""

    async def make(edit: Edit) -> BaseModel:
        return QueueOut.model_validate(await save_queue(edit, form.model_dump()))

    return await post.once(make)


@router.get("/{item_id}", response_model=QueueOut)
async def read_queue(board: Board, who: Caller, item_id: ItemId) -> dict[str, Any]:
    """One queue."""
    return await read_row(board, who, QueueRecord, item_id)


@router.patch("/{item_id}", response_model=QueueOut)
async def change_queue(
    board: Board, who: Caller, response: Response, item_id: ItemId, form: QueuePatch
) -> dict[str, Any]:
    """Change the fields that are given."""
    async with confirmed_edit(board, who, response) as edit:
        return await save_queue(edit, form.model_dump(exclude_unset=True), item_id)


@router.delete("/{item_id}", status_code=204)
async def remove_queue(board: Board, who: Caller, response: Response, item_id: ItemId) -> None:
    """Delete a queue that nothing refers to."""
    async with confirmed_edit(board, who, response) as edit:
        await delete_queue(edit, item_id)
