"""``/vip``: callers who walk straight in."""

from typing import Any

from fastapi import Response
from pydantic import BaseModel, Field

from app.auth.require import Board, Who
from app.auth.rights import JUDGES
from app.edits.edit import Edit
from app.lists.edit_entries import EntryForm, add_entry
from app.lists.entries_api import EntryOut, EntryPatch, change_in_list, entries_page, shown, take_off_list
from app.web.paging import NumberQuery, Search
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, read_row, resource
from app.web.schema import Page
from models import VipEntry
from models.list_name import ListName

router = resource("vip", write=JUDGES)


class VipPatch(EntryPatch):
    """Changes of a VIP entry."""


class VipIn(VipPatch):
    """A VIP entry."""

    number: str = Field(max_length=100, description="See `match`.", examples=["+33639980001"])


class VipOut(EntryOut):
    """A VIP entry as it is stored."""


@router.get("")
async def list_vips(board: Board, who: Who, page: Wanted, q: Search = "", number: NumberQuery = None) -> Page[VipOut]:
    """The list; with `number`, every entry that covers it, the most specific first."""
    return await entries_page(board, who, ListName.VIP, VipOut, page, q, number)


@router.post("", status_code=201, response_model=VipOut)
async def add_vip(form: VipIn, post: Posting) -> Response:
    """Put a number, a prefix, a range or a country on the list."""

    async def make(edit: Edit) -> BaseModel:
        entry = EntryForm(**form.model_dump())
        return VipOut.model_validate(shown(await add_entry(edit, ListName.VIP, entry, post.board.clock())))

    return await post.once(make)


@router.get("/{item_id}", response_model=VipOut)
async def read_vip(board: Board, who: Who, item_id: ItemId) -> dict[str, Any]:
    """One entry."""
    return await read_row(board, who, VipEntry, item_id)


@router.patch("/{item_id}", response_model=VipOut)
async def change_vip(board: Board, who: Who, response: Response, item_id: ItemId, form: VipPatch) -> dict[str, Any]:
    """Change the fields that are given."""
    return await change_in_list(board, who, response, ListName.VIP, item_id, form.model_dump(exclude_unset=True))


@router.put("/{item_id}", response_model=VipOut)
async def replace_vip(board: Board, who: Who, response: Response, item_id: ItemId, form: VipIn) -> dict[str, Any]:
    """Write the whole entry anew."""
    return await change_in_list(board, who, response, ListName.VIP, item_id, form.model_dump())


@router.delete("/{item_id}", status_code=204)
async def delete_vip(board: Board, who: Who, response: Response, item_id: ItemId) -> None:
    """Take the entry off the list."""
    await take_off_list(board, who, response, ListName.VIP, item_id)
