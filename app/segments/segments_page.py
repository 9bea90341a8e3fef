"""``/segments``: what sales say about the clients, and what segments suggest."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.require import Board, Who, allowed
from app.auth.rights import can_judge
from app.auth.roles import Role, Scope, at_least
from app.auth.tenant import tenant_of
from app.base import limits
from app.edits.confirmed_edit import confirmed_edit
from app.plan.zones import zone_of_company
from app.sales.matrix_api import matrix_of
from app.segments.keep_segments import compute_now
from app.segments.segments_api import state_of
from app.segments.suggest import accept_suggestions, dismiss_suggestions
from app.segments.suggestions_api import open_suggestions
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.paging import After, page_after
from app.words.segment_words import count_words, day_words, money, segment_words
from models import CategoryRule, ClientCard, ClientSegment, SegmentMovement

PATH = "/segments"

router = APIRouter(
    prefix=PATH, include_in_schema=False, route_class=PageRoute,
    dependencies=[Depends(allowed(read=Role.SUPERVISOR, write=Role.SUPERVISOR))],
)  # fmt: skip

Chosen = Annotated[list[str], Form(max_length=limits.LONGEST_PAGE)]


@router.get("")
async def segments_page(
    request: Request, board: Board, who: Who, after: After = "", done: Annotated[str, Query(max_length=10)] = ""
) -> HTMLResponse:
    """The page."""
    zone = zone_of_company(await tenant_of(board, who))
    matrix = await matrix_of(board, who.tenant_id, zone.key)
    async with board.sessions() as session:
        state = await state_of(session, who.tenant_id)
        movement = await _movement(session, who.tenant_id)
        categories = await _categories(session, who.tenant_id)
        suggestions = await open_suggestions(session, who.tenant_id, page_after(after, limits.ROWS_ON_PAGE))
    return await draw_in_frame(
        request, board, who, "segments/page.html", state=state, movement=movement, categories=categories, zone=zone,
        suggestions=suggestions.items, following=suggestions.next_cursor, matrix=matrix,
        cells={(one.segment, one.product): one for one in matrix.cells}, done=done, segment_words=segment_words,
        money=money, day_words=day_words, count_words=count_words, decides=at_least(who.role, Role.ADMIN),
    )  # fmt: skip


@router.post("/compute")
async def compute(board: Board, who: Who) -> Response:
    """Compute them now."""
    await compute_now(board, who.tenant_id)
    return RedirectResponse(f"{PATH}?done=computed", 303)


@router.post("/suggestions/accept")
async def accept(board: Board, who: Who, chosen: Chosen) -> Response:
    """Give the clients that were ticked the categories, all or none."""
    who.require(Role.ADMIN, Scope.WRITE)
    async with confirmed_edit(board, who) as edit:
        await accept_suggestions(edit, chosen, may_judge=can_judge(who.role))
    return RedirectResponse(f"{PATH}?done=accepted#suggestions", 303)


@router.post("/suggestions/dismiss")
async def dismiss(board: Board, who: Who, chosen: Chosen) -> Response:
    """Leave them as they are."""
    who.require(Role.ADMIN, Scope.WRITE)
    async with confirmed_edit(board, who) as edit:
        await dismiss_suggestions(edit, chosen)
    return RedirectResponse(f"{PATH}?done=dismissed#suggestions", 303)


async def _movement(session: AsyncSession, tenant_id: str) -> list[tuple[str, str, str, int]]:
    rows = await session.execute(
        select(SegmentMovement.month, SegmentMovement.before, SegmentMovement.after, SegmentMovement.clients)
        .where(SegmentMovement.tenant_id == tenant_id, SegmentMovement.before != SegmentMovement.after)
        .order_by(SegmentMovement.month.desc(), SegmentMovement.before, SegmentMovement.after)
    )
    return [(f"{month:%Y-%m}", before, after, clients) for month, before, after, clients in rows]


async def _categories(session: AsyncSession, tenant_id: str) -> list[tuple[str | None, int, float]]:
    revenue = func.coalesce(func.sum(ClientSegment.revenue), 0)
    rows = await session.execute(
        select(CategoryRule.name, func.count(), revenue)
        .select_from(ClientSegment)
        .join(ClientCard, (ClientCard.tenant_id == tenant_id) & (ClientCard.id == ClientSegment.client_id))
        .outerjoin(CategoryRule, (CategoryRule.tenant_id == tenant_id) & (CategoryRule.id == ClientCard.category_id))
        .where(ClientSegment.tenant_id == tenant_id)
        .group_by(CategoryRule.name)
        .order_by(revenue.desc())
    )
    return [(name, clients, float(brought or 0)) for name, clients, brought in rows]
