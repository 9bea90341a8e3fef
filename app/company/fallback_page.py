"""``/settings/fallback``: the static document for the provider's console, to copy or to download, and whether the one that
was taken away is out of date."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role, at_least
from app.auth.tenant import tenant_of
from app.base import limits
from app.company.fallback_exports import FallbackState, export_fallback, fallback_state, fallback_states
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.drawing import draw
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from models import Company

PATH = "/settings/fallback"

router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=Role.ADMIN, write=Role.ADMIN))]
)


@router.get(PATH)
async def fallback_page(
    request: Request,
    board: Board,
    who: Who,
    line: Annotated[str | None, Query(max_length=limits.LINE_NUMBER)] = None,
) -> HTMLResponse:
    """The page of one line, with links to the others'."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        states = await fallback_states(session, who.tenant_id)
        chosen = await fallback_state(session, who.tenant_id, line) if states else None
    return await draw_in_frame(
        request,
        board,
        who,
        "settings_fallback/page.html",
        states=states,
        state=chosen,
        zone=zone_of_company(tenant),
    )


@router.post(f"{PATH}/exports")
async def copied(board: Board, who: Who, line: Annotated[str, Form(max_length=limits.LINE_NUMBER)]) -> HTMLResponse:
    """The document was copied: answers with the part of the page that says when."""
    tenant = await tenant_of(board, who)
    state = await _export(board, who, line)
    return HTMLResponse(draw("settings_fallback/when.html", state=state, zone=zone_of_company(tenant)))


@router.post(f"{PATH}/file")
async def downloaded(board: Board, who: Who, line: Annotated[str, Form(max_length=limits.LINE_NUMBER)]) -> Response:
    """The document as a file."""
    state = await _export(board, who, line)
    name = f"fallback-{state.line.number.removeprefix('+')}.xml"
    return Response(
        state.document, media_type="text/xml", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


async def fallback_notice(board: Switchboard, who: Principal) -> list[FallbackState]:
    """The lines whose document in the provider's console is out of date or was never put there; for admins, who can do
    something about it."""
    if not at_least(who.role, Role.ADMIN):
        return []
    async with board.sessions() as session:
        return [state for state in await fallback_states(session, who.tenant_id) if state.out_of_date]


async def _export(board: Switchboard, who: Principal, line: str) -> FallbackState:
    async with board.sessions() as session, session.begin():
        company = await session.get_one(Company, who.tenant_id)
        return await export_fallback(session, company, line, who.actor, board.clock())
