"""The operator panel: the calls of now, and today's."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from app.auth.require import Board, Who, allowed
from app.auth.roles import Role, at_least
from app.auth.tenant import tenant_of
from app.callbacks.callbacks_page import to_do_rows
from app.calls.pieces import categories_of, destinations_of, lines_of_today, now_shown
from app.company.fallback_page import fallback_notice
from app.event_log.positions import here
from app.matters.matters_page import overdue_matters
from app.panel.look_up_notice import look_ups_failing
from app.panel.my_day import Show, filters_for, my_day
from app.panel.notices import notices_of
from app.panel.webhook_notice import webhooks_off
from app.people.colleagues import draw_colleagues
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.words.unserved_words import warnings_about

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])


@router.get("/")
async def operator_panel(
    request: Request,
    board: Board,
    who: Who,
    show: Annotated[str, Query(max_length=20)] = Show.ALL,
    only_open: Annotated[bool, Query(alias="open")] = False,
) -> HTMLResponse:
    """The page. The stream takes up where it was drawn: the position is read before the calls are."""
    position, now = here(board.feed), board.clock()
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        shown = await now_shown(board, session, who, tenant, now)
        lines = await lines_of_today(board, session, who, tenant, now)
        day = await my_day(session, who, tenant, now)
        todo = await to_do_rows(board, session, who, tenant)
        overdue = await overdue_matters(board, session, who, tenant)
    return await draw_in_frame(
        request,
        board,
        who,
        "operator_panel/page.html",
        since=position,
        now=now.isoformat(),
        notices=notices_of(request.app.state.degradation, tenant),
        fallback=await fallback_notice(board, who),
        webhooks_off=await webhooks_off(board, who),
        look_ups_failing=await look_ups_failing(board, who),
        warnings=warnings_about(tenant.plan) if tenant.plan else [],
        pieces=shown.pieces,
        left=shown.left,
        lines=lines,
        todo=todo,
        overdue=overdue,
        day=day,
        colleagues=Markup(await draw_colleagues(board, who)),  # noqa: S704  our own template, which escapes
        filters=filters_for(who.role),
        show=show,
        only_open=only_open,
        categories=categories_of(tenant),
        destinations=destinations_of(tenant),
        simulates=at_least(who.role, Role.ADMIN),
        telephone_lines=sorted(tenant.plan.lines) if tenant.plan else [],
    )
