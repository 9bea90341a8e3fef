"""``/block``: block one number, with a reason, for everybody who may block. The lists themselves are for those who judge."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, may_block
from app.auth.rights import can_judge
from app.base import limits
from app.base.errors import Conflict, NotAllowed, Problem, Unprocessable
from app.base.problems.calls import CallFault
from app.edits.confirmed_edit import confirmed_edit
from app.edits.in_turn import find_or_404
from app.lists.edit_entries import add_entry, delete_entry
from app.lists.entry import entry_form
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute, own_path
from app.words.problems import problem_words
from filters.pattern import PatternKind
from models import BlacklistEntry
from models.list_name import ListName

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(may_block)])

Number = Annotated[str, Form(max_length=limits.SEARCH)]


@router.get("/block")
async def block_page(
    request: Request, board: Board, who: Who, number: Annotated[str, Query(max_length=limits.SEARCH)] = ""
) -> Response:
    """Who it is and why: the questions that a block asks."""
    return await _drawn(request, board, who, number=number)


@router.post("/block")
async def block_number(
    request: Request, board: Board, who: Who, number: Number = "",
    label: Annotated[str, Form(max_length=limits.NAME)] = "", reason: Annotated[str, Form(max_length=limits.TEXT)] = "",
) -> Response:  # fmt: skip
    """The number goes on the blacklist, live when this answers; leads to the calls from it, which say so."""
    try:
        if not reason.strip():
            raise Unprocessable(CallFault.REASON_NEEDED, field="reason")
        async with confirmed_edit(board, who) as edit:
            form = entry_form(ListName.BLACKLIST, number=number, label=label, reason=reason)
            saved = await add_entry(edit, ListName.BLACKLIST, form, board.clock())
    except (Conflict, Unprocessable) as problem:
        typed = {"number": number, "label": label, "reason": reason}
        return await _drawn(request, board, who, problem.status, **typed, problem=problem)
    entry = saved.row
    return RedirectResponse(f"/block/{entry['id']}?number={quote(entry['number'])}", 303)


@router.get("/block/{entry_id}")
async def blocked(
    request: Request,
    board: Board,
    who: Who,
    entry_id: str,
    number: Annotated[str, Query(max_length=limits.SEARCH)] = "",
) -> Response:
    """What was done, and the way back."""
    return await _drawn(request, board, who, number=number, entry=entry_id)


@router.post("/block/{entry_id}/undo")
async def take_block_back(
    board: Board, who: Who, entry_id: str, back: Annotated[str, Form(max_length=limits.SEARCH)] = "/"
) -> Response:
    """Take the block of one number back: one's own, or anybody's for those who judge."""
    async with confirmed_edit(board, who) as edit:
        entry = await find_or_404(edit, BlacklistEntry, entry_id)
        may = can_judge(who.role) or (entry.created_by == who.actor and entry.match == PatternKind.EXACT)
        if not may:
            raise NotAllowed(CallFault.SOMEBODY_ELSE_LISTED)
        await delete_entry(edit, ListName.BLACKLIST, entry_id)
    return RedirectResponse(own_path(back), 303)


async def _drawn(
    request: Request, board: Switchboard, who: Principal, status: int = 200, *, number: str = "", label: str = "",
    reason: str = "", entry: str = "", problem: Problem | None = None,
) -> Response:  # fmt: skip
    return await draw_in_frame(
        request, board, who, "lists/block.html", status, number=number, label=label, reason=reason, entry=entry,
        wrong=problem_words(problem), field=(problem.field or "number") if problem else "",
    )  # fmt: skip
