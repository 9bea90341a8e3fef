"""``/matters``: a board by state; ``/matters/{id}`` one of them; and what stands of it on the panel."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem
from app.base.language import gettext as _
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.calls.call_notes import notes_of
from app.calls.dossier import short_dossier
from app.calls.pieces import destinations_of
from app.calls.visible_call import call_of_field, visible_call
from app.edits.confirmed_edit import confirmed_edit
from app.matters.edit_matter import change_matter, open_matter, tell_matter
from app.matters.matter_rows import MatterRow, board_of, is_late, is_mine, overdue_rows, rows_of
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.drawing import draw
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.typed_form import TypedForm, read_form
from app.web.typed_time import shown_time, typed_time
from app.words.matter_words import matter_kind_words, matter_state_words
from app.words.problems import field_words, problem_words
from models import AuditEntry, ClientCard, Matter
from models.matter import MatterKind, MatterState

PATH: Final = "/matters"
ON_THE_PANEL: Final = 20
_PAST_SHOWN: Final = 50

router = APIRouter(
    prefix=PATH, include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))]
)


class Show(StrEnum):
    """Which matters the board shows."""

    ALL = "all"
    MINE = "mine"
    FREE = "free"
    LATE = "late"

    @property
    def words(self) -> str:
        """In the language of whoever looks."""
        match self:
            case Show.ALL:
                return _("All")
            case Show.MINE:
                return _("Mine")
            case Show.FREE:
                return _("Nobody's yet")
            case Show.LATE:
                return _("Overdue")

    @property
    def address(self) -> str:
        """Of the board that shows them."""
        return PATH if self is Show.ALL else f"{PATH}?show={self.value}"


@dataclass(frozen=True, slots=True)
class Past:
    """Something that was done about a matter."""

    at: datetime
    words: str
    by: str


@dataclass(slots=True)
class Typed:
    """What the form shows; ``errors`` are sentences by field, ``problem`` is one about the whole."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    def blame(self, problem: Problem) -> None:
        """Put what is wrong where it stands."""
        found = {name: words for name, words in field_words(problem).items() if name in self.values}
        self.errors |= found
        if not found:
            self.problem = problem_words(problem)


@router.get("")
async def matters_page(
    request: Request, board: Board, who: Who, show: Annotated[str, Query(max_length=20)] = Show.ALL
) -> HTMLResponse:
    """The board."""
    shown, tenant, now = _shown(show), await tenant_of(board, who), board.clock()
    async with board.sessions() as session:
        columns = await board_of(session, who, tenant, now, _that(shown, who, now))
    return await draw_in_frame(
        request, board, who, "matters/page.html", columns=columns, shown=shown, choices=tuple(Show),
        words=matter_state_words,
    )  # fmt: skip


@router.get("/todo")
async def to_do(board: Board, who: Who) -> HTMLResponse:
    """What the panel shows of it: what is overdue."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        rows = await overdue_matters(board, session, who, tenant)
    return HTMLResponse(draw("matters/overdue.html", overdue=rows))


@router.get("/new")
async def new_matter(
    request: Request, board: Board, who: Who,
    call: Annotated[str, Query(max_length=limits.ROW_ID)] = "",
    client: Annotated[str, Query(max_length=limits.ROW_ID)] = "",
) -> HTMLResponse:  # fmt: skip
    """The form, for the client of a call, or for a client."""
    tenant = await tenant_of(board, who)
    if call:
        client = await _client_of(board, who, call, tenant)
    values = {
        "kind": MatterKind.COMPLAINT.value,
        "call_id": call,
        "client_id": client,
        "owner_id": who.operator_id or "",
    }
    return await _drawn(request, board, who, None, Typed(_values(**values)))


@router.post("/new")
async def add_matter(request: Request, board: Board, who: Who) -> Response:
    """Open a matter; leads to the board."""
    typed, tenant = await read_form(request), await tenant_of(board, who)
    shown = Typed(_values(**{name: typed.text(name) for name in _FIELDS}))
    try:
        fields = _read(typed, tenant)
        fields |= {"call_id": typed.text_or_none("call_id"), "client_id": typed.text_or_none("client_id")}
        fields.pop("state", None)
        async with confirmed_edit(board, who) as edit:
            if fields["call_id"] is not None:
                await call_of_field(edit.session, who, fields["call_id"], "call_id")
            matter = await open_matter(edit, fields, tenant)
            matter_id = matter.id
    except Problem as problem:
        shown.blame(problem)
        return await _drawn(request, board, who, None, shown, problem.status)
    await tell_matter(board, matter, tenant)
    return RedirectResponse(f"{PATH}#matter-{matter_id}", 303)


@router.get("/{matter_id}")
async def one_matter(request: Request, board: Board, who: Who, matter_id: str) -> Response:
    """One of them, to read and to change."""
    row = await _row(board, who, matter_id)
    return await _drawn(request, board, who, row, Typed(_stored(row)))


@router.post("/{matter_id}")
async def save_matter(request: Request, board: Board, who: Who, matter_id: str) -> Response:
    """Save it. Whoever saves second is told so, and keeps what was typed."""
    typed, tenant = await read_form(request), await tenant_of(board, who)
    shown = Typed(_values(**{name: typed.text(name) for name in _FIELDS}))
    try:
        fields = _read(typed, tenant)
        async with confirmed_edit(board, who) as edit:
            matter = await change_matter(edit, matter_id, fields, tenant, as_of=_seen(typed))
    except NotFound:
        raise
    except Problem as problem:
        row = await _row(board, who, matter_id)
        shown.values["as_of"] = row.matter.updated_at.isoformat()
        shown.blame(problem)
        return await _drawn(request, board, who, row, shown, problem.status)
    await tell_matter(board, matter, tenant)
    return RedirectResponse(f"{PATH}/{matter_id}?saved=yes", 303)


@router.post("/{matter_id}/move")
async def move(
    board: Board, who: Who, matter_id: str, state: Annotated[MatterState, Form()],
    show: Annotated[str, Form(max_length=20)] = Show.ALL,
) -> Response:  # fmt: skip
    """It has come this far."""
    return await _changed(board, who, matter_id, {"state": state.value}, show)


@router.post("/{matter_id}/take")
async def take(
    board: Board, who: Who, matter_id: str, show: Annotated[str, Form(max_length=20)] = Show.ALL
) -> Response:
    """It is mine from now on."""
    return await _changed(board, who, matter_id, {"owner_id": who.operator_id, "taken_by": who.actor}, show)


async def overdue_matters(
    board: Switchboard, session: AsyncSession, who: Principal, tenant: TenantRows
) -> list[MatterRow]:
    """The rows that the panel shows."""
    return await overdue_rows(session, who, tenant, board.clock(), ON_THE_PANEL)


_FIELDS: Final = ("kind", "state", "owner_id", "due_at", "text", "lesson", "client_id", "call_id", "as_of")


def _values(**known: str) -> dict[str, str]:
    return dict.fromkeys(_FIELDS, "") | known


def _stored(row: MatterRow) -> dict[str, str]:
    one = row.matter
    return _values(
        kind=one.kind, state=one.state, owner_id=one.owner_id or "", due_at=shown_time(one.due_at, row.zone), text=one.text,
        lesson=one.lesson, client_id=one.client_id or "", call_id=one.call_id or "", as_of=one.updated_at.isoformat(),
    )  # fmt: skip


def _read(typed: TypedForm, tenant: TenantRows) -> Row:
    """The columns that a form means. A field that it does not have is left as it is. Raises :class:`Unprocessable`."""
    fields: Row = {}
    for name, known in (("kind", MatterKind), ("state", MatterState)):
        if typed.text(name) in set(known):
            fields[name] = typed.text(name)
    for name in ("text", "lesson"):
        if name in typed:
            fields[name] = typed.text(name).replace("\r\n", "\n")[: limits.TEXT]
    if "owner_id" in typed:
        fields["owner_id"] = typed.text_or_none("owner_id")
    if (due := typed_time(typed.text("due_at"), zone_of_company(tenant), "due_at")) is not None:
        fields["due_at"] = due
    return fields


def _seen(typed: TypedForm) -> datetime | None:
    try:
        return datetime.fromisoformat(typed.text("as_of"))
    except ValueError:
        return None


def _shown(show: str) -> Show:
    return Show(show) if show in set(Show) else Show.ALL


def _that(show: Show, who: Principal, now: datetime) -> ColumnElement[bool]:
    match show:
        case Show.ALL:
            return true()
        case Show.MINE:
            return is_mine(who)
        case Show.FREE:
            return Matter.taken_by.is_(None)
        case Show.LATE:
            return is_late(now)


async def _client_of(board: Switchboard, who: Principal, call_id: str, tenant: TenantRows) -> str:
    """Who calls, where that is known."""
    async with board.sessions() as session:
        call = await visible_call(session, who, call_id)
        notes = await notes_of(session, who.tenant_id, [call_id])
    client = short_dossier(call, tenant, notes.get(call_id)).client
    return client["id"] if client is not None else ""


async def _row(board: Switchboard, who: Principal, matter_id: str) -> MatterRow:
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        key = {"tenant_id": who.tenant_id, "id": matter_id}
        found = await session.get(Matter, key) if is_storable(matter_id) else None
        if found is None:
            raise NotFound(RequestFault.NOT_FOUND)
        return (await rows_of(session, [found], who, tenant, board.clock()))[0]


async def _changed(board: Switchboard, who: Principal, matter_id: str, fields: Row, show: str) -> Response:
    """Make a change; leads to the board, with the card in sight."""
    tenant = await tenant_of(board, who)
    async with confirmed_edit(board, who) as edit:
        matter = await change_matter(edit, matter_id, fields, tenant)
    await tell_matter(board, matter, tenant)
    return RedirectResponse(f"{_shown(show).address}#matter-{matter_id}", 303)


async def _past_of(session: AsyncSession, who: Principal, matter_id: str) -> list[Past]:
    """What was done about it, the newest first."""
    mine = (
        AuditEntry.tenant_id == who.tenant_id, AuditEntry.subject == Matter.__tablename__, AuditEntry.row_id == matter_id
    )  # fmt: skip
    entries = await session.scalars(select(AuditEntry).where(*mine).order_by(AuditEntry.id.desc()).limit(_PAST_SHOWN))
    return [Past(one.at, _what(one.before or {}, one.after or {}), one.actor) for one in entries]


def _what(before: Row, after: Row) -> str:
    if not before or before.get("state") != after.get("state"):
        return matter_state_words(str(after.get("state", MatterState.REGISTERED)))
    return _("changed")


async def _drawn(
    request: Request, board: Switchboard, who: Principal, row: MatterRow | None, typed: Typed, status: int = 200
) -> HTMLResponse:
    tenant = await tenant_of(board, who)
    past: list[Past] = []
    client = row.client if row is not None else None
    if row is not None:
        async with board.sessions() as session:
            past = await _past_of(session, who, row.matter.id)
    else:
        client = tenant.rows[ClientCard.__tablename__].get(typed.values["client_id"])
    return await draw_in_frame(
        request, board, who, "matters/matter.html", status, row=row, typed=typed, client=client, past=past,
        kinds=[(one.value, matter_kind_words(one.value)) for one in MatterKind],
        states=[(one.value, matter_state_words(one.value)) for one in MatterState],
        operators=destinations_of(tenant).operators, zone=zone_of_company(tenant),
        saved="saved" in request.query_params,
    )  # fmt: skip
