"""After a call: its outcome, when the caller is to be called, how satisfied they were, and whether they were called back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Unprocessable
from app.base.language import gettext as _
from app.base.problems.calls import CallFault
from app.callbacks.edit_callback import (
    close_callback,
    last_closed,
    open_one,
    reopen_callback,
    tell_callbacks,
)
from app.callbacks.save_note import Noted, save_note
from app.calls.call_notes import MOST_SATISFIED, NotedOutcome, note_call
from app.calls.pieces import draw_part, piece_of
from app.calls.visible_call import visible_call
from app.edits.tell_panels import tell_panels
from app.event_log.records import FactKind
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.page_route import PageRoute
from app.web.typed_time import typed_time
from models.callback import CallbackState

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
    next_contact_at: Annotated[str, Form(max_length=40)] = "",
    satisfaction: Annotated[int | None, Form(ge=0, le=MOST_SATISFIED)] = None,
) -> HTMLResponse:
    """See :func:`app.callbacks.save_note.save_note`. The time is read by the clock of whoever has typed it."""
    due = typed_time(next_contact_at, zone_of_company(await tenant_of(board, who)), "next_contact_at")
    await save_note(board, who, call_id, Noted(outcome or None, note, due, satisfaction))
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


async def _part(board: Switchboard, who: Principal, call_id: str, part: str, said: str = "") -> HTMLResponse:
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    return HTMLResponse(draw_part(part, piece, tenant, said=said))
