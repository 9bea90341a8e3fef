"""``/lists/<list>/review``: entries that somebody ought to look at again. Each is kept until another review, given an end,
or taken off, and all of that can be undone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import JUDGES, READS_LISTS
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import ChangedMeanwhile, NotFound, Problem, Unprocessable
from app.base.problems.edits import EditFault
from app.base.problems.requests import RequestFault
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404
from app.lists.drafts import beginning_of, end_of
from app.lists.edit_entries import change_entry
from app.lists.list_page import entry_context
from app.lists.list_query import due_for_review, page_due
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.paging import After
from app.words.list_words import list_title
from app.words.problems import problem_words
from models import BlacklistEntry, VipEntry
from models.list_name import ListName

MONTHS: Final = (3, 6, 12)
"""Until the next review, where no day is typed."""
_MONTH_DAYS: Final = 365.25 / 12

router = APIRouter(
    prefix="/lists/{name}/review", include_in_schema=False, route_class=PageRoute,
    dependencies=[Depends(allowed(read=READS_LISTS, write=JUDGES))],
)  # fmt: skip

EntryId = Annotated[str, Path(max_length=limits.ROW_ID)]
Typed = Annotated[str, Form(max_length=limits.SEARCH)]
Told = Annotated[str, Query(max_length=limits.SEARCH)]


@router.get("")
async def due_entries(
    request: Request, board: Board, who: Who, name: ListName, after: After = "", kept: Told = "", review: Told = "",
    expires: Told = "", set_review: Told = "", set_expires: Told = "",
) -> HTMLResponse:  # fmt: skip
    """A page of what is due. ``kept`` is the entry that has just been dealt with, ``review`` and ``expires`` what it had
    before, ``set_review`` and ``set_expires`` what it has got."""
    undo = {"review": review, "expires": expires, "set_review": set_review, "set_expires": set_expires}
    return await _page(request, board, who, name, after=after, undo=(kept, undo) if kept else None)


@router.post("/{entry_id}/keep")
async def keep_until(
    request: Request, board: Board, who: Who, name: ListName, entry_id: EntryId, until: Typed = "", months: Typed = ""
) -> Response:
    """Keep it, and look at it again on the day ``until``, or in so many ``months``."""
    tenant = await tenant_of(board, who)
    try:
        if months.isascii() and months.isdigit() and int(months) in MONTHS:
            day = datetime.fromtimestamp(board.clock().timestamp() + int(months) * _MONTH_DAYS * 86400, UTC)
            until = f"{day.astimezone(zone_of_company(tenant)):%Y-%m-%d}"
        review_at = beginning_of(until, zone_of_company(tenant), "until")
        if review_at is None or review_at <= board.clock():
            raise Unprocessable(RequestFault.DAY_UNREADABLE, field="until")
        async with confirmed_edit(board, who) as edit:
            undo = await _give(edit, name, entry_id, {"review_at": review_at}, board.clock())
    except NotFound:
        raise
    except Problem as problem:
        return await _page(request, board, who, name, problem.status, problem=problem, at=entry_id)
    return _done(name, entry_id, undo)


@router.post("/{entry_id}/end")
async def end_on(
    request: Request, board: Board, who: Who, name: ListName, entry_id: EntryId, until: Typed = ""
) -> Response:
    """Let it end with the day ``until``; nobody need look at it again."""
    tenant = await tenant_of(board, who)
    try:
        if (expires_at := end_of(until, zone_of_company(tenant))) is None:
            raise Unprocessable(RequestFault.DAY_UNREADABLE, field="until")
        async with confirmed_edit(board, who) as edit:
            undo = await _give(edit, name, entry_id, {"expires_at": expires_at, "review_at": None}, board.clock())
    except NotFound:
        raise
    except Problem as problem:
        return await _page(request, board, who, name, problem.status, problem=problem, at=entry_id)
    return _done(name, entry_id, undo)


@router.post("/{entry_id}/undo")
async def take_back(
    request: Request, board: Board, who: Who, name: ListName, entry_id: EntryId, review: Typed = "",
    expires: Typed = "", set_review: Typed = "", set_expires: Typed = "",
) -> Response:  # fmt: skip
    """Give the entry the review and the end that it had, unless somebody has given it others since."""
    try:
        changes: dict[str, object] = {"review_at": _moment(review), "expires_at": _moment(expires)}
        async with confirmed_edit(board, who) as edit:
            if await _dates(edit, name, entry_id) != (set_review, set_expires):
                raise ChangedMeanwhile(EditFault.NOT_UNDONE)
            await change_entry(edit, name, entry_id, changes, board.clock())
    except NotFound:
        raise
    except Problem as problem:
        return await _page(request, board, who, name, problem.status, problem=problem)
    return RedirectResponse(f"/lists/{name.value}/review", 303)


async def _give(
    edit: Edit, name: ListName, entry_id: str, changes: Mapping[str, object], now: datetime
) -> dict[str, str]:
    """Give the entry these dates. Returns what undoing it needs: those that it had, and those that it has got."""
    before = await _dates(edit, name, entry_id)
    await change_entry(edit, name, entry_id, changes, now)
    after = await _dates(edit, name, entry_id)
    return {"review": before[0], "expires": before[1], "set_review": after[0], "set_expires": after[1]}


async def _dates(edit: Edit, name: ListName, entry_id: str) -> tuple[str, str]:
    entry: VipEntry | BlacklistEntry = await find_or_404(edit, name.model, entry_id)
    return _text(entry.review_at), _text(entry.expires_at)


def _text(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def _moment(text: str) -> datetime | None:
    """What :func:`_text` has written. Raises :class:`Unprocessable`."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return None
        if not limits.EARLIEST <= moment <= limits.LATEST:
            raise ValueError(text)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unprocessable(RequestFault.DAY_UNREADABLE, field="until") from None


def _done(name: ListName, entry_id: str, undo: dict[str, str]) -> Response:
    asked = urlencode({"kept": entry_id} | undo)
    return RedirectResponse(f"/lists/{name.value}/review?{asked}", 303)


async def _page(
    request: Request, board: Switchboard, who: Principal, name: ListName, status: int = 200, *, after: str = "",
    undo: tuple[str, dict[str, str]] | None = None, problem: Problem | None = None, at: str = "",
) -> HTMLResponse:  # fmt: skip
    tenant, now = await tenant_of(board, who), board.clock()
    async with board.sessions() as session:
        shown = await page_due(session, who.tenant_id, name, after, now)
        due = await due_for_review(session, who.tenant_id, name, now)
    path = f"/lists/{name.value}/review"
    return await draw_in_frame(
        request, board, who, "lists/review.html", status, name=name, title=list_title(name), shown=shown, due=due,
        undo=undo, wrong=problem_words(problem), at=at, months=MONTHS, after=after, first=path,
        next=f"{path}?{urlencode({'after': shown.after})}" if shown.after else "", **entry_context(tenant, board),
    )  # fmt: skip
