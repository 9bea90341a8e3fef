"""``/clients/{id}``: all that is known about one client, to read and to change."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import can_judge
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import ChangedMeanwhile, NotFound, Problem
from app.base.language import LANGUAGES
from app.base.problems.clients import ClientFault
from app.base.text import is_storable
from app.calls.blocked_caller import blocks_of_numbers
from app.calls.how_to_treat import how_to_treat
from app.calls.pieces import categories_of, destinations_of
from app.clients.client_form import Typed, blank, typed_from, typed_in
from app.clients.client_notes import add_note, remove_note
from app.clients.edit_client import add_client, change_client
from app.clients.edit_client_gone import UNDO_DAYS, delete_client, undo_delete
from app.clients.offer_page import offered_to
from app.clients.own_fields import own_fields_of
from app.clients.similar_clients import similar_clients
from app.clients.timeline import Asked, Kind, Moment, timeline_of
from app.edits.confirmed_edit import confirmed_edit
from app.plan.rows import Row, whole_row
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.sales.client_segments import segments_of
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.words.gentle_words import gentler_words
from app.words.number_words import language_name
from app.words.problems import problem_words
from app.words.segment_words import day_words, loyalty_words, relation_words, repeat_words, stage_words, standing_words
from filters.list_entry import ListEntry
from models import AuditEntry, ClientCard, ClientNote, GoneClient

PATH: Final = "/clients"

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])

Word = Annotated[str, Query(max_length=limits.SEARCH)]


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list that names one of the client's numbers."""

    list_name: str
    number: str
    entry: ListEntry


@router.get(f"{PATH}/new")
async def new_client(request: Request, board: Board, who: Who, number: Word = "", name: Word = "") -> Response:
    """An empty card, or one that begins with a number."""
    return await _drawn(request, board, who, None, blank(number, name))


@router.post(f"{PATH}/new")
async def add_new_client(request: Request, board: Board, who: Who) -> Response:
    """Make a client; leads to the page."""
    typed = await typed_in(request, own_fields_of(await tenant_of(board, who)))
    try:
        async with confirmed_edit(board, who) as edit:
            row = await add_client(edit, typed.form(), board.clock(), may_judge=can_judge(who.role))
    except Problem as problem:
        typed.blame(problem)
        return await _drawn(request, board, who, None, typed, problem.status)
    return RedirectResponse(f"{PATH}/{row['id']}?saved=yes", 303)


@router.get(f"{PATH}/{{client_id}}")
async def client_page(request: Request, board: Board, who: Who, client_id: str) -> Response:
    """The page; of a client who was merged into another, the other's."""
    async with board.sessions() as session:
        row = await _row(board, who, client_id)
        if row is None:
            raise_to = await _merged_into(session, who, client_id)
            if raise_to is None:
                raise NotFound(ClientFault.PERHAPS_DELETED)
            return RedirectResponse(f"{PATH}/{raise_to}", 303)
    return await _drawn(request, board, who, row, typed_from(row))


@router.get(f"{PATH}/{{client_id}}/edit")
async def edit_page(request: Request, board: Board, who: Who, client_id: str) -> Response:
    """The form."""
    if (row := await _row(board, who, client_id)) is None:
        raise NotFound(ClientFault.PERHAPS_DELETED)
    return await _drawn(request, board, who, row, typed_from(row), edits=True)


@router.post(f"{PATH}/{{client_id}}/edit")
async def save_client(request: Request, board: Board, who: Who, client_id: str) -> Response:
    """Save the card. Whoever saves second is shown what the first one wrote, and keeps what was typed."""
    typed = await typed_in(request, own_fields_of(await tenant_of(board, who)))
    try:
        async with confirmed_edit(board, who) as edit:
            await change_client(
                edit, client_id, typed.changes(), board.clock(), may_judge=can_judge(who.role), as_of=typed.seen()
            )
    except NotFound:
        raise
    except Problem as problem:
        typed.blame(problem)
        row = await _row(board, who, client_id)
        if row is None:
            raise
        if isinstance(problem, ChangedMeanwhile):
            typed.compare(row)
        return await _drawn(request, board, who, row, typed, problem.status, edits=True)
    return RedirectResponse(f"{PATH}/{client_id}?saved=yes", 303)


@router.post(f"{PATH}/{{client_id}}/delete")
async def delete_card(board: Board, who: Who, client_id: str) -> Response:
    """Delete the card; leads to the list, which offers to undo it."""
    async with confirmed_edit(board, who) as edit:
        gone = await delete_client(edit, client_id, board.clock(), may_judge=can_judge(who.role))
        gone_id = gone.id
    return RedirectResponse(f"{PATH}?gone={gone_id}", 303)


@router.post(f"{PATH}/gone/{{gone_id}}/undo")
async def undo_deletion(board: Board, who: Who, gone_id: str) -> Response:
    """Bring a deleted card back."""
    async with confirmed_edit(board, who) as edit:
        row = await undo_delete(edit, gone_id, board.clock(), may_judge=can_judge(who.role))
    return RedirectResponse(f"{PATH}/{row['id']}?back=yes", 303)


@router.post(f"{PATH}/{{client_id}}/notes")
async def write_note(
    request: Request, board: Board, who: Who, client_id: str, text: Annotated[str, Form()] = ""
) -> Response:
    """Write a dated note."""
    try:
        async with board.sessions() as session, session.begin():
            await add_note(session, who, client_id, text, board.clock())
    except NotFound:
        raise
    except Problem as problem:
        if (row := await _row(board, who, client_id)) is None:
            raise
        return await _drawn(
            request, board, who, row, typed_from(row), problem.status, note=text, note_wrong=problem_words(problem)
        )
    return RedirectResponse(f"{PATH}/{client_id}#notes", 303)


@router.post(f"{PATH}/{{client_id}}/notes/{{note_id}}/{{act}}")
async def take_note_away(board: Board, who: Who, client_id: str, note_id: str, act: str) -> Response:
    """Take a note away (``remove``) or put it back (``restore``)."""
    if act not in ("remove", "restore"):
        raise NotFound(ClientFault.NOTE_NOT_FOUND)
    removing = act == "remove"
    async with board.sessions() as session, session.begin():
        await remove_note(session, who, note_id, board.clock() if removing else None)
    return RedirectResponse(f"{PATH}/{client_id}" + (f"?removed={note_id}" if removing else "") + "#notes", 303)


async def _row(board: Switchboard, who: Principal, client_id: str) -> Row | None:
    """The client as this worker serves it, which every edit has waited for."""
    return (await tenant_of(board, who)).rows[ClientCard.__tablename__].get(client_id)


async def _merged_into(session: AsyncSession, who: Principal, client_id: str) -> str | None:
    merged = select(GoneClient.into_id).where(
        GoneClient.tenant_id == who.tenant_id, GoneClient.client_id == client_id, GoneClient.into_id.is_not(None)
    )
    return await session.scalar(merged) if is_storable(client_id) else None


async def _drawn(
    request: Request, board: Switchboard, who: Principal, row: Row | None, typed: Typed, status: int = 200, *,
    edits: bool = False, **values: object,
) -> Response:  # fmt: skip
    tenant = await tenant_of(board, who)
    known: dict[str, object] = {
        "timeline": [], "merges": [], "similar": [], "listed": [], "changed_by": "", "removed": None,
        "blocks": [], "split_from": None,
    }  # fmt: skip
    if row is not None:
        async with board.sessions() as session:
            known = await _known_about(session, board, who, tenant, row)
            removed = request.query_params.get("removed", "")
            if removed.isalnum():
                known["removed"] = await session.get(ClientNote, {"tenant_id": who.tenant_id, "id": removed})
            known["split_from"] = await _split_from(session, tenant, row["id"], request.query_params.get("of", ""))
    return await draw_in_frame(
        request, board, who, "clients/edit.html" if edits else "clients/page.html", status, client=row,
        whole=whole_row(ClientCard.__tablename__, row) if row else None, treat=how_to_treat(row, tenant),
        gentler=gentler_words((row["pinned_note"], row["about"], *(one.text for one in _written(known)))) if row else "",
        is_overdue=_is_overdue(row, board.clock(), tenant), typed=typed, **known,
        **({"note": "", "note_wrong": ""} | values),
        categories=categories_of(tenant),
        operators=destinations_of(tenant).operators, own_fields=own_fields_of(tenant),
        stage_words=stage_words, loyalty_words=loyalty_words, relation_words=relation_words,
        standing_words=standing_words, day_words=day_words, repeat_words=repeat_words, day_said=_day_said,
        zone=zone_of_company(tenant), judges=can_judge(who.role),
        languages=sorted(((code, language_name(code)) for code in LANGUAGES), key=lambda one: one[1]),
        said={name for name in ("saved", "back", "merged", "apart") if name in request.query_params},
        rows=min(limits.NUMBERS_OF_CLIENT, len(typed.numbers) + 1), most=limits.NUMBERS_OF_CLIENT,
    )  # fmt: skip


async def _known_about(
    session: AsyncSession, board: Switchboard, who: Principal, tenant: TenantRows, row: Row
) -> dict[str, object]:
    merges = select(GoneClient).where(
        GoneClient.tenant_id == who.tenant_id,
        GoneClient.into_id == row["id"],
        GoneClient.kept_before.is_not(None),
        GoneClient.created_at > board.clock() - timedelta(days=UNDO_DAYS),
    )
    changed_by = (
        select(AuditEntry.actor)
        .where(AuditEntry.tenant_id == who.tenant_id, AuditEntry.subject == "client", AuditEntry.row_id == row["id"])
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    own_numbers = [one["number"] for one in row["numbers"]]
    return {
        "timeline": await timeline_of(Asked(session, tenant, row, can_judge(who.role), who.actor)),
        "merges": (await session.scalars(merges.order_by(GoneClient.created_at.desc()))).all(),
        "similar": await similar_clients(tenant, row),
        "listed": _listed(tenant, row, board.clock()) if can_judge(who.role) else [],
        "changed_by": await session.scalar(changed_by) or "",
        "removed": None,
        "segments": (await segments_of(session, who.tenant_id, [row["id"]]))[row["id"]],
        "offered": await offered_to(
            session,
            who.tenant_id,
            row["id"],
            zone_of_company(tenant),
            board.clock().astimezone(zone_of_company(tenant)).date(),
        ),
        "blocks": [
            block
            for block in (await blocks_of_numbers(session, own_numbers, tenant, board.clock())).values()
            if block.is_told(judges=can_judge(who.role))
        ],
    }


async def _split_from(session: AsyncSession, tenant: TenantRows, client_id: str, of: str) -> Row | None:
    """The client ``of`` whose card was split to make this one, if that is so."""
    acts = select(AuditEntry.at).where(
        AuditEntry.tenant_id == tenant.tenant_id, AuditEntry.subject == ClientCard.__tablename__
    )
    made = acts.where(AuditEntry.row_id == client_id, AuditEntry.act == "add").scalar_subquery()
    split = acts.where(AuditEntry.row_id == of, AuditEntry.act == "split", AuditEntry.at == made)
    row = tenant.rows[ClientCard.__tablename__].get(of)
    return row if row is not None and await session.scalar(split.limit(1)) is not None else None


def _day_said(day: str) -> str:
    """A day of a row, as the reader writes it."""
    return day_words(date.fromisoformat(day))


def _written(known: dict[str, object]) -> list[Moment]:
    """The notes of the timeline."""
    timeline = known.get("timeline")
    return (
        [one for one in timeline if isinstance(one, Moment) and one.kind is Kind.NOTE]
        if isinstance(timeline, list)
        else []
    )


def _is_overdue(row: Row | None, now: datetime, tenant: TenantRows) -> bool:
    """Whether the last day is over for which it was agreed to keep this."""
    until = row.get("keep_until") if row else None
    return until is not None and until < now.astimezone(zone_of_company(tenant)).date().isoformat()


def _listed(tenant: TenantRows, row: Row, now: datetime) -> list[Listed]:
    return [
        Listed(name, one["number"], entry)
        for one in row["numbers"]
        for name, index in (("vip", tenant.lists.vip), ("blacklist", tenant.lists.blacklist))
        for entry in index.naming(one["number"])
        if entry.expires_at is None or entry.expires_at > now
    ]
