"""``/api-keys``: keys for programs. A key is shown once; only its hash is stored."""

from datetime import datetime
from typing import Any

from fastapi import Response
from pydantic import BaseModel, Field

from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.people.edit_api_key import add_api_key, revoke_api_key
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, listed, read_row, resource
from app.web.schema import Input, Moment, Name, Page, Stored
from models import ApiKey

router = resource("api-keys", read=Role.ADMIN, scope=Scope.KEYS)


class KeyIn(Input):
    """A key to be made."""

    name: Name = Field(description="What it is for; the audit trail shows it.", examples=["CRM"])
    scopes: list[Scope] = Field([Scope.READ], min_length=1, max_length=3, description="None that you lack yourself.")
    expires_at: Moment | None = Field(None, description="When it ends; null: when it is revoked.")


class KeyOut(Stored):
    """A key, without itself."""

    name: str
    hint: str = Field(description="Its first characters.", examples=["ack_Xy1z"])
    scopes: list[Scope]
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKeyOut(KeyOut):
    """A new key."""

    key: str = Field(description="Shown this once.", examples=["ack_…"])


@router.get("")
async def list_keys(board: Board, who: Who, page: Wanted) -> Page[KeyOut]:
    """All keys, the revoked ones too."""
    return await listed(board, who, ApiKey, page, KeyOut.model_validate)


@router.post("", status_code=201, response_model=NewKeyOut)
async def add_key(form: KeyIn, post: Posting) -> Response:
    """Make a key. The answer is the only place where it is ever shown."""

    async def make(edit: Edit) -> BaseModel:
        row, key = await add_api_key(edit, post.who, form.name, form.scopes, form.expires_at, post.board.clock())
        return NewKeyOut.model_validate(row | {"key": key})

    return await post.once(make)


@router.get("/{item_id}", response_model=KeyOut)
async def read_key(board: Board, who: Who, item_id: ItemId) -> dict[str, Any]:
    """One key."""
    return await read_row(board, who, ApiKey, item_id)


@router.delete("/{item_id}", status_code=204)
async def revoke_key(board: Board, who: Who, item_id: ItemId) -> None:
    """Revoke a key: the next request with it is refused."""
    async with confirmed_edit(board, who) as edit:
        await revoke_api_key(edit, item_id, board.clock())
