"""The pinned note of whoever calls, changed on the card."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse

from app.auth.require import Board, Who, allowed
from app.auth.rights import can_judge
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Conflict
from app.base.problems.calls import CallFault
from app.calls.pieces import piece_of
from app.calls.visible_call import visible_call
from app.clients.edit_client import change_client
from app.edits.confirmed_edit import confirmed_edit
from app.web.drawing import draw
from app.web.page_route import PageRoute

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])


@router.post("/calls/{call_id}/pin")
async def pin_note(
    board: Board, who: Who, call_id: str, pinned_note: Annotated[str, Form(max_length=limits.PINNED_NOTE)] = ""
) -> HTMLResponse:
    """Change it, and offer to take that back."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    client = piece.card.client
    if client is None:
        raise Conflict(CallFault.CLIENT_UNKNOWN, field="pinned_note")
    may_judge = can_judge(who.role)
    async with confirmed_edit(board, who) as edit:
        await change_client(edit, client["id"], {"pinned_note": pinned_note}, board.clock(), may_judge=may_judge)
    return HTMLResponse(draw("operator_panel/pinned.html", call_id=call_id, before=client["pinned_note"]))
