"""The operator panel: the calls of now, and today's."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.auth.require import Board, Caller, allowed
from app.auth.roles import Role
from app.panel.call_pieces import cards_of_today, categories_of, running_cards, tenant_of
from app.panel.fallback_settings import fallback_notice
from app.panel.frame import framed
from app.panel.notices import notices_of
from app.panel.page_route import PageRoute

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])


@router.get("/")
async def operator_panel(request: Request, board: Board, who: Caller) -> HTMLResponse:
    """The page. The stream takes up where it was drawn: the position is read before the calls are."""
    position, now = f"{board.feed.epoch}-{board.feed.position}", board.clock()
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        cards = await running_cards(session, tenant, now)
        past = await cards_of_today(session, tenant, now, who.role)
    return await framed(
        request,
        board,
        who,
        "operator_panel/page.html",
        since=position,
        now=now.isoformat(),
        notices=notices_of(request.app.state.degradation, tenant),
        fallback=await fallback_notice(board, who),
        cards=cards,
        past=past,
        categories=categories_of(tenant),
        telephone_lines=sorted(tenant.plan.lines) if tenant.plan else [],
    )
