"""``/live/calls/{id}``: what a supervisor can do with one running call. The live view opens it beside its lists; without a
script it is a page. It is drawn when it is asked for: the lists may hold hundreds of calls."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.auth.require import Board, Who, allowed
from app.auth.rights import WATCHES
from app.auth.tenant import tenant_of
from app.calls.pieces import piece_of, values_of
from app.calls.visible_call import visible_call
from app.web.drawing import draw
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute

router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=WATCHES, write=WATCHES))]
)


@router.get("/live/calls/{call_id}")
async def live_call(request: Request, board: Board, who: Who, call_id: str) -> HTMLResponse:
    """The call and its buttons."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    values = values_of(piece, tenant)
    if "HX-Request" in request.headers:
        return HTMLResponse(draw("live/call.html", place="live", **values))
    return await draw_in_frame(request, board, who, "live/call_page.html", place="live", **values)
