"""``/live``: the supervisor's page; ``/live?wall=1``: the same for a screen on the wall; ``/live/parts``: both as they are
now, for the page to put in what has changed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from app.auth.require import Board, Who, allowed
from app.auth.rights import WATCHES
from app.auth.tenant import tenant_of
from app.company.operator_presence import change_presence, tell_presence
from app.edits.confirmed_edit import confirmed_edit
from app.event_log.positions import here
from app.live.drawn import draw_parts, draw_wall, values_of
from app.live.snapshot import live_now
from app.panel.notices import notices_of
from app.web.drawing import page
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute, path_before
from routing.presence import PresenceState

PATH = "/live"

router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=WATCHES, write=WATCHES))]
)


@router.get(PATH)
async def live_page(
    request: Request, board: Board, who: Who, wall: Annotated[bool, Query()] = False,
    names: Annotated[bool, Query()] = False,
) -> HTMLResponse:  # fmt: skip
    """The page; the position of the log is read before the calls are, so nothing is missed in between."""
    since = here(board.feed)
    tenant = await tenant_of(board, who)
    notices = notices_of(request.app.state.degradation, tenant)
    async with board.sessions() as session:
        now = await live_now(board, session, tenant)
    if wall:
        company = tenant.plan.company if tenant.plan else ""
        return page(
            "live/wall.html", company=company, since=since, now=now.at.isoformat(), names=names, who=who,
            notices=notices,
            stream="/events?view=live", parts=f"/live/parts?wall=1{'&names=1' if names else ''}",
            **values_of(now, tenant),
        )  # fmt: skip
    return await draw_in_frame(
        request, board, who, "live/page.html", since=since, now=now.at.isoformat(), notices=notices,
        **values_of(now, tenant),
    )  # fmt: skip


@router.get(f"{PATH}/parts")
async def live_parts(
    request: Request, board: Board, who: Who, wall: Annotated[bool, Query()] = False,
    names: Annotated[bool, Query()] = False,
) -> JSONResponse:  # fmt: skip
    """The parts of the page as they are now; the page puts in what has changed."""
    since = here(board.feed)
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        now = await live_now(board, session, tenant)
    notices = notices_of(request.app.state.degradation, tenant)
    parts = {"wall": draw_wall(now, tenant, notices, names=names)} if wall else draw_parts(now, tenant)
    return JSONResponse({"pos": since, "now": now.at.isoformat(), "parts": parts})


@router.post(f"{PATH}/operators/{{operator_id}}")
async def set_presence(
    request: Request, board: Board, who: Who, operator_id: str, state: Annotated[PresenceState, Form()]
) -> Response:
    """A supervisor says what an operator does: set free whoever forgot to, or send somebody on a break."""
    async with confirmed_edit(board, who) as edit:
        row = await change_presence(edit, operator_id, state)
    await tell_presence(board, who.tenant_id, row)
    if "HX-Request" in request.headers:
        return Response(status_code=204)
    return RedirectResponse(path_before(request), 303)
