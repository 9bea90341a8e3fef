"""``/callbacks``: who is still to be called; and the parts of it that stand on other pages."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import ColumnElement, or_
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import JUDGES
from app.auth.roles import Role, Scope
from app.auth.same_site import token_for
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.language import gettext as _
from app.callbacks.call_now import call_now
from app.callbacks.callback_rows import CLOSED_STAY, CallbackRow, callback_rows, rows_of, to_do
from app.callbacks.edit_callback import close_callback, find_callback, reopen_callback, take_callback, tell_callbacks
from app.callbacks.ring_back import ring_back
from app.event_log.positions import here
from app.event_log.records import FactKind
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.drawing import draw
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from models import Callback
from models.callback import CallbackReason, CallbackState

router = APIRouter(
    prefix="/callbacks", include_in_schema=False, route_class=PageRoute,
    dependencies=[Depends(allowed(write=Role.OPERATOR))],
)  # fmt: skip
ON_THE_PANEL: Final = 30
ON_THE_PAGE: Final = 200
MORNING: Final = 9
"""The hour to which something is put off that is to be done tomorrow."""


class Show(StrEnum):
    """Which call-backs the page shows."""

    OPEN = "open"
    MINE = "mine"
    FREE = "free"
    LATE = "late"
    CLOSED = "closed"

    @property
    def words(self) -> str:
        """In the language of whoever looks."""
        match self:
            case Show.OPEN:
                return _("To do")
            case Show.MINE:
                return _("Mine")
            case Show.FREE:
                return _("Nobody's yet")
            case Show.LATE:
                return _("Overdue")
            case Show.CLOSED:
                return _("Closed")


class Later(StrEnum):
    """Until when something is put off."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    WEEK = "week"


@router.get("")
async def callbacks_page(
    request: Request, board: Board, who: Who, show: Annotated[str, Query(max_length=20)] = Show.OPEN
) -> HTMLResponse:
    """The page."""
    shown, now = Show(show) if show in set(Show) else Show.OPEN, board.clock()
    tenant = await tenant_of(board, who)
    position = here(board.feed)
    async with board.sessions() as session:
        rows = await callback_rows(
            session,
            who,
            tenant,
            board.open_calls.calls_back,
            now,
            _that(shown, who, now),
            at_most=ON_THE_PAGE,
            newest_first=shown is Show.CLOSED,
        )
    return await draw_in_frame(
        request, board, who, "callbacks/page.html", rows=rows, shown=shown, choices=tuple(Show), since=position,
        now=now.isoformat(),
    )  # fmt: skip


@router.get("/todo")
async def to_do_list(board: Board, who: Who) -> HTMLResponse:
    """What the panel shows of it."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        rows = await to_do_rows(board, session, who, tenant)
    return HTMLResponse(draw("callbacks/rows.html", rows=rows, who=who, csrf_token=_token(board, who)))


@router.get("/alerts")
async def alerts(board: Board, who: Who) -> HTMLResponse:
    """The VIPs who were missed and whom nobody has taken on: on every page of every supervisor."""
    who.require(JUDGES, Scope.READ)
    tenant = await tenant_of(board, who)
    waits = (
        Callback.state == CallbackState.OPEN.value,
        Callback.reason == CallbackReason.MISSED_VIP.value,
        Callback.taken_by.is_(None),
    )
    async with board.sessions() as session:
        rows = await callback_rows(
            session, who, tenant, board.open_calls.calls_back, board.clock(), *waits, at_most=ON_THE_PANEL
        )
    return HTMLResponse(draw("callbacks/alerts.html", rows=rows, csrf_token=_token(board, who)))


@router.post("/ring")
async def ring_number(
    request: Request,
    board: Board,
    who: Who,
    number: Annotated[str, Form(max_length=limits.TYPED_NUMBER)],
    client: Annotated[str, Form(max_length=limits.ROW_ID)] = "",
) -> Response:
    """My telephone rings, and then the number's."""
    await call_now(board, who, number, client or None)
    if "HX-Request" not in request.headers:
        return RedirectResponse("/callbacks", 303)
    return HTMLResponse(draw("callbacks/rung.html"))


@router.post("/{callback_id}/take")
async def take(request: Request, board: Board, who: Who, callback_id: str) -> Response:
    """It is mine from now on."""

    async def change(session: AsyncSession, callback: Callback) -> FactKind:
        take_callback(callback, who.operator_id, who.actor)
        return FactKind.CALLBACK_CHANGED

    return await _changed(request, board, who, callback_id, change)


@router.post("/{callback_id}/done")
async def done(request: Request, board: Board, who: Who, callback_id: str) -> Response:
    """They were called."""
    return await _closed(request, board, who, callback_id, CallbackState.DONE)


@router.post("/{callback_id}/cancel")
async def cancel(request: Request, board: Board, who: Who, callback_id: str) -> Response:
    """They need not be called."""
    return await _closed(request, board, who, callback_id, CallbackState.CANCELLED)


@router.post("/{callback_id}/undo")
async def undo(request: Request, board: Board, who: Who, callback_id: str) -> Response:
    """Take the closing back."""

    async def change(session: AsyncSession, callback: Callback) -> FactKind:
        await reopen_callback(session, callback)
        return FactKind.CALLBACK_CHANGED

    return await _changed(request, board, who, callback_id, change)


@router.post("/{callback_id}/later")
async def put_off(
    request: Request, board: Board, who: Who, callback_id: str, until: Annotated[Later, Form()] = Later.HOUR
) -> Response:
    """Not now: in an hour, or on a morning."""
    tenant = await tenant_of(board, who)

    async def change(session: AsyncSession, callback: Callback) -> FactKind:
        callback.due_at = _later(until, board.clock(), tenant)
        return FactKind.CALLBACK_CHANGED

    return await _changed(request, board, who, callback_id, change)


@router.post("/{callback_id}/call")
async def ring(request: Request, board: Board, who: Who, callback_id: str) -> Response:
    """My telephone rings, and then theirs."""
    tenant = await tenant_of(board, who)

    async def change(session: AsyncSession, callback: Callback) -> FactKind:
        # Whoever presses the button is who wants to talk, whosever it was.
        await ring_back(board, callback, who.operator_id or callback.owner_id, tenant, who.actor)
        return FactKind.CALLBACK_CHANGED

    return await _changed(request, board, who, callback_id, change)


async def to_do_rows(
    board: Switchboard, session: AsyncSession, who: Principal, tenant: TenantRows
) -> list[CallbackRow]:
    """The rows that the panel shows."""
    now = board.clock()
    wanted = to_do(who, now - timedelta(seconds=CLOSED_STAY))
    calls_back = board.open_calls.calls_back
    return await callback_rows(session, who, tenant, calls_back, now, wanted, at_most=ON_THE_PANEL)


async def _closed(request: Request, board: Board, who: Who, callback_id: str, state: CallbackState) -> Response:
    async def change(session: AsyncSession, callback: Callback) -> FactKind:
        close_callback(callback, state, who.actor, board.clock())
        return FactKind.CALLBACK_DONE

    return await _changed(request, board, who, callback_id, change)


async def _changed(
    request: Request, board: Switchboard, who: Principal, callback_id: str,
    change: Callable[[AsyncSession, Callback], Awaitable[FactKind]],
) -> Response:  # fmt: skip
    """Make a change, tell everybody, and answer with the row as it is from now on; without a script, with the page."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session, session.begin():
        callback = await find_callback(session, who.tenant_id, callback_id)
        kind = await change(session, callback)
    await tell_callbacks(board, kind, [callback])
    if "HX-Request" not in request.headers:
        return RedirectResponse("/callbacks", 303)
    async with board.sessions() as session:
        rows = await rows_of(session, [callback], who, tenant, board.open_calls.calls_back, board.clock())
    return HTMLResponse(draw("callbacks/rows.html", rows=rows, who=who, csrf_token=_token(board, who)))


def _that(show: Show, who: Principal, now: datetime) -> ColumnElement[bool]:
    is_open = Callback.state == CallbackState.OPEN.value
    match show:
        case Show.OPEN:
            return to_do(who, now - timedelta(seconds=CLOSED_STAY))
        case Show.MINE:
            mine = [Callback.taken_by == who.actor]
            if who.operator_id is not None:
                mine.append(Callback.owner_id == who.operator_id)
            return is_open & or_(*mine)
        case Show.FREE:
            return is_open & Callback.taken_by.is_(None)
        case Show.LATE:
            return is_open & (Callback.due_at < now)
        case Show.CLOSED:
            return ~is_open


def _later(until: Later, now: datetime, tenant: TenantRows) -> datetime:
    if until is Later.HOUR:
        return now + timedelta(hours=1)
    there = now.astimezone(zone_of_company(tenant)) + timedelta(days=1 if until is Later.TOMORROW else 7)
    return there.replace(hour=MORNING, minute=0, second=0, microsecond=0)


def _token(board: Switchboard, who: Principal) -> str:
    return token_for(board.settings, who.session_hash or "")
