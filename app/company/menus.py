"""``/menus``: what callers hear first, and where their keys lead."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from app.auth.require import Board, Caller
from app.company.edit_menu import delete_menu, save_menu
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.web.paging import Search, matches
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, listed, read_row, resource
from app.web.schema import Id, Input, Name, Page, Spoken, Stored
from models import MenuRecord
from routing.menu import TargetKind

router = resource("menus")

Key = Annotated[str, Field(pattern=r"^[0-9*#]{1,4}$", description="One to four keys, in the order pressed.")]
Language = Annotated[str, Field(pattern=r"^(en|es|fr|ru)$")]
_PROMPTS: list[dict[str, str]] = [{"fr": "Pour une commande, tapez 1. Pour réécouter, tapez 9."}]
_KEYS: list[dict[str, dict[str, str]]] = [
    {"1": {"kind": "queue", "id": "01kfx3v9q2abcdefghjk", "label": "Orders"}, "9": {"kind": "repeat"}}
]


class Target(Input):
    """Where a key leads."""

    kind: TargetKind
    id: Id | None = Field(None, description="The menu, queue or operator.")
    text: Spoken = Field("", description="Said by a message.")
    label: str = Field("", max_length=200, description="Shown on the client's card.")


class MenuPatch(Input):
    """Changes of a menu."""

    name: Name = Field("-", examples=["Reception"])
    prompts: dict[Language, Spoken] = Field({}, description="By language.", examples=_PROMPTS)
    keys: dict[Key, Target] = Field({}, max_length=100, examples=_KEYS)
    otherwise: Target | None = Field(None, description="After all tries; null: the line's queue.")
    tries: int = Field(3, ge=1, le=10)
    timeout_seconds: int = Field(5, ge=1, le=60)


class MenuIn(MenuPatch):
    """A menu."""

    name: Name = Field(examples=["Reception"])
    prompts: dict[Language, Spoken] = Field(min_length=1, description="By language.", examples=_PROMPTS)
    keys: dict[Key, Target] = Field(min_length=1, max_length=100, examples=_KEYS)


class TargetOut(BaseModel):
    """Where a key leads."""

    kind: TargetKind
    id: str | None = None
    text: str = ""
    label: str = ""


class MenuOut(Stored):
    """A menu as stored."""

    name: str
    prompts: dict[str, str]
    keys: dict[str, TargetOut]
    otherwise: TargetOut | None
    tries: int
    timeout_seconds: int


@router.get("")
async def list_menus(board: Board, who: Caller, page: Wanted, q: Search = "") -> Page[MenuOut]:
    """All menus."""
    conditions: list[ColumnElement[bool]] = [matches(q, MenuRecord.name)] if q else []
    return await listed(board, who, MenuRecord, page, MenuOut.model_validate, *conditions)


@router.post("", status_code=201, response_model=MenuOut)
async def add_menu(form: MenuIn, post: Posting) -> Response:
    """Add a menu; lines, categories and other menus refer to it."""

    async def make(edit: Edit) -> BaseModel:
        return MenuOut.model_validate(await save_menu(edit, form.model_dump(mode="json")))

    return await post.once(make)


@router.get("/{item_id}", response_model=MenuOut)
async def read_menu(board: Board, who: Caller, item_id: ItemId) -> dict[str, Any]:
    """One menu."""
    return await read_row(board, who, MenuRecord, item_id)


@router.patch("/{item_id}", response_model=MenuOut)
async def change_menu(
    board: Board, who: Caller, response: Response, item_id: ItemId, form: MenuPatch
) -> dict[str, Any]:
    """Change the fields that are given; `keys` and `prompts` replace all of theirs."""
    async with confirmed_edit(board, who, response) as edit:
        given = form.model_dump(mode="json", include=form.model_fields_set)
        return await save_menu(edit, given, item_id)


@router.put("/{item_id}", response_model=MenuOut)
async def replace_menu(board: Board, who: Caller, response: Response, item_id: ItemId, form: MenuIn) -> dict[str, Any]:
    """Write the menu anew."""
    async with confirmed_edit(board, who, response) as edit:
        return await save_menu(edit, form.model_dump(mode="json"), item_id)


@router.delete("/{item_id}", status_code=204)
async def remove_menu(board: Board, who: Caller, response: Response, item_id: ItemId) -> None:
    """Delete a menu that nothing leads to."""
    async with confirmed_edit(board, who, response) as edit:
        await delete_menu(edit, item_id)
