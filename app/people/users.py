"""``/users``: the people who sign in."""

import asyncio
from typing import Any

from fastapi import Response
from pydantic import BaseModel, Field, SecretStr
from sqlalchemy import ColumnElement

from app.auth.passwords import hash_password
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.people.edit_user import check_password, delete_user, save_user
from app.plan.rows import Row
from app.web.paging import Search, matches
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, listed, read_row, resource
from app.web.schema import Id, Input, Name, Page, Stored
from models import UserAccount

# Whoever makes an admin account holds every right, so a key needs the scope that hands out keys.
router = resource("users", read=Role.ADMIN, scope=Scope.KEYS)


class UserPatch(Input):
    """Changes of an account."""

    email: str = Field("", max_length=254, examples=["olga@example.org"])
    name: Name = Field("-", examples=["Olga"])
    role: Role = Field(Role.OPERATOR)
    password: SecretStr = Field(SecretStr(""), max_length=1000, description="At least 10 characters. Write only.")
    operator_id: Id | None = Field(None, description="Who they are on the phone, if they take calls.")
    language: str | None = Field(None, max_length=2, description="Of the pages; null: the browser's.")
    disabled: bool = Field(False, description="Signs them out and keeps them out.")


class UserIn(UserPatch):
    """An account."""

    email: str = Field(max_length=254, examples=["olga@example.org"])
    name: Name = Field(examples=["Olga"])
    password: SecretStr = Field(max_length=1000, description="At least 10 characters. Write only.")


class UserOut(Stored):
    """An account as stored."""

    email: str
    name: str
    role: Role
    operator_id: str | None
    language: str | None
    disabled: bool


@router.get("")
async def list_users(board: Board, who: Who, page: Wanted, q: Search = "") -> Page[UserOut]:
    """Everybody who may sign in."""
    conditions: list[ColumnElement[bool]] = [matches(q, UserAccount.name, UserAccount.email)] if q else []
    return await listed(board, who, UserAccount, page, _shown, *conditions)


@router.post("", status_code=201, response_model=UserOut)
async def add_user(form: UserIn, post: Posting) -> Response:
    """Let somebody in."""
    fields = await _with_hash(form.model_dump())

    async def make(edit: Edit) -> BaseModel:
        return UserOut.model_validate(await save_user(edit, fields, post.board.clock()))

    return await post.once(make)


@router.get("/{item_id}")
async def read_user(board: Board, who: Who, item_id: ItemId) -> UserOut:
    """One account."""
    return _shown(await read_row(board, who, UserAccount, item_id))


@router.patch("/{item_id}")
async def change_user(board: Board, who: Who, response: Response, item_id: ItemId, form: UserPatch) -> UserOut:
    """Change the fields that are given. A new password or role, or disabling, ends the person's sessions."""
    fields = await _with_hash(form.model_dump(exclude_unset=True))
    async with confirmed_edit(board, who, response) as edit:
        return UserOut.model_validate(await save_user(edit, fields, board.clock(), item_id))


@router.delete("/{item_id}", status_code=204)
async def remove_user(board: Board, who: Who, item_id: ItemId) -> None:
    """Delete an account. What it did stays in the audit trail."""
    async with confirmed_edit(board, who) as edit:
        await delete_user(edit, item_id)


async def _with_hash(fields: dict[str, Any]) -> dict[str, Any]:
    if "password" in fields:
        password = fields.pop("password").get_secret_value()
        check_password(password)
        fields["password_hash"] = await asyncio.to_thread(hash_password, password)
    return fields


def _shown(row: Row) -> UserOut:
    return UserOut.model_validate(row | {"disabled": row["disabled_at"] is not None})
