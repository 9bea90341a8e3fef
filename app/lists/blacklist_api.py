"""``/blacklist``: callers who wait for ever, or whatever else is thought right for them."""

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
from filters.entries import Treatment
from models import BlacklistEntry
from models.list_name import ListName

router = resource("blacklist", write=JUDGES)


class BlacklistPatch(EntryPatch):
    """Changes of a blacklist entry."""

    label: str = Field("", max_length=200, description="Who this is, for people.", examples=["Boris"])
    reason: str = Field("", max_length=1000, description="Why.", examples=["Threatened an operator on 3 March"])
    treatment: Treatment | None = Field(
        None, description="What the caller gets; null: what the company has chosen.", examples=["fake_queue"]
    )


class BlacklistIn(BlacklistPatch):
    """A blacklist entry."""

    number: str = Field(max_length=100, description="See `match`.", examples=["+33639980002"])


class BlacklistOut(EntryOut):
    """A blacklist entry as it is stored."""

    treatment: Treatment | None


@router.get("")
async def list_blacklisted(
    board: Board, who: Who, page: Wanted, q: Search = "", number: NumberQuery = None
) -> Page[BlacklistOut]:
    """The list; with `number`, every entry that covers it, the most specific first."""
    return await entries_page(board, who, ListName.BLACKLIST, BlacklistOut, page, q, number)


@router.post("", status_code=201, response_model=BlacklistOut)
async def add_blacklisted(form: BlacklistIn, post: Posting) -> Response:
    """Put a number, a prefix, a range or a country on the list. Protected numbers stay reachable."""

    async def make(edit: Edit) -> BaseModel:
        entry = EntryForm(**form.model_dump())
        return BlacklistOut.model_validate(shown(await add_entry(edit, ListName.BLACKLIST, entry, post.board.clock())))

    return await post.once(make)


@router.get("/{item_id}", response_model=BlacklistOut)
async def read_blacklisted(board: Board, who: Who, item_id: ItemId) -> dict[str, Any]:
    """One entry."""
    return await read_row(board, who, BlacklistEntry, item_id)


@router.patch("/{item_id}", response_model=BlacklistOut)
async def change_blacklisted(
    board: Board, who: Who, response: Response, item_id: ItemId, form: BlacklistPatch
) -> dict[str, Any]:
    """Change the fields that are given."""
    return await change_in_list(board, who, response, ListName.BLACKLIST, item_id, form.model_dump(exclude_unset=True))


@router.put("/{item_id}", response_model=BlacklistOut)
async def replace_blacklisted(
    board: Board, who: Who, response: Response, item_id: ItemId, form: BlacklistIn
) -> dict[str, Any]:
    """Write the whole entry anew."""
    return await change_in_list(board, who, response, ListName.BLACKLIST, item_id, form.model_dump())


@router.delete("/{item_id}", status_code=204)
async def delete_blacklisted(board: Board, who: Who, response: Response, item_id: ItemId) -> None:
    """Take the entry off the list."""
    await take_off_list(board, who, response, ListName.BLACKLIST, item_id)
