"""The buttons of a running call, on its card and in the live view: take it, transfer it, end it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

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
from app.web.page_route import PageRoute, path_before
from models.base import new_id
from routing.move import Move, MoveTo

router = APIRouter(
    prefix="/calls/{call_id}",
    include_in_schema=False,
    route_class=PageRoute,
    dependencies=[Depends(allowed(write=Role.OPERATOR))],
)


Place = Annotated[Literal["card", "live"], Form()]
"""Where the buttons stand."""


@router.post("/take")
async def take(request: Request, board: Board, who: Who, call_id: str, place: Place = "card") -> Response:
    """The call rings at the reader's telephone."""
    when = await take_call(board, who, call_id)
    said = _("Your telephone rings.") if when is When.NOW else _soon()
    return await _part(request, board, who, call_id, said, place)


@router.post("/transfer")
async def transfer(
    request: Request,
    board: Board,
    who: Who,
    call_id: str,
    to: Annotated[str, Form(max_length=limits.NAME)] = "",
    number: Annotated[str, Form(max_length=limits.TYPED_NUMBER)] = "",
    word_first: Annotated[Literal["", "yes"], Form()] = "",
    place: Place = "card",
) -> Response:
    """``to`` is ``operator:`` or ``queue:`` and an id, or empty for ``number``."""
    move = _destination(to, number)
    if word_first:
        await ask_first(board, who, call_id, move)
        return await _part(request, board, who, call_id, _("They are being rung; the caller is on hold."), place)
    when = await transfer_call(board, who, call_id, move)
    return await _part(request, board, who, call_id, _transferred(when, place), place)


@router.post("/transfer/complete")
async def complete(request: Request, board: Board, who: Who, call_id: str) -> Response:
    """Leave the two to each other."""
    await end_word(board, who, call_id, join=True)
    return await _part(request, board, who, call_id, _("Connected."))


@router.post("/transfer/back")
async def back(request: Request, board: Board, who: Who, call_id: str) -> Response:
    """Back to the caller."""
    await end_word(board, who, call_id, join=False)
    return await _part(request, board, who, call_id, "")


@router.post("/hang-up")
async def hang_up(request: Request, board: Board, who: Who, call_id: str, place: Place = "card") -> Response:
    """End the call."""
    when = await end_call(board, who, call_id)
    return await _part(request, board, who, call_id, _("Ended.") if when is When.NOW else _soon(), place)


def _destination(to: str, number: str) -> Move:
    kind, _colon, target = to.partition(":")
    if kind in (MoveTo.OPERATOR, MoveTo.QUEUE) and target and not number.strip():
        return Move(new_id(), MoveTo(kind), target)
    if number.strip() and not to:
        return Move(new_id(), MoveTo.NUMBER, number.strip())
    raise Unprocessable(CallFault.ONE_DESTINATION, field="to")


def _soon() -> str:
    return _("The provider does not take commands now; this is done as soon as the call comes by.")


def _transferred(when: When, place: str) -> str:
    if when is When.NOW:
        return _("Transferred.")
    # Whoever talks can do it by hand.
    return _("Hang up to hand the caller over.") if place == "card" else _soon()


async def _part(
    request: Request, board: Switchboard, who: Principal, call_id: str, said: str, place: str = "card"
) -> Response:
    if "HX-Request" not in request.headers:
        return RedirectResponse(path_before(request), 303)
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    return HTMLResponse(draw_part("moves", piece, tenant, place, said))
