"""After a call: what came of it, and whether the caller was called back."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import can_judge
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Conflict, NotAllowed, Unprocessable
from app.base.language import gettext as _
from app.base.problems.calls import CallFault
from app.base.text import refuse_unstorable
from app.callbacks.derive_callbacks import DUE_AFTER
from app.callbacks.edit_callback import (
    close_callback,
    last_closed,
    open_one,
    promise_callback,
    reopen_callback,
    tell_callbacks,
)
from app.calls.call_notes import NotedOutcome, note_call
from app.calls.pieces import draw_part, piece_of
from app.calls.visible_call import visible_call
from app.edits.tell_panels import tell_panels
from app.event_log.records import FactKind
from app.switchboard import Switchboard
from app.web.page_route import PageRoute
from models import Callback, CallRecord
from models.callback import CallbackState
from routing.lifecycle import CallState

router = APIRouter(
    prefix="/calls/{call_id}",
    include_in_schema=False,
    route_class=PageRoute,
    dependencies=[Depends(allowed(write=Role.OPERATOR))],
)


@router.get("/after")
async def ask(board: Board, who: Who, call_id: str) -> HTMLResponse:
    """The form, with what was noted before."""
    return await _part(board, who, call_id, "after")


@router.post("/after")
async def note(
    board: Board,
    who: Who,
    call_id: str,
    outcome: Annotated[NotedOutcome | Literal[""], Form()] = "",
    note: Annotated[str, Form(max_length=limits.TEXT)] = "",
) -> HTMLResponse:
    """Note what was said in a call and what came of it. May be repeated; the last word counts. Without an ``outcome`` the
    note alone is saved, also while the call goes on: by whoever it concerns, and by supervisors. The outcome is for whoever
    took the call, and for supervisors."""
    refuse_unstorable(note, "note")
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    async with board.sessions() as session, session.begin():
        call = await visible_call(session, who, call_id)
        if outcome or call.state == CallState.ENDED or not piece.seat.is_mine:
            _refuse_others(who, call, outcome)
        noted = {"outcome": outcome.value} if outcome else {}
        await note_call(session, call, note=note.strip(), noted_by=who.actor, noted_at=board.clock(), **noted)
        changed = await _follow_outcome(session, call, who, outcome, board.clock())
    await tell_panels(board, [call])
    await tell_callbacks(board, *changed)
    return await _part(board, who, call_id, "noted" if outcome else "after", said=_("saved"))


@router.post("/called-back")
async def called_back(
    board: Board, who: Who, call_id: str, undo: Annotated[Literal["", "yes"], Form()] = ""
) -> HTMLResponse:
    """The caller was called back, or (``undo``) was not after all."""
    async with board.sessions() as session, session.begin():
        call = await visible_call(session, who, call_id)
        if call.caller_number is None:
            raise Unprocessable(CallFault.NO_NUMBER_TO_CALL_BACK, field="call")
        now = board.clock()
        by, at = (None, None) if undo else (who.actor, now)
        await note_call(session, call, called_back_by=by, called_back_at=at)
        if undo and (last := await last_closed(session, who.tenant_id, call.caller_number)) is not None:
            await reopen_callback(session, last)
            changed = [last]
        elif not undo and (there := await open_one(session, who.tenant_id, call.caller_number)) is not None:
            close_callback(there, CallbackState.DONE, who.actor, now)
            changed = [there]
        else:
            changed = []
    await tell_panels(board, [call])
    await tell_callbacks(board, FactKind.CALLBACK_CHANGED if undo else FactKind.CALLBACK_DONE, changed)
    return await _part(board, who, call_id, "line_acts")


async def _follow_outcome(
    session: AsyncSession, call: CallRecord, who: Principal, outcome: NotedOutcome | Literal[""], now: datetime
) -> tuple[FactKind, list[Callback]]:
    """A promised call is to be made; any other outcome of this call says that nothing is left to be done about it."""
    if outcome == NotedOutcome.CALL_BACK:
        promised = await promise_callback(session, call, who.actor, who.operator_id, now + DUE_AFTER, now)
        return FactKind.CALLBACK_OPENED, [promised] if promised is not None else []
    if outcome and call.caller_number is not None:
        there = await open_one(session, call.tenant_id, call.caller_number)
        if there is not None and there.call_id == call.call_id:
            close_callback(there, CallbackState.DONE, who.actor, now)
            return FactKind.CALLBACK_DONE, [there]
    return FactKind.CALLBACK_CHANGED, []


def _refuse_others(who: Principal, call: CallRecord, outcome: str) -> None:
    if outcome and call.state != CallState.ENDED:
        raise Conflict(CallFault.STILL_GOES_ON)
    took_it = who.operator_id is not None and who.operator_id == call.answered_by
    if not took_it and not can_judge(who.role):
        raise NotAllowed(CallFault.OUTCOME_OF_SOMEBODY_ELSE)


async def _part(board: Switchboard, who: Principal, call_id: str, part: str, said: str = "") -> HTMLResponse:
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    return HTMLResponse(draw_part(part, piece, tenant, said=said))
