"""``/callbacks``: who is still to be called."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from app.auth.require import Board, Who
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Conflict, Unprocessable
from app.base.problems.calls import CallFault
from app.base.problems.company import CompanyFault
from app.base.text import refuse_unstorable
from app.callbacks.call_now import call_now
from app.callbacks.derive_callbacks import DUE_AFTER
from app.callbacks.edit_callback import (
    close_callback,
    find_callback,
    open_one,
    refuse_far_dates,
    refuse_own_line,
    refuse_unknown_client,
    reopen_callback,
    tell_callbacks,
)
from app.callbacks.ring_back import ring_back
from app.calls.visible_call import call_of_field
from app.edits.edit import Edit
from app.event_log.records import FactKind
from app.plan.rows import as_row
from app.plan.tenant_rows import TenantRows
from app.web.number_query import number_asked_for
from app.web.paging import NumberQuery
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, list_rows, read_row, resource
from app.web.schema import Id, Input, Moment, Output, Page, Stored
from models import Callback
from models.base import new_id
from models.callback import CallbackReason, CallbackState

router = resource("callbacks", "Callers who are still to be called, and who were.", write=Role.OPERATOR)

OwnerId = Annotated[str | None, Field(max_length=limits.ROW_ID, description="The operator who is to call.")]
CallNote = Annotated[str, Field(max_length=limits.TEXT)]


class CallbackIn(Input):
    """A call-back. One number has one that is open."""

    number: str = Field(max_length=limits.TYPED_NUMBER, examples=["+33639980003"])
    client_id: Id | None = None
    call_id: str | None = Field(None, max_length=limits.ROW_ID, description="The call that led to it.")
    queue_id: Id | None = None
    reason: CallbackReason = CallbackReason.PROMISED
    due_at: Moment | None = Field(None, description="By when; four hours from now when left out.")
    owner_id: OwnerId = None
    note: CallNote = ""


class CallbackPatch(Input):
    """What can be changed of a call-back."""

    due_at: Moment | None = None
    owner_id: OwnerId = None
    note: CallNote = ""
    state: CallbackState = Field(CallbackState.OPEN, description="`open` takes a closing back.")


class CallbackOut(Stored):
    """A call-back as stored."""

    number: str
    client_id: str | None
    call_id: str | None
    line_id: str | None
    queue_id: str | None
    reason: str
    due_at: datetime
    owner_id: str | None
    taken_by: str | None = Field(description="Who took it on, who need not be an operator.")
    note: str
    state: str
    attempts: int = Field(description="How often the number was rung from here.")
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None = Field(description="A person, or `call`: the caller was reached, or called again.")


class RungOut(Output):
    """The owner's telephone rings."""

    call_id: str = Field(description="The provider's id of the call that was made.")
    attempts: int


@router.get("")
async def list_callbacks(
    board: Board,
    who: Who,
    page: Wanted,
    number: NumberQuery = None,
    state: CallbackState | None = None,
    reason: CallbackReason | None = None,
    owner_id: Annotated[str | None, Query(max_length=limits.ROW_ID)] = None,
) -> Page[CallbackOut]:
    """Call-backs, the newest first."""
    conditions: list[ColumnElement[bool]] = []
    if number is not None:
        conditions.append(Callback.number == number_asked_for(board, who, number))
    if state is not None:
        conditions.append(Callback.state == state.value)
    if reason is not None:
        conditions.append(Callback.reason == reason.value)
    if owner_id is not None:
        refuse_unstorable(owner_id, "owner_id")
        conditions.append(Callback.owner_id == owner_id)
    return await list_rows(board, who, Callback, page, CallbackOut.model_validate, *conditions)


@router.post("", status_code=201, response_model=CallbackOut)
async def create_callback(post: Posting, form: CallbackIn) -> Response:
    """Promise somebody a call. It is closed when they are answered, or reached from here."""
    board, who = post.board, post.who
    refuse_unstorable(form.note, "note")
    number, now = number_asked_for(board, who, form.number), board.clock()
    refuse_far_dates(form.due_at, now, "due_at")
    tenant = await tenant_of(board, who)
    refuse_own_line(number, tenant)
    refuse_unknown_client(form.client_id, tenant)
    if form.queue_id is not None and form.queue_id not in tenant.rows["queue"]:
        raise Unprocessable(CompanyFault.UNKNOWN_QUEUE, field="queue_id")
    _refuse_unknown(form.owner_id, tenant)
    made: list[Callback] = []

    async def make(edit: Edit) -> BaseModel:
        call = await call_of_field(edit.session, who, form.call_id, "call_id") if form.call_id else None
        if await open_one(edit.session, who.tenant_id, number) is not None:
            raise Conflict(CallFault.CALLBACK_OPEN_ALREADY, field="number")
        record = Callback(
            tenant_id=who.tenant_id, id=new_id(), number=number, client_id=form.client_id, call_id=form.call_id,
            line_id=call.line_id if call else None, queue_id=form.queue_id, reason=form.reason.value,
            due_at=form.due_at or now + DUE_AFTER, owner_id=form.owner_id, note=form.note, opened_at=now,
            taken_by=who.actor if form.owner_id else None,
        )  # fmt: skip
        edit.session.add(record)
        await edit.session.flush()
        await edit.session.refresh(record)
        made.append(record)
        return CallbackOut.model_validate(as_row(record))

    answer = await post.once(make)
    await tell_callbacks(board, FactKind.CALLBACK_OPENED, made)
    return answer


class CallNow(Input):
    """Whom to call."""

    number: str = Field(max_length=limits.TYPED_NUMBER, examples=["+33639980003"])
    client_id: Id | None = None


@router.post("/ring", status_code=202)
async def ring_number(board: Board, who: Who, form: CallNow) -> RungOut:
    """Ring your own telephone and, once you have picked up, a number. It is logged as a call-back with its client."""
    record, call_id = await call_now(board, who, form.number, form.client_id)
    return RungOut(call_id=call_id, attempts=record.attempts)


@router.get("/{item_id}")
async def get_callback(board: Board, who: Who, item_id: ItemId) -> CallbackOut:
    """One call-back."""
    return CallbackOut.model_validate(await read_row(board, who, Callback, item_id))


@router.patch("/{item_id}")
async def update_callback(board: Board, who: Who, item_id: ItemId, form: CallbackPatch) -> CallbackOut:
    """Change the fields that are given. An `owner_id` takes it for that operator; `done` and `cancelled` close it."""
    given, now = form.model_fields_set, board.clock()
    refuse_unstorable(form.note, "note")
    refuse_far_dates(form.due_at, now, "due_at")
    _refuse_unknown(form.owner_id if "owner_id" in given else None, await tenant_of(board, who))
    kind = FactKind.CALLBACK_CHANGED
    async with board.sessions() as session, session.begin():
        record = await find_callback(session, who.tenant_id, item_id)
        if "owner_id" in given:
            record.owner_id, record.taken_by = form.owner_id, who.actor if form.owner_id else None
        if "due_at" in given and form.due_at is not None:
            record.due_at = form.due_at
        if "note" in given:
            record.note = form.note
        if "state" in given and form.state != record.state:
            if form.state is CallbackState.OPEN:
                await reopen_callback(session, record)
            else:
                close_callback(record, form.state, who.actor, now)
                kind = FactKind.CALLBACK_DONE
    await tell_callbacks(board, kind, [record])
    return CallbackOut.model_validate(as_row(record))


@router.post("/{item_id}/call", status_code=202)
async def ring_callback(board: Board, who: Who, item_id: ItemId) -> RungOut:
    """Ring the owner, and once they have picked up, the number. Without an owner it is whoever asks, if they are an
    operator. It is done when somebody has answered there."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session, session.begin():
        record = await find_callback(session, who.tenant_id, item_id)
        call_id = await ring_back(board, record, record.owner_id or who.operator_id, tenant, who.actor)
    await tell_callbacks(board, FactKind.CALLBACK_CHANGED, [record])
    return RungOut(call_id=call_id, attempts=record.attempts)


def _refuse_unknown(owner_id: str | None, tenant: TenantRows) -> None:
    if owner_id is not None and owner_id not in tenant.rows["operator"]:
        raise Unprocessable(CallFault.UNKNOWN_OPERATOR, field="owner_id")
