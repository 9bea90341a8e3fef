"""``/lines``: which line is open now, and opening or closing one by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import OPENS_LINES
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem
from app.base.language import gettext as _
from app.base.problems.requests import RequestFault
from app.company.line_by_hand import HandState, change_by_hand
from app.edits.confirmed_edit import confirmed_edit
from app.event_log.stored_decision import stored_opening
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.words.number_words import grouped
from app.words.opening_words import opening_words
from app.words.problems import problem_words
from routing.plan import Line, RoutingPlan

PATH: Final = "/lines"
_MORNING: Final = time(0)

router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=OPENS_LINES, write=OPENS_LINES))]
)


class End(StrEnum):
    """For how long something is said by hand, as people choose it."""

    HOUR = "hour"
    TODAY = "today"
    OPEN_END = "open_end"

    @property
    def words(self) -> str:
        """In the language of whoever looks."""
        match self:
            case End.HOUR:
                return _("for an hour")
            case End.TODAY:
                return _("until midnight")
            case End.OPEN_END:
                return _("until further notice")


@dataclass(frozen=True, slots=True)
class LineNow:
    """A line on the page. ``said`` is whether somebody has opened or closed it by hand, and ``choices`` are what can be said
    now: the opposite of what is so, and that it is to stay so."""

    id: str
    label: str
    number: str
    is_open: bool
    words: str
    said: bool
    choices: list[tuple[str, str]]


@router.get(PATH)
async def lines_now(request: Request, board: Board, who: Who) -> HTMLResponse:
    """Every line."""
    return await _drawn(request, board, who)


@router.post(PATH + "/{line_id}/by-hand")
async def say_by_hand(
    request: Request, board: Board, who: Who, line_id: Annotated[str, Path(max_length=limits.ROW_ID)],
    state: Annotated[HandState, Form()], end: Annotated[End, Form()] = End.OPEN_END,
) -> Response:  # fmt: skip
    """Open or close a line, or let its hours count again; live when this answers."""
    plan = (await tenant_of(board, who)).plan
    line = next((one for one in plan.lines.values() if one.id == line_id), None) if plan else None
    if line is None:
        raise NotFound(RequestFault.NOT_FOUND)
    until = None if state is HandState.BY_HOURS else _until(end, board.clock(), line)
    try:
        async with confirmed_edit(board, who) as edit:
            await change_by_hand(edit, line_id, state, until)
    except NotFound:
        raise
    except Problem as problem:
        return await _drawn(request, board, who, problem.status, detail=problem_words(problem))
    return RedirectResponse(PATH, 303)


def _until(end: End, now: datetime, line: Line) -> datetime | None:
    match end:
        case End.HOUR:
            return now + timedelta(hours=1)
        case End.TODAY:
            return datetime.combine(now.astimezone(line.zone).date() + timedelta(days=1), _MORNING, line.zone)
        case End.OPEN_END:
            return None


async def _drawn(
    request: Request, board: Switchboard, who: Principal, status: int = 200, *, detail: str = ""
) -> HTMLResponse:
    plan = (await tenant_of(board, who)).plan
    now = board.clock()
    lines = [_seen(plan, line, now) for line in sorted(plan.lines.values(), key=lambda one: one.number)] if plan else []
    return await draw_in_frame(
        request, board, who, "lines_now/page.html", status, lines=lines, ends=[(one.value, one.words) for one in End],
        detail=detail,
    )  # fmt: skip


def _seen(plan: RoutingPlan, line: Line, now: datetime) -> LineNow:
    opening = plan.opening_of(line, now)
    said = line.by_hand is not None and line.by_hand.counts(now)
    words = opening_words(stored_opening(opening, line.zone)) if opening else _("always open")
    is_open = opening is None or opening.open
    choices = [*_choices(is_open=is_open, has_hours=line.hours_id in plan.hours)]
    return LineNow(line.id, line.label, grouped(line.number), is_open, words, said, choices)


def _choices(*, is_open: bool, has_hours: bool) -> Iterator[tuple[str, str]]:
    """A line without hours is open by itself: there is nothing to open, and nothing to keep open."""
    if is_open:
        yield HandState.CLOSED.value, _("Close now")
        if has_hours:
            yield HandState.OPEN.value, _("Keep open")
    else:
        if has_hours:
            yield HandState.OPEN.value, _("Open now")
        yield HandState.CLOSED.value, _("Keep closed")
