"""The buttons of a running call's card: take it, transfer it, end it."""

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
from app.calls.move_call import When, ask_first, end_call, end_word, take_call, transfer_call
from app.calls.pieces import draw_part, piece_of
from app.calls.visible_call import visible_call
from app.switchboard import Switchboard
from app.web.page_route import PageRoute
from models.base import new_id
from routing.move import Move, MoveTo

router = APIRouter(
    prefix="/calls/{call_id}",
    include_in_schema=False,
    route_class=PageRoute,
    dependencies=[Depends(allowed(write=Role.OPERATOR))],
)


@router.post("/take")
async def take(board: Board, who: Who, call_id: str) -> HTMLResponse:
    """The call rings at the reader's telephone."""
    when = await take_call(board, who, call_id)
    return await _part(board, who, call_id, _("Your telephone rings.") if when is When.NOW else _soon())


@router.post("/transfer")
async def transfer(
    board: Board,
    who: Who,
    call_id: str,
    to: Annotated[str, Form(max_length=limits.NAME)] = "",
    number: Annotated[str, Form(max_length=limits.TYPED_NUMBER)] = "",
    word_first: Annotated[Literal["", "yes"], Form()] = "",
) -> HTMLResponse:
    """``to`` is ``operator:`` or ``queue:`` and an id, or empty for ``number``."""
    move = _destination(to, number)
    if word_first:
        await ask_first(board, who, call_id, move)
        return await _part(board, who, call_id, _("They are being rung; the caller is on hold."))
    when = await transfer_call(board, who, call_id, move)
    said = _("Transferred.") if when is When.NOW else _("Hang up to hand the caller over.")
    return await _part(board, who, call_id, said)


@router.post("/transfer/complete")
async def complete(board: Board, who: Who, call_id: str) -> HTMLResponse:
    """Leave the two to each other."""
    await end_word(board, who, call_id, join=True)
    return await _part(board, who, call_id, _("Connected."))


@router.post("/transfer/back")
async def back(board: Board, who: Who, call_id: str) -> HTMLResponse:
    """Back to the caller."""
    await end_word(board, who, call_id, join=False)
    return await _part(board, who, call_id, "")


@router.post("/hang-up")
async def hang_up(board: Board, who: Who, call_id: str) -> HTMLResponse:
    """End the call."""
    when = await end_call(board, who, call_id)
    return await _part(board, who, call_id, _("Ended.") if when is When.NOW else _soon())


def _destination(to: str, number: str) -> Move:
    kind, _colon, target = to.partition(":")
    if kind in (MoveTo.OPERATOR, MoveTo.QUEUE) and target and not number.strip():
        return Move(new_id(), MoveTo(kind), target)
    if number.strip() and not to:
        return Move(new_id(), MoveTo.NUMBER, number.strip())
    raise Unprocessable(CallFault.ONE_DESTINATION, field="to")


def _soon() -> str:
    return _("The provider does not take commands now; this is done as soon as the call comes by.")


async def _part(board: Switchboard, who: Principal, call_id: str, said: str) -> HTMLResponse:
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    return HTMLResponse(draw_part("moves", piece, tenant, said=said))
