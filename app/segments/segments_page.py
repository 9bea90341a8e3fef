"""``/segments``: what sales say about the clients, and what segments suggest."""

from decimal import Decimal
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.require import Board, Who, allowed
from app.auth.rights import can_judge
from app.auth.roles import Role, Scope, at_least
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.language import gettext as _
from app.calls.pieces import categories_of
from app.clients import list_page
from app.clients.clients_by_page import NO_CATEGORY
from app.edits.confirmed_edit import confirmed_edit
from app.plan.zones import zone_of_company
from app.sales.borders import borders_of
from app.sales.matrix_api import matrix_of
from app.segments.keep_segments import compute_now
from app.segments.segment_figures import (
    CONTACTS_OF,
    Wanted,
    category_sums,
    contacts_by_segment,
    movement_of,
    parts_of,
    revenue_curve,
    segment_sums,
    stages_by_month,
)
from app.segments.segments_api import state_of
from app.segments.suggest import accept_suggestions, dismiss_suggestions
from app.segments.suggestions_api import open_suggestions
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.paging import After, page_after
from app.web.pictures import curve, stacked
from app.words.segment_words import count_words, day_words, money, number_words, percent, segment_words
from models.segment import LifeCycle

PATH = "/segments"
_COLUMNS: Final = 20
"""So many categories are drawn; the table has all."""

router = APIRouter(
    prefix=PATH, include_in_schema=False, route_class=PageRoute,
    dependencies=[Depends(allowed(read=Role.SUPERVISOR, write=Role.SUPERVISOR))],
)  # fmt: skip

Key = Annotated[str, Query(max_length=limits.ROW_ID)]
Chosen = Annotated[list[str], Form(max_length=limits.LONGEST_PAGE)]


@router.get("")
async def segments_page(
    request: Request, board: Board, who: Who, after: After = "", done: Annotated[str, Query(max_length=10)] = "",
    category: Key = "", abc: Key = "", stage: Key = "", left: Annotated[int, Query(ge=0, le=limits.LONGEST_PAGE)] = 0,
) -> HTMLResponse:  # fmt: skip
    """The page. The address holds which clients are looked at; what there is not of means all."""
    tenant = await tenant_of(board, who)
    zone, choices = zone_of_company(tenant), categories_of(tenant)
    wanted = Wanted(
        category if category in {NO_CATEGORY, *(one for one, _name in choices)} else "", abc if abc in set("ABC") else "",
        stage if stage in set(LifeCycle) else "",
    )  # fmt: skip
    matrix = await matrix_of(board, who.tenant_id, zone.key)
    async with board.sessions() as session:
        state = await state_of(session, who.tenant_id)
        borders = await borders_of(session, who.tenant_id)
        parts = await parts_of(session, who.tenant_id, wanted)
        points = await revenue_curve(session, who.tenant_id, wanted)
        contacts = await contacts_by_segment(session, who.tenant_id, wanted, board.clock())
        movement = await movement_of(session, who.tenant_id, wanted)
        suggestions = await open_suggestions(session, who.tenant_id, page_after(after, limits.ROWS_ON_PAGE))
    categories = category_sums(parts)
    return await draw_in_frame(
        request, board, who, "segments/page.html", state=state, zone=zone, wanted=wanted, choices=choices,
        none=NO_CATEGORY, stages=[one.value for one in LifeCycle], segments=segment_sums(parts), categories=categories,
        movement=[one for one in reversed(movement) if one.before != one.after], contacts=contacts, days=CONTACTS_OF.days,
        curve=curve(points, [(_("A to %(share)s", share=percent(borders.abc_a)), float(borders.abc_a)),
                             (_("B to %(share)s", share=percent(borders.abc_b)), float(borders.abc_b))]),
        points=_each_tenth(points), moved=stacked(stages_by_month(movement)),
        brought=stacked([
            (one.name or _("No category"), [("brings", round(max(one.revenue, 0)))]) for one in categories[:_COLUMNS]
        ]),
        called=stacked([
            (segment_words(one.segment), [("answered", one.answered), ("other", one.calls - one.answered)])
            for one in contacts
        ]),
        complained=stacked([(segment_words(one.segment), [("complaints", one.complaints)]) for one in contacts]),
        complaints=sum(one.complaints for one in contacts),
        suggestions=suggestions.items, following=suggestions.next_cursor, matrix=matrix,
        cells={(one.segment, one.product): one for one in matrix.cells}, done=done, left=left, segment_words=segment_words,
        number_words=number_words, money=money, day_words=day_words, count_words=count_words,
        decides=at_least(who.role, Role.ADMIN),
        address=lambda **changed: _address(PATH, wanted, changed),
        clients_of=lambda segment: _address(list_page.PATH, wanted, _field_of(segment)),
        clients_in=lambda category: _address(list_page.PATH, wanted, {"category": category}),
    )  # fmt: skip


def _address(path: str, wanted: Wanted, changed: dict[str, str]) -> str:
    """A page with another filter."""
    asked = {"category": wanted.category, "abc": wanted.abc, "stage": wanted.stage} | changed
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{query}" if query else path


def _field_of(segment: str) -> dict[str, str]:
    """The filter that means a segment: a class, a steadiness or a stage."""
    name = "abc" if segment in set("ABC") else "xyz" if segment in set("XYZ") else "stage"
    return {name: segment}


def _each_tenth(points: list[tuple[float, float]]) -> list[tuple[str, str]]:
    """The table behind the curve: the first point at or after every tenth of the clients."""
    told: list[tuple[str, str]] = []
    for tenth in range(10, 101, 10):
        point = next((one for one in points if one[0] >= tenth - 1e-9), None)
        row = (percent(Decimal(str(round(point[0], 1)))), percent(Decimal(str(round(point[1], 1))))) if point else None
        if row is not None and row not in told:
            told.append(row)
    return told


@router.post("/compute")
async def compute(board: Board, who: Who) -> Response:
    """Compute them now."""
    await compute_now(board, who.tenant_id)
    return RedirectResponse(f"{PATH}?done=computed", 303)


@router.post("/suggestions/accept")
async def accept(board: Board, who: Who, chosen: Chosen) -> Response:
    """Give the clients that were ticked the categories, but those who have come into another one since."""
    who.require(Role.ADMIN, Scope.WRITE)
    async with confirmed_edit(board, who) as edit:
        done = await accept_suggestions(edit, chosen, may_judge=can_judge(who.role))
    said = {"done": "accepted"} if done.accepted else {}
    if done.left:
        said["left"] = str(len(done.left))
    return RedirectResponse(f"{PATH}?{urlencode(said)}#suggestions", 303)


@router.post("/suggestions/dismiss")
async def dismiss(board: Board, who: Who, chosen: Chosen) -> Response:
    """Leave them as they are."""
    who.require(Role.ADMIN, Scope.WRITE)
    async with confirmed_edit(board, who) as edit:
        await dismiss_suggestions(edit, chosen)
    return RedirectResponse(f"{PATH}?done=dismissed#suggestions", 303)
