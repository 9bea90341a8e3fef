"""When clients are to be called next, and how satisfied they were the last time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from app.event_log.records import BOOTH
from models import Callback, CallNote, CallRecord, ClientNumber
from models.callback import CallbackReason, CallbackState


@dataclass(frozen=True, slots=True)
class Contact:
    """``next_at`` is when they were promised a call, ``satisfaction`` the mark of the last call that has one."""

    next_at: datetime | None = None
    satisfaction: int | None = None


async def contacts_of(session: AsyncSession, tenant_id: str, client_ids: Collection[str]) -> dict[str, Contact]:
    """By client's id, for all of ``client_ids``. A call-back is theirs by the client for whom it was opened, or by a number
    that is theirs alone."""
    if not client_ids:
        return {}
    next_at = await _next(session, tenant_id, client_ids)
    marks = await _marks(session, tenant_id, client_ids)
    return {one: Contact(next_at.get(one), marks.get(one)) for one in client_ids}


async def _next(session: AsyncSession, tenant_id: str, client_ids: Collection[str]) -> dict[str, datetime]:
    is_open = (
        Callback.tenant_id == tenant_id,
        Callback.state == CallbackState.OPEN.value,
        Callback.reason == CallbackReason.PROMISED.value,
    )
    mine = and_(ClientNumber.tenant_id == Callback.tenant_id, ClientNumber.number == Callback.number)
    by_number = (
        select(ClientNumber.client_id, Callback.due_at)
        .join(Callback, mine)
        .where(*is_open, ClientNumber.client_id.in_(client_ids), ~ClientNumber.shared)
    )
    by_client = select(Callback.client_id, Callback.due_at).where(*is_open, Callback.client_id.in_(client_ids))
    each = by_number.union_all(by_client).subquery()
    rows = await session.execute(select(each.c.client_id, func.min(each.c.due_at)).group_by(each.c.client_id))
    return {client_id: due for client_id, due in rows}  # noqa: C416  the types are those of the columns


async def _marks(session: AsyncSession, tenant_id: str, client_ids: Collection[str]) -> dict[str, int]:
    of_call = and_(CallNote.tenant_id == CallRecord.tenant_id, CallNote.call_id == CallRecord.call_id)
    caller = func.coalesce(CallNote.client_id, CallRecord.client_id)
    theirs: ColumnElement[bool] = or_(
        CallNote.client_id.in_(client_ids),
        and_(CallNote.client_id.is_(None), CallRecord.client_id.in_(client_ids), ~CallNote.somebody_else),
    )
    rows = await session.execute(
        select(caller, CallNote.satisfaction)
        .join(CallRecord, of_call)
        .where(
            CallNote.tenant_id == tenant_id, CallNote.satisfaction.is_not(None), CallRecord.provider != BOOTH, theirs
        )
        .ext(distinct_on(caller))
        .order_by(caller, CallRecord.started_at.desc())
    )
    return {client_id: mark for client_id, mark in rows if mark is not None}
