"""The short form on a new caller's card: who was it, what kind of client, what about."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from app.auth.require import Board, Caller, allowed
from app.auth.roles import Role
from app.errors import Conflict, NotFound, Unprocessable
from app.panel.call_pieces import card_of, draw_card, draw_line, tenant_of
from app.panel.page_route import PageRoute
from app.plan.confirmed_edit import confirmed_edit
from app.plan.edit import Edit
from app.plan.edit_client import save_caller_form
from app.plan.edit_in_turn import take_turn
from filters.caller_id import CallerKind
from models import CallRecord, ClientCard, ClientNumber
from routing.lifecycle import CallState

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])


@router.post("/clients/from-call")
async def save_new_caller(
    board: Board,
    who: Caller,
    call: Annotated[str, Form(max_length=100)],
    name: Annotated[str, Form()] = "",
    category: Annotated[str, Form(max_length=100)] = "",
    about: Annotated[str, Form()] = "",
) -> Response:
    """Make a client of the caller. The number is taken from the call's record, never from the form. Answers with the
    call's card (or line, when it has ended) as it is from now on."""
    async with board.sessions() as session:
        record = await session.get(CallRecord, {"tenant_id": who.tenant_id, "call_id": call})
    if record is None:
        raise NotFound("There is no such call.")
    if record.caller_kind != CallerKind.NUMBER or record.caller_number is None:
        raise Unprocessable("This caller showed no number that a client could be known by.", field="call")
    answer = HTMLResponse()
    async with confirmed_edit(board, who, answer) as edit:
        await _refuse_known(edit, record.caller_number)
        await save_caller_form(edit, record.caller_number, name, category or None, about)
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        card = await card_of(session, record, tenant)
    html = draw_line(card, tenant) if record.state == CallState.ENDED else draw_card(card, tenant)
    return HTMLResponse(html, headers={k: v for k, v in answer.headers.items() if k.startswith("antichambre-")})


async def _refuse_known(edit: Edit, number: str) -> None:
    """Two operators may write at once: the second one is told, and no caller becomes two clients."""
    await take_turn(edit)
    name = await edit.session.scalar(
        select(ClientCard.name)
        .join(
            ClientNumber, (ClientNumber.tenant_id == ClientCard.tenant_id) & (ClientNumber.client_id == ClientCard.id)
        )
        .where(ClientNumber.tenant_id == edit.tenant_id, ClientNumber.number == number)
        .limit(1)
    )
    if name is not None:
        raise Conflict(f"This number has been saved as {name} meanwhile; reload the page to see the card.")
