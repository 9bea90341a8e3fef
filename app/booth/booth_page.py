"""The phone booth's page; see :mod:`app.booth`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request, WebSocket
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.booth.booth_record import booth_record
from app.booth.callers import known_callers
from app.booth.clear_booth_calls import clear_booth_calls
from app.booth.line_to_browser import serve_booth
from app.booth.open_booths import OpenBooths
from app.booth.scenes import booth_scenes
from app.web.drawing import page
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from models import ProviderAccount


@asynccontextmanager
async def booths_of_the_worker(app: FastAPI) -> AsyncIterator[None]:
    """The router's part of start and stop: ``app.state.booths``."""
    app.state.booths = OpenBooths()
    yield


router = APIRouter(
    prefix="/booth",
    include_in_schema=False,
    route_class=PageRoute,
    lifespan=booths_of_the_worker,
    dependencies=[Depends(allowed(read=Role.ADMIN))],
)
# Apart, because what allows requests knows requests only; it is allowed by `serve_booth`.
line_router = APIRouter(prefix="/booth", include_in_schema=False)


@router.get("")
async def booth(request: Request, board: Board, who: Who, cleared: int | None = None) -> HTMLResponse:
    """The page. ``cleared``: how many calls were just taken out of the log."""
    tenant = await tenant_of(board, who)
    plan = tenant.plan
    lines = sorted(plan.lines.values(), key=lambda one: one.id) if plan else []
    async with board.sessions() as session:
        scenes = await booth_scenes(session, tenant, lines[0], board.clock()) if lines else []
        callers = await known_callers(session, tenant)
    return await draw_in_frame(
        request,
        board,
        who,
        "booth/page.html",
        lines=lines,
        has_account=bool(tenant.rows[ProviderAccount.__tablename__]),
        scenes=scenes,
        callers=callers,
        cleared=cleared,
    )


@router.get("/callers")
async def callers(
    board: Board, who: Who, caller: Annotated[str, Query(max_length=200)] = ""
) -> HTMLResponse:  # the field's own name
    """The choices for what was typed so far."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        found = await known_callers(session, tenant, caller.replace("\x00", "").strip())
    return page("booth/callers.html", callers=found)


@router.post("/clear")
async def clear(board: Board, who: Who) -> RedirectResponse:
    """Take the booth's calls out of the log."""
    async with board.sessions() as session, session.begin():
        count = await clear_booth_calls(session, who.tenant_id, who.actor)
    return RedirectResponse(f"/booth?cleared={count}", 303)


@line_router.websocket("/line")
async def line(socket: WebSocket) -> None:
    """The connection of one open booth."""
    state = socket.app.state
    await serve_booth(socket, state.switchboard, state.booths, state.streams.closing, booth_record)
