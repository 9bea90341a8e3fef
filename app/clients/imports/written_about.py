"""Which clients there is something of that people have written down or sold: it would be left behind without a card."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from models import Callback, CallerMemory, CallNote, CallRecord, ClientNote, Matter, ProductState, Sale
from models.callback import CallbackReason

_BY_SOMEBODY: Final = or_(
    Callback.reason == CallbackReason.PROMISED.value, Callback.taken_by.is_not(None), Callback.note != ""
)
"""Unlike those that the service opens by itself when a caller was missed."""
_NOTED: Final = and_(
    CallRecord.tenant_id == CallNote.tenant_id, CallRecord.call_id == CallNote.call_id, CallNote.client_id.is_(None),
    CallNote.somebody_else.is_(False),
)  # fmt: skip


async def written_about(session: AsyncSession, tenant_id: str, client_ids: Collection[str]) -> set[str]:
    """Those of ``client_ids`` of whom there is a note, a matter, a sale, what was said of a product, a call that somebody
    has noted something about, or a call-back that was promised."""
    found: set[str | None] = set()
    for query in _queries(tenant_id, client_ids):
        found |= set(await session.scalars(query))
    return {one for one in found if one is not None}


def _queries(tenant_id: str, client_ids: Collection[str]) -> list[Select[str | None]]:
    """One query for each place."""
    places: list[tuple[Mapped[str] | Mapped[str | None], Mapped[str], ColumnElement[bool]]] = [
        (ClientNote.client_id, ClientNote.tenant_id, ClientNote.removed_at.is_(None)),
        (Matter.client_id, Matter.tenant_id, true()),
        (Sale.client_id, Sale.tenant_id, true()),
        (ProductState.client_id, ProductState.tenant_id, true()),
        (CallerMemory.client_id, CallerMemory.tenant_id, CallerMemory.is_caller.is_(True)),
        (CallNote.client_id, CallNote.tenant_id, true()),
        (CallRecord.client_id, CallRecord.tenant_id, exists().where(_NOTED)),
        (Callback.client_id, Callback.tenant_id, _BY_SOMEBODY),
    ]
    return [
        select(client_id).where(tenant == tenant_id, client_id.in_(client_ids), condition).distinct()
        for client_id, tenant, condition in places
    ]
