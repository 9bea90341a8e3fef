"""``/matters``: complaints, questions and orders that are to be seen to."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from app.auth.require import Board, Who
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.text import refuse_unstorable
from app.calls.merged_clients import ids_known_as
from app.calls.visible_call import call_of_field
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.matters.edit_matter import change_matter, open_matter, tell_matter
from app.plan.rows import Row, as_row
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, list_rows, read_row, resource
from app.web.schema import Id, Input, Moment, Page, Stored
from models import Matter
from models.matter import MatterKind, MatterState

router = resource("matters", "Complaints, questions and orders that are to be seen to.", write=Role.OPERATOR)

OwnerId = Annotated[str | None, Field(max_length=limits.ROW_ID, description="The operator who sees to it.")]
Text = Annotated[str, Field(max_length=limits.TEXT, examples=["Two of 40 chairs arrived scratched."])]
Lesson = Annotated[str, Field(max_length=limits.TEXT, description="What was learned.")]


class MatterIn(Input):
    """A matter of a client."""

    client_id: Id | None = None
    kind: MatterKind = MatterKind.QUESTION
    call_id: str | None = Field(None, max_length=limits.ROW_ID, description="The call that led to it.")
    owner_id: OwnerId = None
    due_at: Moment | None = Field(None, description="By when; two days from now when left out.")
    text: Text
    lesson: Lesson = ""
    state: MatterState = MatterState.REGISTERED


class MatterPatch(Input):
    """What can be changed of a matter."""

    client_id: Id | None = None
    kind: MatterKind = MatterKind.QUESTION
    owner_id: OwnerId = None
    due_at: Moment | None = None
    text: Text = ""
    lesson: Lesson = ""
    state: MatterState = Field(MatterState.REGISTERED, description="A state may be left out, and taken back.")


class MatterOut(Stored):
    """A matter as stored."""

    client_id: str | None
    kind: str
    state: str
    call_id: str | None
    owner_id: str | None
    taken_by: str | None = Field(description="Who took it on, who need not be an operator.")
    due_at: datetime
    text: str
    lesson: str
    satisfaction: int | None = Field(description="The caller's mark that has opened it by itself.")
    opened_by: str = Field(description="A person, or `caller`: by a key, after the call.")
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None


@router.get("")
async def list_matters(
    board: Board,
    who: Who,
    page: Wanted,
    state: MatterState | None = None,
    kind: MatterKind | None = None,
    owner_id: Annotated[str | None, Query(max_length=limits.ROW_ID)] = None,
    client_id: Annotated[
        str | None, Query(max_length=limits.ROW_ID, description="Includes matters of clients merged into this one.")
    ] = None,
    call_id: Annotated[str | None, Query(max_length=limits.ROW_ID)] = None,
    overdue: Annotated[bool | None, Query(description="Whether it should have been seen to by now.")] = None,
) -> Page[MatterOut]:
    """Matters, the newest first."""
    conditions: list[ColumnElement[bool]] = []
    for name, value in (("owner_id", owner_id), ("client_id", client_id), ("call_id", call_id)):
        refuse_unstorable(value or "", name)
    if state is not None:
        conditions.append(Matter.state == state.value)
    if kind is not None:
        conditions.append(Matter.kind == kind.value)
    if owner_id is not None:
        conditions.append(Matter.owner_id == owner_id)
    if client_id is not None:
        conditions.append(Matter.client_id.in_(ids_known_as(who.tenant_id, client_id)))
    if call_id is not None:
        conditions.append(Matter.call_id == call_id)
    if overdue is not None:
        late = (Matter.state != MatterState.CLOSED.value) & (Matter.due_at < board.clock())
        conditions.append(late if overdue else ~late)
    return await list_rows(board, who, Matter, page, MatterOut.model_validate, *conditions)


@router.post("", status_code=201, response_model=MatterOut)
async def create_matter(post: Posting, form: MatterIn) -> Response:
    """Open a matter."""
    board, who = post.board, post.who
    tenant = await tenant_of(board, who)
    fields = _columns(form.model_dump())
    made: list[Matter] = []

    async def make(edit: Edit) -> BaseModel:
        if form.call_id is not None:
            await call_of_field(edit.session, who, form.call_id, "call_id")
        made.append(await open_matter(edit, fields, tenant))
        return MatterOut.model_validate(as_row(made[0]))

    answer = await post.once(make)
    for matter in made:
        await tell_matter(board, matter, tenant)
    return answer


@router.get("/{item_id}")
async def get_matter(board: Board, who: Who, item_id: ItemId) -> MatterOut:
    """One matter."""
    return MatterOut.model_validate(await read_row(board, who, Matter, item_id))


@router.patch("/{item_id}")
async def update_matter(board: Board, who: Who, item_id: ItemId, form: MatterPatch) -> MatterOut:
    """Change the fields that are given. An `owner_id` takes it for that operator."""
    tenant = await tenant_of(board, who)
    async with confirmed_edit(board, who) as edit:
        fields = _columns(form.model_dump(include=form.model_fields_set))
        matter = await change_matter(edit, item_id, fields, tenant)
        out = MatterOut.model_validate(as_row(matter))
    await tell_matter(board, matter, tenant)
    return out


def _columns(given: Row) -> Row:
    """Without a date it keeps the one that it has."""
    columns = {
        name: value.value if isinstance(value, MatterKind | MatterState) else value for name, value in given.items()
    }
    if columns.get("due_at") is None:
        columns.pop("due_at", None)
    return columns
