"""``/segments/suggestions``: what segments suggest; accepted or dismissed by an admin, never by itself."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.require import Board, Who
from app.auth.rights import can_judge
from app.auth.roles import Role
from app.base.errors import Conflict, NotFound
from app.base.problems.edits import EditFault
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.edits.confirmed_edit import confirmed_edit
from app.segments.suggest import accept_suggestions, dismiss_suggestions
from app.web.paging import PageWanted, Part, read_page
from app.web.resource import ItemId, Wanted, resource
from app.web.schema import Page
from app.words.segment_words import suggestion_words
from models import CategoryRule, ClientCard, SegmentState, SegmentSuggestion
from models.segment import Suggested

router = resource(
    "segments/suggestions", "What segments suggest: nothing is done before it is accepted.", read=Role.SUPERVISOR,
    write=Role.ADMIN,
)  # fmt: skip


class SuggestionOut(BaseModel):
    """That a client should be of another category."""

    id: str
    created_at: datetime
    client_id: str
    client: str
    category_id: str
    category: str
    priority: int = Field(description="That of the category.")
    segment: str
    state: Suggested
    reason: str
    revenue: float | None
    share: float | None = Field(description="Percent of all revenue.")
    cumulated: float | None
    variation: float | None
    last_sale: date | None
    decided_by: str
    decided_at: datetime | None


_QUERY = (
    select(SegmentSuggestion, ClientCard.name, CategoryRule.name, CategoryRule.priority, SegmentState.currency)
    .join(
        ClientCard,
        (ClientCard.tenant_id == SegmentSuggestion.tenant_id) & (ClientCard.id == SegmentSuggestion.client_id),
    )
    .join(
        CategoryRule,
        (CategoryRule.tenant_id == SegmentSuggestion.tenant_id) & (CategoryRule.id == SegmentSuggestion.category_id),
    )
    .join(SegmentState, SegmentState.tenant_id == SegmentSuggestion.tenant_id)
)


@router.get("", name="list_suggestions")
async def list_suggestions(
    board: Board, who: Who, page: Wanted, state: Annotated[Suggested, Query()] = Suggested.OPEN
) -> Page[SuggestionOut]:
    """The suggestions, open ones unless another `state` is asked for."""
    async with board.sessions() as session:
        return await open_suggestions(session, who.tenant_id, page, state)


@router.get("/{item_id}", name="get_suggestion")
async def get_suggestion(board: Board, who: Who, item_id: ItemId) -> SuggestionOut:
    """One suggestion."""
    return await _one(board, who, item_id)


@router.post("/{item_id}/accept", name="accept_suggestion")
async def accept(board: Board, who: Who, response: Response, item_id: ItemId) -> SuggestionOut:
    """Give the client the category: an edit of the client like any other, for admins. 409 when somebody has given them
    another category since it was suggested."""
    async with confirmed_edit(board, who, response) as edit:
        if (await accept_suggestions(edit, [item_id], may_judge=can_judge(who.role))).left:
            raise Conflict(EditFault.CATEGORY_CHANGED_SINCE)
    return await _one(board, who, item_id)


@router.post("/{item_id}/dismiss", name="dismiss_suggestion")
async def dismiss(board: Board, who: Who, response: Response, item_id: ItemId) -> SuggestionOut:
    """Leave the client as they are; the same is not suggested again."""
    async with confirmed_edit(board, who, response) as edit:
        await dismiss_suggestions(edit, [item_id])
    return await _one(board, who, item_id)


async def open_suggestions(
    session: AsyncSession, tenant_id: str, page: PageWanted, state: Suggested = Suggested.OPEN
) -> Page[SuggestionOut]:
    """One page of the company's suggestions of this ``state``; of open ones those that can still be accepted."""
    query = _QUERY.where(SegmentSuggestion.tenant_id == tenant_id, SegmentSuggestion.state == state.value)
    if state is Suggested.OPEN:
        query = query.where(SegmentSuggestion.own_category_id.is_not_distinct_from(ClientCard.category_id))
    found = await read_page(session, page, Part(query, (SegmentSuggestion.id,)))
    items = [_out(row[0], row[1], row[2], row[3], row[4]) for row in found.items]
    return Page(items=items, next_cursor=found.after)


async def _one(board: Board, who: Who, suggestion_id: str) -> SuggestionOut:
    if is_storable(suggestion_id):
        query = _QUERY.where(SegmentSuggestion.tenant_id == who.tenant_id, SegmentSuggestion.id == suggestion_id)
        async with board.sessions() as session:
            if (row := (await session.execute(query)).one_or_none()) is not None:
                return _out(*row)
    raise NotFound(RequestFault.NOT_FOUND)


def _out(one: SegmentSuggestion, client: str, category: str, priority: int, currency: str) -> SuggestionOut:
    return SuggestionOut(
        id=one.id, created_at=one.created_at, client_id=one.client_id, client=client, category_id=one.category_id,
        category=category, priority=priority, segment=one.segment, state=Suggested(one.state),
        reason=suggestion_words(one.segment, one.revenue, one.share, one.last_day, currency),
        revenue=_number(one.revenue), share=_number(one.share), cumulated=_number(one.cumulated),
        variation=_number(one.variation), last_sale=one.last_day, decided_by=one.decided_by, decided_at=one.decided_at,
    )  # fmt: skip


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
