"""Parts of a card or line that are fetched when somebody unfolds them: most are never looked at."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from app.auth.require import Board, Who, allowed
from app.auth.rights import can_read_lists
from app.auth.tenant import tenant_of
from app.base import limits
from app.calls.pieces import draw_part, piece_of
from app.calls.visible_call import visible_call
from app.clients.search_clients import search_clients
from app.event_log.read_decision import decision_of
from app.web.drawing import draw
from app.web.page_route import PageRoute
from app.words.told_decision import tell_decision

JOINABLE: int = 6

router = APIRouter(
    prefix="/calls/{call_id}", include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed())]
)


@router.get("/why")
async def why(board: Board, who: Who, call_id: str) -> HTMLResponse:
    """The stored decision, step by step."""
    async with board.sessions() as session:
        call = await visible_call(session, who, call_id)
    sees_lists = can_read_lists(who.role)
    decision = tell_decision(decision_of(call))
    return HTMLResponse(draw("operator_panel/why.html", call_id=call_id, decision=decision, sees_lists=sees_lists))


@router.get("/form")
async def form(board: Board, who: Who, call_id: str) -> HTMLResponse:
    """Who the caller may be, and the form that makes a client of them, with what this person had typed into it."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    return HTMLResponse(draw_part("who_was_it", piece, tenant, place="line"))


@router.get("/join")
async def join(
    board: Board, who: Who, call_id: str, q: Annotated[str, Query(max_length=limits.SEARCH_CLIENTS)] = ""
) -> HTMLResponse:
    """Existing clients to whom the caller's number may be given."""
    clients = await search_clients(await tenant_of(board, who), q, JOINABLE)
    return HTMLResponse(draw("operator_panel/join.html", clients=clients, text=q.strip(), call_id=call_id))
