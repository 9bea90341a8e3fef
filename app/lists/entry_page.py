"""``/lists/<list>/<entry>``: one entry, changed, taken off with an undo, and what has been done to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import JUDGES, READS_LISTS
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem, Unprocessable
from app.base.problems.entries import EntryFault
from app.base.problems.reach import CoversOwnCountry
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.edits.confirmed_edit import confirmed_edit
from app.lists.drafts import beginning_of, day_of, end_of, fields_of, last_day, read_draft, typed_fields
from app.lists.edit_entries import change_entry, delete_entry
from app.lists.list_page import entry_context
from app.lists.list_query import with_hits
from app.lists.restore_entry import restore_entry
from app.lists.vip_pins import NewPin, new_pin
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.drawing import draw
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.words.list_words import act_words, list_title
from app.words.problems import field_words, problem_words
from filters.pattern import PatternKind
from models import AuditEntry, BlacklistEntry, VipEntry, VipPin
from models.list_name import ListName

_TRAIL_SHOWN = 20

router = APIRouter(
    prefix="/lists/{name}/{entry_id}", include_in_schema=False, route_class=PageRoute,
    dependencies=[Depends(allowed(read=READS_LISTS, write=JUDGES))],
)  # fmt: skip

EntryId = Annotated[str, Path(max_length=limits.ROW_ID)]


@router.get("")
async def entry_page(
    request: Request, board: Board, who: Who, name: ListName, entry_id: EntryId, saved: bool = False
) -> HTMLResponse:
    """The entry. ``saved`` tells that it has just been changed."""
    return await _page(request, board, who, name, entry_id, saved=saved)


@router.post("")
async def change(request: Request, board: Board, who: Who, name: ListName, entry_id: EntryId) -> Response:
    """Change the entry; live when this answers."""
    tenant = await tenant_of(board, who)
    form = await request.form()
    draft, zone = read_draft(form), zone_of_company(tenant)
    fields = {key: value for key, value in form.items() if isinstance(value, str)}
    try:
        changes: dict[str, object] = {
            "number": fields.get("number", ""), "match": _kind(fields.get("match", "")), "to": fields.get("to") or None,
            **typed_fields(draft),
        }  # fmt: skip
        if changes["match"] is not PatternKind.RANGE:
            changes["to"] = None
        if draft.expires != fields.get("expires_was", ""):
            # The day as it was may have been given to the minute; only another one is read anew.
            changes["expires_at"] = end_of(draft.expires, zone)
        if draft.review != fields.get("review_was", ""):
            changes["review_at"] = beginning_of(draft.review, zone)
        async with confirmed_edit(board, who) as edit:
            saved = await change_entry(edit, name, entry_id, changes, board.clock(), _pin(fields, board.pin_key))
            if "really" not in fields and any(isinstance(one, CoversOwnCountry) for one in saved.warnings):
                raise Unprocessable(EntryFault.OWN_COUNTRY, field="number")
    except NotFound:
        raise
    except Problem as problem:
        typed = fields | {"only_on": draft.only_on, "pin": ""}
        return await _page(request, board, who, name, entry_id, problem.status, problem=problem, typed=typed)
    return RedirectResponse(f"/lists/{name.value}/{entry_id}?saved=1", 303)


@router.post("/remove")
async def remove(request: Request, board: Board, who: Who, name: ListName, entry_id: EntryId) -> Response:
    """Take the entry off; the answer has the way back in it."""
    async with confirmed_edit(board, who) as edit:
        await delete_entry(edit, name, entry_id)
    if "HX-Request" in request.headers:
        return HTMLResponse(draw("lists/removed.html", name=name, entry_id=entry_id, here=True))
    return RedirectResponse(f"/lists/{name.value}?removed={entry_id}", 303)


@router.post("/restore")
async def restore(request: Request, board: Board, who: Who, name: ListName, entry_id: EntryId) -> Response:
    """Put an entry back that was taken off."""
    try:
        async with confirmed_edit(board, who) as edit:
            await restore_entry(edit, name, entry_id, board.clock())
    except Problem as problem:
        if "HX-Request" not in request.headers:
            raise
        return HTMLResponse(
            draw("lists/removed.html", name=name, entry_id=entry_id, here=True, why_not=problem_words(problem))
        )
    if "HX-Request" not in request.headers:
        return RedirectResponse(f"/lists/{name.value}", 303)
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        entry = await _found(session, who.tenant_id, name, entry_id)
        one = (await with_hits(session, who.tenant_id, [entry]))[0]
    return HTMLResponse(draw("lists/row.html", name=name, one=one, undone=True, **entry_context(tenant, board)))


async def _page(
    request: Request, board: Switchboard, who: Principal, name: ListName, entry_id: str, status: int = 200, *,
    saved: bool = False, problem: Problem | None = None, typed: Mapping[str, object] | None = None,
) -> HTMLResponse:  # fmt: skip
    tenant = await tenant_of(board, who)
    zone = zone_of_company(tenant)
    async with board.sessions() as session:
        entry = await _found(session, who.tenant_id, name, entry_id)
        one = (await with_hits(session, who.tenant_id, [entry]))[0]
        trail = await _trail(session, who.tenant_id, name, entry_id)
    return await draw_in_frame(
        request, board, who, "lists/entry.html", status, name=name, title=list_title(name), one=one, trail=trail,
        fields=fields_of(entry, zone) | dict(typed or {}), expires_was=last_day(entry.expires_at, zone),
        review_was=day_of(entry.review_at, zone),
        saved=saved, problem=problem, asks=problem is not None and problem.cause is EntryFault.OWN_COUNTRY,
        faults=field_words(problem),
        detail=problem_words(problem), kinds=list(PatternKind),
        has_pin=tenant.plan is not None and entry_id in tenant.plan.pins,
        pin_locked_until=board.open_calls.pin_attempts.locked_until(who.tenant_id, entry_id, board.clock()),
        **entry_context(tenant, board),
    )  # fmt: skip


async def _found(session: AsyncSession, tenant_id: str, name: ListName, entry_id: str) -> VipEntry | BlacklistEntry:
    model = name.model
    entry: VipEntry | BlacklistEntry | None = None
    if is_storable(entry_id):
        entry = await session.get(model, {"tenant_id": tenant_id, "id": entry_id})
    if entry is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return entry


async def _trail(
    session: AsyncSession, tenant_id: str, name: ListName, entry_id: str
) -> list[tuple[datetime, str, str, str]]:
    """What was done to the entry, the newest first: when, by whom, in words, and in which call."""
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.tenant_id == tenant_id,
            AuditEntry.subject.in_((name.model.__tablename__, VipPin.__tablename__)), AuditEntry.row_id == entry_id,
        )
        .order_by(AuditEntry.id.desc())
        .limit(_TRAIL_SHOWN)
    )  # fmt: skip
    acts = await session.scalars(query)
    return [(one.at, one.actor, act_words(one.act), one.act.partition(" from call ")[2]) for one in acts]


def _pin(fields: Mapping[str, str], key: bytes) -> NewPin | None:
    """What the form says of the PIN; an empty field leaves it as it is. Raises :class:`Unprocessable`."""
    if "no_pin" in fields:
        return NewPin(None)
    return new_pin(typed, key) if (typed := fields.get("pin", "").strip()) else None


def _kind(text: str) -> PatternKind:
    return PatternKind(text) if text in {kind.value for kind in PatternKind} else PatternKind.EXACT
