"""What people do about a call-back: open one, take it, put it off, close it and take that back. Whatever it was, panels of
every worker hear of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.errors import Conflict, NotFound, Unprocessable
from app.base.problems.calls import CallFault
from app.base.problems.company import CompanyFault
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.callbacks.derive_callbacks import about
from app.event_log.records import FactKind
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from models import Callback, CallRecord
from models.base import new_id
from models.callback import CallbackReason, CallbackState

LATEST: Final = timedelta(days=5 * 366)
"""How far ahead somebody may be promised anything: nobody means a later date, and calendars end."""


def refuse_far_dates(moment: datetime | None, now: datetime, field: str) -> None:
    """Raises :class:`Unprocessable` naming the field."""
    if moment is not None and abs(moment - now) > LATEST:
        raise Unprocessable(CallFault.DATE_TOO_FAR, field=field)


def refuse_own_line(number: str, tenant: TenantRows) -> None:
    """Raises :class:`Unprocessable` for the number (E.164) of a line of the company: the call would come back to it."""
    if tenant.plan is not None and number in tenant.plan.lines:
        raise Unprocessable(CompanyFault.ADDRESS_IS_OWN_LINE, field="number")


def refuse_unknown_client(client_id: str | None, tenant: TenantRows) -> None:
    """Raises :class:`Unprocessable` for a client that the company has not."""
    if client_id is not None and client_id not in tenant.rows["client"]:
        raise Unprocessable(CallFault.CLIENT_UNKNOWN, field="client_id")


async def find_callback(session: AsyncSession, tenant_id: str, callback_id: str) -> Callback:
    """The call-back with this id, kept from others while it is edited. Raises :class:`NotFound`."""
    key = {"tenant_id": tenant_id, "id": callback_id}
    found = await session.get(Callback, key, with_for_update=True) if is_storable(callback_id) else None
    if found is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return found


async def open_one(session: AsyncSession, tenant_id: str, number: str) -> Callback | None:
    """The open call-back of a number."""
    mine = (Callback.tenant_id == tenant_id, Callback.number == number, Callback.state == CallbackState.OPEN)
    return (await session.scalars(select(Callback).where(*mine).with_for_update())).one_or_none()


async def promise_callback(
    session: AsyncSession, call: CallRecord, actor: str, owner_id: str | None, due: datetime, now: datetime
) -> Callback | None:
    """Whoever took the call has promised to call back: theirs, unless it is somebody's already. None for a caller without a
    number. A missed VIP's stays one, whoever promises what."""
    if call.caller_number is None:
        return None
    there = await open_one(session, call.tenant_id, call.caller_number)
    if there is None:
        there = Callback(
            tenant_id=call.tenant_id, id=new_id(), number=call.caller_number, client_id=call.client_id,
            call_id=call.call_id, line_id=call.line_id, queue_id=call.queue_id, reason=CallbackReason.PROMISED.value,
            due_at=due, opened_at=now, state=CallbackState.OPEN.value, note="", attempts=0,
        )  # fmt: skip
        session.add(there)
    elif there.reason == CallbackReason.QUEUE and there.call_id != call.call_id:
        return there  # they have called since, and keep a place in the queue: that is sooner than any promise
    elif there.reason != CallbackReason.MISSED_VIP:
        there.reason, there.opened_at = CallbackReason.PROMISED.value, now
        # It is they who were promised it, whoever else was missed at this number.
        there.client_id, there.call_id = call.client_id, call.call_id
    if there.taken_by is None:
        take_callback(there, owner_id, actor)
    return there


def take_callback(callback: Callback, owner_id: str | None, actor: str) -> None:
    """It is this operator's from now on, or that of somebody (``actor``) who is none."""
    callback.owner_id, callback.taken_by = owner_id, actor


def close_callback(callback: Callback, state: CallbackState, actor: str, now: datetime) -> None:
    """It is done, or not to be done. Raises :class:`Conflict` for one that is closed already."""
    if callback.state != CallbackState.OPEN:
        raise Conflict(CallFault.CALLBACK_CLOSED)
    callback.state, callback.closed_at, callback.closed_by = state.value, now, actor


async def reopen_callback(session: AsyncSession, callback: Callback) -> None:
    """Take the closing back. Raises :class:`Conflict` where the number has another open one by now."""
    if callback.state == CallbackState.OPEN:
        return
    if await open_one(session, callback.tenant_id, callback.number) is not None:
        raise Conflict(CallFault.CALLBACK_OPEN_ALREADY)
    callback.state, callback.closed_at, callback.closed_by = CallbackState.OPEN.value, None, None


async def last_closed(session: AsyncSession, tenant_id: str, number: str) -> Callback | None:
    """The call-back of a number that was closed last."""
    mine = (Callback.tenant_id == tenant_id, Callback.number == number, Callback.state != CallbackState.OPEN)
    return (
        await session.scalars(select(Callback).where(*mine).order_by(Callback.closed_at.desc()).limit(1))
    ).one_or_none()


async def tell_callbacks(board: Switchboard, kind: FactKind, callbacks: Sequence[Callback]) -> None:
    """Let panels, pages and programs know. Call it when what was written is committed."""
    now = board.clock()
    facts = [
        about(kind, one.tenant_id, one.id, one.call_id, now, new_id(), taken=one.taken_by is not None)
        for one in callbacks
    ]
    await board.record(*facts)
