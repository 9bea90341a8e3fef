"""The card's line "what else to offer": fetched when a card of a known client is drawn, and answered at a click."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Conflict
from app.base.problems.calls import CallFault
from app.calls.pieces import piece_of
from app.calls.visible_call import visible_call
from app.edits.confirmed_edit import confirmed_edit
from app.plan.zones import zone_of_company
from app.sales.client_products import Since, moment_of, offer_for, products_for, say_standing
from app.switchboard import Switchboard
from app.web.drawing import draw
from app.web.page_route import PageRoute
from app.words.segment_words import standing_words
from models.segment import ProductStanding

router = APIRouter(
    prefix="/calls/{call_id}/offer", include_in_schema=False, route_class=PageRoute,
    dependencies=[Depends(allowed(write=Role.OPERATOR))],
)  # fmt: skip


@router.get("")
async def offer(board: Board, who: Who, call_id: str) -> HTMLResponse:
    """The line; nothing when there is nothing to offer, or nobody who is known."""
    client_id = await _client_of(board, who, call_id)
    if client_id is None:
        return HTMLResponse("")
    zone = zone_of_company(await tenant_of(board, who))
    async with board.sessions() as session:
        best = await offer_for(session, who.tenant_id, client_id, zone, board.clock().astimezone(zone).date())
    return HTMLResponse(draw("operator_panel/offer.html", call_id=call_id, offer=best))


@router.post("")
async def say(
    board: Board,
    who: Who,
    call_id: str,
    product: Annotated[str, Form(max_length=limits.ROW_ID)],
    state: Annotated[ProductStanding, Form()],
    since: Since = None,
) -> HTMLResponse:
    """Say that the product was offered or refused, and offer to take that back: with ``since``, the day of what was said
    before."""
    client_id = await _client_of(board, who, call_id)
    if client_id is None:
        raise Conflict(CallFault.CLIENT_UNKNOWN, field="product")
    zone, now = zone_of_company(await tenant_of(board, who)), board.clock()
    async with board.sessions() as session:
        products = await products_for(session, who.tenant_id, client_id, zone)
    before = next((one for one in products if one.id == product), None)
    at = moment_of(since, zone, now)
    async with confirmed_edit(board, who) as edit:
        await say_standing(edit, client_id, product, state, at)
    if state not in (ProductStanding.OFFERED, ProductStanding.REFUSED) or since is not None:
        return await offer(board, who, call_id)
    return HTMLResponse(draw("operator_panel/offered.html", call_id=call_id, before=before, said=standing_words(state)))


async def _client_of(board: Switchboard, who: Principal, call_id: str) -> str | None:
    """The id of the one client who calls."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    client_id: str | None = piece.card.client["id"] if piece.card.client else None
    return client_id
