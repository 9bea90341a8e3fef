"""``/categories``: kinds of clients, and how their calls are received."""

from typing import Any, Literal

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from app.auth.require import Board, Caller
from app.company.edit_category import delete_category, save_category
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.web.paging import Search, matches
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, listed, read_row, resource
from app.web.schema import Id, Input, Name, Page, Spoken, Stored
from models import CategoryRule

router = resource("categories")


class CategoryPatch(Input):
    """Changes of a category."""

    name: Name = Field("-", examples=["Regulars"])
    queue_id: Id | None = Field(None, description="Their queue; null: the line's.")
    menu_id: Id | None = Field(None, description="Their menu; it goes before the queue.")
    priority: int = Field(0, ge=0, le=100, description="Added to their place in the queue; 100 is the highest.")
    greeting: Spoken = Field("", description="Said first; for the treatment `message`, all that is said.")
    treatment: Literal["message", "voicemail"] | None = Field(None, description="Something else than being received.")
    ignores_hours: bool = Field(False, description="Received outside the opening hours too.")


class CategoryIn(CategoryPatch):
    """A category."""

    name: Name = Field(examples=["Regulars"])


class CategoryOut(Stored):
    """A category as stored."""

    name: str
    queue_id: str | None
    menu_id: str | None
    priority: int
    greeting: str
    treatment: str | None
    ignores_hours: bool


@router.get("")
async def list_categories(board: Board, who: Caller, page: Wanted, q: Search = "") -> Page[CategoryOut]:
    """All categories."""
    conditions: list[ColumnElement[bool]] = [matches(q, CategoryRule.name)] if q else []
    return await listed(board, who, CategoryRule, page, CategoryOut.model_validate, *conditions)


@router.post("", status_code=201, response_model=CategoryOut)
async def add_category(form: CategoryIn, post: Posting) -> Response:
    """Add a category; clients get it when they are registered."""

    async def make(edit: Edit) -> BaseModel:
        return CategoryOut.model_validate(await save_category(edit, form.model_dump()))

    return await post.once(make)


@router.get("/{item_id}", response_model=CategoryOut)
async def read_category(board: Board, who: Caller, item_id: ItemId) -> dict[str, Any]:
    """One category."""
    return await read_row(board, who, CategoryRule, item_id)


@router.patch("/{item_id}", response_model=CategoryOut)
async def change_category(
    board: Board, who: Caller, response: Response, item_id: ItemId, form: CategoryPatch
) -> dict[str, Any]:
    """Change the fields that are given."""
    async with confirmed_edit(board, who, response) as edit:
        return await save_category(edit, form.model_dump(exclude_unset=True), item_id)


@router.delete("/{item_id}", status_code=204)
async def remove_category(board: Board, who: Caller, response: Response, item_id: ItemId) -> None:
    """Delete a category that no client has."""
    async with confirmed_edit(board, who, response) as edit:
        await delete_category(edit, item_id)
