"""One click on a call: block the caller, make a VIP of them, let them through again; and take it back with another."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, may_block
from app.auth.rights import JUDGES, can_judge
from app.auth.roles import Scope
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Conflict, NotFound, Problem, Unprocessable
from app.base.language import gettext as _
from app.base.problems.calls import CallFault
from app.base.problems.entries import ClientSaysOtherwise, OnTheOtherList, OnThisList
from app.calls.find_call import find_call
from app.calls.judge_caller import (
    Judgement,
    allow_caller,
    block_again,
    list_caller,
    name_of,
    unlist_caller,
)
from app.calls.pieces import draw_article, piece_of
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.event_log.caller_address import address_of
from app.switchboard import Switchboard
from app.web.drawing import draw
from app.web.page_route import PageRoute, own_path
from app.words.gentle_words import gentler_words
from app.words.number_words import grouped
from app.words.problems import problem_words
from models import CallRecord
from models.list_name import ListName

router = APIRouter(
    prefix="/calls/{call_id}", include_in_schema=False, route_class=PageRoute,
    dependencies=[Depends(may_block)],
)  # fmt: skip

EntryId = Annotated[str, Form(max_length=limits.ROW_ID)]
Label = Annotated[str | None, Form(max_length=limits.NAME)]
Reason = Annotated[str | None, Form(max_length=limits.TEXT)]
Place = Annotated[Literal["", "card", "line"], Form()]


@dataclass(frozen=True, slots=True)
class Done:
    """What is shown in the place of the button: ``words``, and where and with which entry it is taken back (``undo``) or
    done again (``again``); ``see`` is a page that tells more, ``gentler`` another wording of what was written."""

    call_id: str
    words: str
    undo: str = ""
    entry: str = ""
    again: str = ""
    again_words: str = ""
    see: str = ""
    gentler: str = ""
    wrong: bool = False


_Change = Callable[[Edit, CallRecord, str], Awaitable[Done]]


@router.post("/block")
async def block(
    request: Request,
    board: Board,
    who: Who,
    call_id: str,
    label: Label = None,
    reason: Reason = None,
    place: Place = "",
) -> Response:
    """The caller's number goes on the blacklist, live when this answers. Somebody is kept away from everybody: that asks
    for a ``reason``."""
    if not (reason or "").strip():
        raise Unprocessable(CallFault.REASON_NEEDED, field="reason")
    return await _listed(request, board, who, call_id, ListName.BLACKLIST, Judgement(label, reason), place)


@router.post("/vip")
async def make_vip(
    request: Request, board: Board, who: Who, call_id: str, label: Label = None, reason: Reason = None
) -> Response:
    """The caller's number goes on the VIP list; for supervisors."""
    who.require(JUDGES, Scope.WRITE)
    return await _listed(request, board, who, call_id, ListName.VIP, Judgement(label, reason))


@router.post("/block/undo")
async def unblock(
    request: Request, board: Board, who: Who, call_id: str, entry: EntryId, place: Place = ""
) -> Response:
    """Take the block of the caller's number back: one's own, or anybody's for those who judge."""
    return await _unlisted(request, board, who, call_id, ListName.BLACKLIST, entry, place)


@router.post("/vip/undo")
async def make_no_vip(request: Request, board: Board, who: Who, call_id: str, entry: EntryId) -> Response:
    """Take a VIP of this call back; for supervisors."""
    who.require(JUDGES, Scope.WRITE)
    return await _unlisted(request, board, who, call_id, ListName.VIP, entry)


@router.post("/allow")
async def allow(request: Request, board: Board, who: Who, call_id: str) -> Response:
    """The caller's very number comes off the blacklist, or becomes an exception to what blocks more; for supervisors."""
    who.require(JUDGES, Scope.WRITE)
    tenant = await tenant_of(board, who)

    async def change(edit: Edit, call: CallRecord, name: str) -> Done:
        let_through = await allow_caller(edit, call, tenant, board.clock())
        shown = let_through.row["label"] or name
        if let_through.exception:
            words = _("%(who)s is now an exception and gets through.", who=shown)
        else:
            words = _("%(who)s was removed from the blacklist.", who=shown)
        return Done(call_id, words, undo="allow/undo", entry=let_through.row["id"])

    return await _changed(request, board, who, call_id, change)


@router.post("/allow/undo")
async def disallow(request: Request, board: Board, who: Who, call_id: str, entry: EntryId) -> Response:
    """The entry that was taken off comes back as it was; for supervisors."""
    who.require(JUDGES, Scope.WRITE)

    async def change(edit: Edit, call: CallRecord, name: str) -> Done:
        row = await block_again(edit, call, entry, board.clock())
        words = _("Undone: %(who)s is blacklisted again.", who=row["label"] or name)
        return Done(call_id, words, again="allow", again_words=_("Allow"))

    return await _changed(request, board, who, call_id, change)


async def _listed(
    request: Request, board: Switchboard, who: Principal, call_id: str, name: ListName, judgement: Judgement,
    place: str = "",
) -> Response:  # fmt: skip
    tenant = await tenant_of(board, who)

    async def change(edit: Edit, call: CallRecord, caller: str) -> Done:
        saved = await list_caller(edit, name, call, tenant, judgement, board.clock())
        shown, gentler = saved.row["label"] or caller, gentler_words((judgement.label, judgement.reason))
        if name is ListName.VIP:
            return Done(
                call_id, _("%(who)s is now a VIP.", who=shown), undo="vip/undo", entry=saved.row["id"], gentler=gentler
            )
        words = _("%(who)s is now blacklisted.", who=shown)
        return Done(call_id, words, undo="block/undo", entry=saved.row["id"], gentler=gentler)

    return await _changed(request, board, who, call_id, change, place)


async def _unlisted(
    request: Request, board: Switchboard, who: Principal, call_id: str, name: ListName, entry: str, place: str = ""
) -> Response:
    async def change(edit: Edit, call: CallRecord, caller: str) -> Done:
        judges = can_judge(who.role)
        row = await unlist_caller(edit, name, call, entry, may_judge=judges)
        shown = row["label"] or caller
        if name is ListName.VIP:
            words = _("Undone: %(who)s is no longer a VIP.", who=shown)
            return Done(call_id, words, again="vip", again_words=_("Make a VIP"))
        words = _("Undone: %(who)s is no longer blacklisted.", who=shown)
        return Done(call_id, words)

    return await _changed(request, board, who, call_id, change, place)


async def _changed(
    request: Request, board: Switchboard, who: Principal, call_id: str, change: _Change, place: str = ""
) -> Response:
    """Make the change and tell: a piece of the page for htmx, else back to the page. A call that stands on the panel
    (``place``) is drawn anew, and says itself what it has become. What stands in the way is told in words where a script
    can show them, and raised for everybody else."""
    with_script = "HX-Request" in request.headers
    tenant = await tenant_of(board, who)
    answer = Response()
    try:
        async with confirmed_edit(board, who, answer) as edit:
            call = await find_call(edit.session, who.tenant_id, call_id)
            name = name_of(call, tenant) or grouped(address_of(call))
            done = await change(edit, call, name)
    except (Conflict, Unprocessable, NotFound) as problem:
        if not with_script or place:
            raise
        judges = can_judge(who.role)
        done = Done(call_id, problem_words(problem), see=see_about(problem) if judges else "", wrong=True)
    if place:
        async with board.sessions() as session:
            piece = await piece_of(board, session, who, await find_call(session, who.tenant_id, call_id), tenant)
        return HTMLResponse(draw_article(piece, tenant, place))
    if with_script:
        told = {name: value for name, value in answer.headers.items() if name.startswith("antichambre-")}
        return HTMLResponse(draw("call_log/done.html", done=done), headers=told)
    return RedirectResponse(_back(request, call_id), 303)


def see_about(problem: Problem) -> str:
    """Where that which stands in the way is to be seen."""
    match problem.cause:
        case ClientSaysOtherwise(client_id=client_id):
            return f"/clients/{client_id}"
        case OnTheOtherList(entry) | OnThisList(entry):
            return f"/lists/{entry.list.value}/{entry.id}"
        case _:
            return ""


def _back(request: Request, call_id: str) -> str:
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc != request.headers.get("Host"):
        return f"/calls/{call_id}" if call_id.isalnum() else "/calls"
    return own_path(referer.path + (f"?{referer.query}" if referer.query else ""))
