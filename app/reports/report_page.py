"""``/reports/calls``: the report with pictures, and a table behind each."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.auth.require import Board, Who, allowed
from app.auth.rights import JUDGES
from app.auth.tenant import tenant_of
from app.base.errors import Unprocessable
from app.plan.zones import zone_of_company
from app.reports.asked_for import AskedFor
from app.reports.call_report import SERVICE_LEVEL_SECONDS, By, call_report, total
from app.reports.group_words import by_words, group_words
from app.reports.reports_api import as_file
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.pictures import stacked
from app.words.fake_queue_words import lasting_words
from app.words.problems import problem_words

PATH = "/reports/calls"

router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=JUDGES, write=JUDGES))]
)

DayTyped = Annotated[str, Query(max_length=40)]
ByTyped = Annotated[str, Query(max_length=20)]


@router.get(PATH)
async def report_page(
    request: Request, board: Board, who: Who, first: Annotated[DayTyped, Query(alias="from")] = "",
    last: Annotated[DayTyped, Query(alias="to")] = "", by: ByTyped = By.DAY,
) -> HTMLResponse:  # fmt: skip
    """The page. The address holds the whole question."""
    tenant = await tenant_of(board, who)
    zone, problem = zone_of_company(tenant), ""
    grouping = By(by) if by in set(By) else By.DAY
    try:
        asked = AskedFor.read(first, last, grouping, board.clock(), zone)
    except Unprocessable as error:
        asked, problem = AskedFor.read("", "", grouping, board.clock(), zone), problem_words(error)
    async with board.sessions() as session:
        groups = await call_report(session, who.tenant_id, grouping, asked.period(zone), zone)
    rows = [(group_words(grouping, group.key, tenant), group.figures) for group in groups]
    calls = [
        (
            name, [("answered", one.answered), ("abandoned", one.abandoned), ("other", one.other), ("blocked", one.blocked)],
        )
        for name, one in rows
    ]  # fmt: skip
    waits = [(name, [("wait", round(one.average_wait or 0))]) for name, one in rows]
    return await draw_in_frame(
        request, board, who, "reports/page.html", 422 if problem else 200, rows=rows, asked=asked, problem=problem,
        total=total(groups), choices=[(one.value, by_words(one)) for one in By], by_title=by_words(grouping),
        calls=stacked(calls), waits=stacked(waits), lasting=lasting_words, within=SERVICE_LEVEL_SECONDS, zone=zone.key,
    )  # fmt: skip


@router.get(f"{PATH}.csv")
async def report_file(
    board: Board, who: Who, first: Annotated[DayTyped, Query(alias="from")] = "",
    last: Annotated[DayTyped, Query(alias="to")] = "", by: By = By.DAY,
) -> Response:  # fmt: skip
    """The same as a file for a spreadsheet."""
    tenant = await tenant_of(board, who)
    zone = zone_of_company(tenant)
    asked = AskedFor.read(first, last, by, board.clock(), zone)
    async with board.sessions() as session:
        groups = await call_report(session, who.tenant_id, by, asked.period(zone), zone)
    return as_file(asked, groups, {group.key: group_words(by, group.key, tenant) for group in groups})
