"""``/wall/{secret}``: the wall's figures for a screen that nobody signs in at; and ``/live/screens``, where such links are
made and revoked. A link shows counts and durations, the operators' names if that was chosen, and never a caller."""

import secrets
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from sqlalchemy import select

from app.auth.api_keys import hash_of
from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import WATCHES
from app.auth.roles import Role
from app.base import limits
from app.base.errors import NotAuthenticated
from app.base.language import speak
from app.base.problems.requests import RequestFault
from app.base.text import refuse_unstorable
from app.edits.confirmed_edit import confirmed_edit
from app.edits.in_turn import find_or_404, take_turn
from app.event_log.positions import here
from app.live.drawn import draw_wall, values_of
from app.live.snapshot import live_now
from app.panel.channel.stream import EventStream, Watching
from app.panel.notices import notices_of
from app.switchboard import Switchboard
from app.web.drawing import page
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from models import WallLink

SCREENS: Final = "/live/screens"
_BYTES: Final = 32

router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=WATCHES, write=WATCHES))]
)
wall_router = APIRouter(include_in_schema=False, route_class=PageRoute)
"""Without a sign-in: the link is the right."""

Secret = Annotated[str, Path(max_length=limits.SECRET)]


@router.get(SCREENS)
async def screens(request: Request, board: Board, who: Who) -> HTMLResponse:
    """The links that there are, and the form for a further one."""
    return await _drawn(request, board, who)


@router.post(SCREENS)
async def add_screen(
    request: Request, board: Board, who: Who, name: Annotated[str, Form(max_length=limits.NAME)] = "",
    names: Annotated[bool, Form()] = False,
) -> HTMLResponse:  # fmt: skip
    """A further link; its address is shown this once."""
    secret = secrets.token_urlsafe(_BYTES)
    refuse_unstorable(name, "name")
    async with confirmed_edit(board, who) as edit:
        await take_turn(edit)
        link = WallLink(tenant_id=who.tenant_id, name=name.strip(), secret_hash=hash_of(secret), names=names)
        await edit.record_added(link)
    return await _drawn(request, board, who, address=f"{str(board.settings.public_base_url).rstrip('/')}/wall/{secret}")


@router.post(f"{SCREENS}/{{link_id}}/revoke")
async def revoke_screen(board: Board, who: Who, link_id: str) -> Response:
    """From now on the link shows nothing; a screen that shows it goes dark within half a minute."""
    async with confirmed_edit(board, who) as edit:
        await take_turn(edit)
        await edit.record_deleted(await find_or_404(edit, WallLink, link_id))
    return RedirectResponse(SCREENS, 303)


@wall_router.get("/wall/{secret}")
async def wall(request: Request, board: Board, secret: Secret) -> HTMLResponse:
    """The screen."""
    link = await _link(board, secret)
    since, tenant = here(board.feed), board.live_plan.tenant(link.tenant_id)
    if tenant.plan is not None:
        speak(tenant.plan.language)
    async with board.sessions() as session:
        now = await live_now(board, session, tenant)
    return page(
        "live/wall.html", company=tenant.plan.company if tenant.plan else "", since=since, now=now.at.isoformat(),
        names=link.names, stream=f"/wall/{secret}/events", parts=f"/wall/{secret}/parts",
        notices=notices_of(request.app.state.degradation, tenant), **values_of(now, tenant),
    )  # fmt: skip


@wall_router.get("/wall/{secret}/parts")
async def wall_parts(request: Request, board: Board, secret: Secret) -> Response:
    """The figures as they are now; 401 once the link is revoked."""
    try:
        link = await _link(board, secret)
    except NotAuthenticated:
        return Response(status_code=401)
    since, tenant = here(board.feed), board.live_plan.tenant(link.tenant_id)
    if tenant.plan is not None:
        speak(tenant.plan.language)
    async with board.sessions() as session:
        now = await live_now(board, session, tenant)
    notices = notices_of(request.app.state.degradation, tenant)
    parts = {"wall": draw_wall(now, tenant, notices, names=link.names)}
    return JSONResponse({"pos": since, "now": now.at.isoformat(), "parts": parts})


@wall_router.get("/wall/{secret}/events", response_class=EventStream)
async def wall_events(request: Request, board: Board, secret: Secret, since: str | None = None) -> Response:
    """That something has moved, and nothing of what."""
    link = await _link(board, secret)
    who = Principal(
        link.tenant_id, f"screen:{link.name}", Role.OPERATOR, frozenset(), user_name=link.name, key_id=link.id
    )

    async def still_allowed() -> bool:
        try:
            await _link(board, secret)
        except NotAuthenticated:
            return False
        return True

    return await Watching(request, board, who, still_allowed).stream(since)


async def _link(board: Switchboard, secret: str) -> WallLink:
    """The link of this secret. Raises :class:`NotAuthenticated`: there is none, or there is none any more."""
    async with board.sessions() as session:
        link = await session.scalar(select(WallLink).where(WallLink.secret_hash == hash_of(secret)))
    if link is None or link.tenant_id not in board.live_plan.tenants:
        raise NotAuthenticated(RequestFault.NOT_SIGNED_IN)
    return link


async def _drawn(request: Request, board: Switchboard, who: Principal, address: str = "") -> HTMLResponse:
    async with board.sessions() as session:
        mine = select(WallLink).where(WallLink.tenant_id == who.tenant_id).order_by(WallLink.id)
        links = list(await session.scalars(mine))
    return await draw_in_frame(request, board, who, "live/screens.html", links=links, address=address)
