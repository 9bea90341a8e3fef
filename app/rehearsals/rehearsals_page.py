"""``/settings/rehearsals``: how far a rehearsal is, and the calls that would have gone elsewhere, with both decisions side
by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.require import Board, Who
from app.auth.tenant import tenant_of
from app.base.errors import NotFound
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.event_log.read_decision import read_decision
from app.event_log.stored_decision import StoredDecision
from app.plan.zones import zone_of_company
from app.rehearsals.begin_page import REHEARSALS
from app.rehearsals.decide_again import DIFFERENCES_KEPT
from app.rehearsals.rehearse import kept_of_company, of_company
from app.web.frame import draw_in_frame
from app.web.paging import After, Part, page_after, read_page
from app.web.resource_pages import ItemId, settings_router
from app.words.action_words import action_words, waits_apart
from app.words.told_decision import ToldDecision, tell_decision
from models import CallRecord, Rehearsal, RehearsalDifference
from routing.plan import RoutingPlan

_ON_A_PAGE: Final = 25

router = settings_router()


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two plans makes of a call."""

    action: str
    decision: ToldDecision


@dataclass(frozen=True, slots=True)
class DifferenceSeen:
    """A call that would have gone elsewhere. ``at`` is None once the call is forgotten."""

    call_id: str
    at: datetime | None
    name: str
    before: Side
    after: Side


@router.get(REHEARSALS)
async def rehearsals_page(request: Request, board: Board, who: Who) -> HTMLResponse:
    """Those that are still kept, the newest first."""
    return await draw_in_frame(
        request, board, who, "rehearsals/list.html", rehearsals=await kept_of_company(board, who.tenant_id),
        zone=zone_of_company(await tenant_of(board, who)),
    )  # fmt: skip


@router.get(REHEARSALS + "/{item_id}")
async def rehearsal_page(request: Request, board: Board, who: Who, item_id: ItemId, after: After = "") -> HTMLResponse:
    """One of them, with a page of its calls, the oldest first."""
    rehearsal = await of_company(board, who.tenant_id, item_id) if is_storable(item_id) else None
    if rehearsal is None:
        raise NotFound(RequestFault.NOT_FOUND)
    tenant = await tenant_of(board, who)
    of_it = RehearsalDifference.tenant_id == who.tenant_id, RehearsalDifference.rehearsal_id == item_id
    part = Part(select(RehearsalDifference).where(*of_it), (RehearsalDifference.place,), descending=False)
    differences: list[DifferenceSeen] = []
    next_page = None
    if rehearsal.state != "running":  # the list would grow while somebody reads it
        async with board.sessions() as session:
            page = await read_page(session, page_after(after, _ON_A_PAGE), part)
            differences = await _seen(session, who.tenant_id, [row[0] for row in page.items], tenant.plan)
        next_page = page.after
    return await draw_in_frame(
        request, board, who, "rehearsals/page.html", rehearsal=rehearsal, path=f"{REHEARSALS}/{rehearsal.id}",
        back=_back(rehearsal), differences=differences, next_page=next_page, is_first=not after,
        listed_at_most=DIFFERENCES_KEPT, zone=zone_of_company(tenant),
    )  # fmt: skip


def _back(rehearsal: Rehearsal) -> str:
    """Where the form is, with what was typed into it; empty for a rehearsal that no form began."""
    return f"{REHEARSALS}/{rehearsal.id}/form" if rehearsal.typed is not None else rehearsal.page


async def _seen(
    session: AsyncSession, tenant_id: str, differences: Sequence[RehearsalDifference], plan: RoutingPlan | None
) -> list[DifferenceSeen]:
    ids = [one.call_id for one in differences]
    of_calls = CallRecord.tenant_id == tenant_id, CallRecord.call_id.in_(ids)
    rows = await session.execute(
        select(CallRecord.call_id, CallRecord.started_at, CallRecord.caller_name).where(*of_calls)
    )
    calls = {row.call_id: row for row in rows}
    seen = []
    for one in differences:
        before, after = (read_decision(stored) for stored in (one.before, one.after))
        call = calls.get(one.call_id)
        client = before.client or after.client
        name = client.name if client else (call.caller_name or "") if call else ""
        seen.append(DifferenceSeen(one.call_id, call.started_at if call else None, name, *_sides(before, after, plan)))
    return seen


def _sides(before: StoredDecision, after: StoredDecision, plan: RoutingPlan | None) -> tuple[Side, Side]:
    words = [action_words(one, plan) for one in (before, after)]
    if words[0] == words[1]:
        apart = waits_apart(before, after, plan)
        words = [", ".join(filter(None, both)) for both in zip(words, apart, strict=True)]
    return Side(words[0], tell_decision(before)), Side(words[1], tell_decision(after))
