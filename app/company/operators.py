"""``/operators``: who takes calls, and where they are rung."""

from typing import Any

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from app.auth.require import Board, Caller
from app.company.edit_operator import delete_operator, save_operator
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.web.paging import Search, matches
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, listed, read_row, resource
from app.web.schema import Id, Input, Name, Page, Stored
from models import OperatorRecord

router = resource("operators")
_ADDRESS = "A number, `sip:user@host` or `client:identity`. Costly numbers and our own lines are refused."


class OperatorPatch(Input):
    """Changes of an operator."""

    name: Name = Field("-", examples=["Olga"])
    address: str = Field("", max_length=300, description=_ADDRESS, examples=["+33639980011"])
    queue_ids: list[Id] = Field([], max_length=1000, description="The queues that they serve.")
    management: bool = Field(False, description="Rung for VIPs, at any hour.")
    position: int = Field(0, ge=0, le=10_000, description="Their order among those who are rung one after the other.")
    ring_seconds: int = Field(20, ge=5, le=120, description="Below the time after which a mobile's mailbox answers.")
    confirm: bool = Field(False, description="They press 1 to take a call, so that no mailbox ever does.")
    available: bool = Field(True)


class OperatorIn(OperatorPatch):
    """An operator."""

    name: Name = Field(examples=["Olga"])
    address: str = Field(max_length=300, description=_ADDRESS, examples=["+33639980011"])


class OperatorOut(Stored):
    """An operator as stored."""

    name: str
    address: str
    queue_ids: list[str]
    management: bool
    position: int
    ring_seconds: int
    confirm: bool
    available: bool


@router.get("")
async def list_operators(board: Board, who: Caller, page: Wanted, q: Search = "") -> Page[OperatorOut]:
    """All operators."""
    conditions: list[ColumnElement[bool]] = []
    if q:
        conditions.append(matches(q, OperatorRecord.name, OperatorRecord.address, numbers=[OperatorRecord.address]))
    return await listed(board, who, OperatorRecord, page, OperatorOut.model_validate, *conditions)


@router.post("", status_code=201, response_model=OperatorOut)
async def add_operator(form: OperatorIn, post: Posting) -> Response:
    """Add somebody who takes calls."""

    async def make(edit: Edit) -> BaseModel:
        return OperatorOut.model_validate(await save_operator(edit, form.model_dump()))

    return await post.once(make)


@router.get("/{item_id}", response_model=OperatorOut)
async def read_operator(board: Board, who: Caller, item_id: ItemId) -> dict[str, Any]:
    """One operator."""
    return await read_row(board, who, OperatorRecord, item_id)


@router.patch("/{item_id}", response_model=OperatorOut)
async def change_operator(
    board: Board, who: Caller, response: Response, item_id: ItemId, form: OperatorPatch
) -> dict[str, Any]:
    """Change the fields that are given."""
    async with confirmed_edit(board, who, response) as edit:
        return await save_operator(edit, form.model_dump(exclude_unset=True), item_id)


@router.delete("/{item_id}", status_code=204)
async def remove_operator(board: Board, who: Caller, response: Response, item_id: ItemId) -> None:
    """Delete an operator whom no menu and no account names."""
    async with confirmed_edit(board, who, response) as edit:
        await delete_operator(edit, item_id)
