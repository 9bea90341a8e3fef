"""``/settings/look-ups``: programs that are asked who calls, and what they say."""

from typing import Annotated, Final

from fastapi import Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem
from app.base.signing_secret import new_signing_secret
from app.edits.confirmed_edit import confirmed_edit
from app.edits.in_turn import find_or_404, take_turn
from app.look_ups.ask_now import ask_now
from app.look_ups.look_ups_api import LOOK_UPS, AskedOut, AskIn, LookUpIn, asked_out, last_answer_of
from app.plan.rows import Row, as_row
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.resource import read_row
from app.web.resource_pages import settings_router
from app.web.schema import validated
from app.web.seen_form import SEEN, has_changed, refuse_if_changed, seen_in
from app.web.typed_form import TypedForm, read_form, typed_over
from app.words.problems import field_words, problem_words
from models import LookUpRecord

PATH: Final = "/settings/look-ups"
_NEW: Final = {"enabled": "1", "timeout_seconds": "2", "cache_seconds": "300"}

router = settings_router()
LookUpId = Annotated[str, Path(max_length=limits.ROW_ID)]


@router.get(PATH)
async def look_ups_page(request: Request, board: Board, who: Who, deleted: bool = False) -> HTMLResponse:
    """Every look-up, and the form of a new one."""
    return await _drawn(request, board, who, deleted=deleted)


@router.post(PATH)
async def add_look_up(request: Request, board: Board, who: Who) -> Response:
    """Add a look-up. The page that answers is the only one that ever shows its secret."""
    who.require(Role.ADMIN, Scope.KEYS)
    form = await read_form(request)
    secret = new_signing_secret()
    try:
        fields = await LOOK_UPS.prepare(board, validated(LookUpIn, _typed(form)).model_dump())
        async with confirmed_edit(board, who) as edit:
            await LOOK_UPS.save(edit, fields | {"sealed": board.secret_box.encrypt(secret)})
    except Problem as problem:
        return await _drawn(request, board, who, problem.status, problem=problem, typed=form)
    response = await _drawn(request, board, who, 201, secret=secret)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get(PATH + "/{look_up_id}")
async def look_up_page(
    request: Request, board: Board, who: Who, look_up_id: LookUpId, saved: bool = False
) -> HTMLResponse:
    """One look-up, with the outcome of its last request."""
    return await _one(request, board, who, look_up_id, saved=saved)


@router.post(PATH + "/{look_up_id}")
async def change_look_up(request: Request, board: Board, who: Who, look_up_id: LookUpId) -> Response:
    """Change a look-up, or switch it on or off. A token that is not typed again stays."""
    who.require(Role.ADMIN, Scope.KEYS)
    form = await read_form(request)
    try:
        given = validated(LookUpIn, _typed(form))
        fields = await LOOK_UPS.prepare(board, given.model_dump(include=given.model_fields_set))
        async with confirmed_edit(board, who) as edit:
            await take_turn(edit)
            refuse_if_changed(form.text(SEEN), _shown(as_row(await find_or_404(edit, LookUpRecord, look_up_id))))
            await LOOK_UPS.save(edit, fields, look_up_id)
    except NotFound:
        raise
    except Problem as problem:
        return await _one(request, board, who, look_up_id, problem.status, problem=problem, typed=form)
    return RedirectResponse(f"{PATH}/{look_up_id}?saved=1", 303)


@router.post(PATH + "/{look_up_id}/ask")
async def ask_look_up_now(request: Request, board: Board, who: Who, look_up_id: LookUpId) -> HTMLResponse:
    """Ask now about a number, and show what the program says."""
    who.require(Role.ADMIN, Scope.KEYS)
    form = await read_form(request)
    try:
        number = validated(AskIn, {"number": form.text("number")}).number
        asked = asked_out(await ask_now(board, who, look_up_id, number))
    except NotFound:
        raise
    except Problem as problem:
        return await _one(request, board, who, look_up_id, problem.status, problem=problem, number=form.text("number"))
    return await _one(request, board, who, look_up_id, asked=asked, number=form.text("number"))


@router.get(PATH + "/{look_up_id}/delete")
async def ask_to_delete_look_up(request: Request, board: Board, who: Who, look_up_id: LookUpId) -> HTMLResponse:
    """What deleting means."""
    row = await read_row(board, who, LookUpRecord, look_up_id)
    return await draw_in_frame(
        request, board, who, "settings/delete.html", path=PATH, id=look_up_id, name=row["description"] or row["url"],
        users=[], is_rehearsed=False, detail="",
    )  # fmt: skip


@router.post(PATH + "/{look_up_id}/delete")
async def delete_look_up(board: Board, who: Who, look_up_id: LookUpId) -> Response:
    """Delete a look-up, with what it has answered."""
    who.require(Role.ADMIN, Scope.KEYS)
    async with confirmed_edit(board, who) as edit:
        await LOOK_UPS.delete(edit, look_up_id)
    return RedirectResponse(f"{PATH}?deleted=1", 303)


def _typed(form: TypedForm) -> Row:
    typed: Row = {
        "url": form.text("url"), "description": form.text("description"), "enabled": form.is_ticked("enabled")
    }  # fmt: skip
    for name in ("timeout_seconds", "cache_seconds"):
        if (seconds := form.whole(name)) is not None:
            typed[name] = seconds
    if form.is_ticked("no_token"):
        typed["token"] = None
    elif token := form.text_or_none("token"):
        typed["token"] = token
    return typed


async def _drawn(
    request: Request, board: Switchboard, who: Principal, status: int = 200, *, secret: str = "", deleted: bool = False,
    problem: Problem | None = None, typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    query = select(LookUpRecord).where(LookUpRecord.tenant_id == who.tenant_id).order_by(LookUpRecord.id)
    async with board.sessions() as session:
        rows = [as_row(one) for one in await session.scalars(query)]
    return await draw_in_frame(
        request, board, who, "settings_look_ups/list.html", status, look_ups=rows, secret=secret, deleted=deleted,
        last={row["id"]: last_answer_of(row) for row in rows}, fields=typed_over(_NEW, typed, "token"), languages={},
        is_full=len(rows) >= limits.LOOK_UPS, has_token=False, zone=zone_of_company(await tenant_of(board, who)),
        faults=field_words(problem), detail=problem_words(problem),
    )  # fmt: skip


async def _one(
    request: Request, board: Switchboard, who: Principal, look_up_id: str, status: int = 200, *, saved: bool = False,
    problem: Problem | None = None, typed: TypedForm | None = None, asked: AskedOut | None = None, number: str = "",
) -> HTMLResponse:  # fmt: skip
    row = await read_row(board, who, LookUpRecord, look_up_id)
    shown = _shown(row)
    rests = row["rests_until"] is not None and row["rests_until"] > board.clock()
    return await draw_in_frame(
        request, board, who, "settings_look_ups/one.html", status, look_up=row, saved=saved, rests=rests,
        last=last_answer_of(row), asked=asked, fields=typed_over(shown, typed, "token") | {"number": number},
        languages={}, has_token=bool(row["sealed_token"]), zone=zone_of_company(await tenant_of(board, who)),
        faults=field_words(problem), detail=problem_words(problem), has_changed=has_changed(problem),
        seen=seen_in(shown, typed.text(SEEN) if typed else "", problem),
    )  # fmt: skip


def _shown(row: Row) -> dict[str, str]:
    """A look-up as its form shows it."""
    shown = {name: str(row[name]) for name in ("url", "description", "timeout_seconds", "cache_seconds")}
    return shown | {"enabled": "1" if row["enabled"] else ""}
