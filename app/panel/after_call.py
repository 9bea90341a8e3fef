"""After a call: what came of it, and whether the caller was called back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import can_judge
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Conflict, NotAllowed, Unprocessable
from app.base.problems.calls import CallFault
from app.base.text import refuse_unstorable
from app.calls.call_notes import NotedOutcome, note_call
from app.calls.pieces import draw_part, piece_of
from app.calls.visible_call import visible_call
from app.edits.tell_panels import tell_panels
from app.switchboard import Switchboard
from app.web.page_route import PageRoute
from models import CallRecord
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
    outcome: Annotated[NotedOutcome, Form()] = NotedOutcome.DONE,
    note: Annotated[str, Form(max_length=limits.TEXT)] = "",
) -> HTMLResponse:
    """Note what came of a call: for whoever took it, and for supervisors. May be repeated; the last word counts."""
    refuse_unstorable(note, "note")
    async with board.sessions() as session, session.begin():
        call = await visible_call(session, who, call_id)
        _refuse_others(who, call)
        await note_call(
            session, call, outcome=outcome.value, note=note.strip(), noted_by=who.actor, noted_at=board.clock()
        )
    await tell_panels(board, [call])
    return await _part(board, who, call_id, "noted")


@router.post("/called-back")
async def called_back(
    board: Board, who: Who, call_id: str, undo: Annotated[Literal["", "yes"], Form()] = ""
) -> HTMLResponse:
    """The caller was called back, or (``undo``) was not after all."""
    async with board.sessions() as session, session.begin():
        call = await visible_call(session, who, call_id)
        if call.caller_number is None:
            raise Unprocessable(CallFault.NO_NUMBER_TO_CALL_BACK, field="call")
        by, at = (None, None) if undo else (who.actor, board.clock())
        await note_call(session, call, called_back_by=by, called_back_at=at)
    await tell_panels(board, [call])
    return await _part(board, who, call_id, "line_acts")


def _refuse_others(who: Principal, call: CallRecord) -> None:
    if call.state != CallState.ENDED:
        raise Conflict(CallFault.STILL_GOES_ON)
    took_it = who.operator_id is not None and who.operator_id == call.answered_by
    if not took_it and not can_judge(who.role):
        raise NotAllowed(CallFault.OUTCOME_OF_SOMEBODY_ELSE)


async def _part(board: Switchboard, who: Principal, call_id: str, part: str) -> HTMLResponse:
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    return HTMLResponse(draw_part(part, piece, tenant))
