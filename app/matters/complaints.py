"""A caller who was not satisfied: a complaint opens by itself, once for a call."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.event_log.records import BOOTH
from app.matters.edit_matter import DUE_AFTER
from app.plan.rows import Row, as_row
from models import AuditEntry, CallRecord, Matter
from models.base import new_id
from models.matter import MatterKind, MatterState

COMPLAINT_AT: Final = 3
"""The best mark, of 5, with which a caller is asked what was wrong."""
_OPENED: Final = "add from call"
_TAKEN_BACK: Final = "delete from call"


async def complain(
    session: AsyncSession, call: CallRecord, client: Row | None, satisfaction: int | None, actor: str, now: datetime
) -> Matter | None:
    """Open a complaint about ``call`` whose caller, the ``client`` where it is known who, has given this mark; None where
    the mark is better or taken back, and where the call has a complaint already. Whoever looks after the client sees to it.

    A mark that becomes another one is corrected in the complaint that it has opened. One that is better now, or taken back,
    was a slip: with it goes a complaint that nobody has touched, and whoever sees to another one settles it."""
    if call.provider == BOOTH:
        return None
    mine = (Matter.tenant_id == call.tenant_id, Matter.call_id == call.call_id)
    there = await session.scalar(
        select(Matter).where(*mine, Matter.kind == MatterKind.COMPLAINT.value).limit(1).with_for_update()
    )
    is_bad = satisfaction is not None and satisfaction <= COMPLAINT_AT
    if there is not None:
        by_mark = there.satisfaction is not None or not there.text
        if by_mark and not is_bad and there.updated_at == there.opened_at:
            session.add(_audited(there, actor, f"{_TAKEN_BACK} {call.call_id}", as_row(there), None))
            await session.delete(there)
        elif by_mark:
            there.satisfaction = satisfaction
        return None
    if not is_bad:
        return None
    owner = (client or {}).get("responsible_operator_id")
    fields: Row = {
        "tenant_id": call.tenant_id, "id": new_id(), "kind": MatterKind.COMPLAINT.value,
        "state": MatterState.REGISTERED.value, "client_id": client["id"] if client else None, "call_id": call.call_id,
        "owner_id": owner, "taken_by": actor if owner else None, "due_at": now + DUE_AFTER, "satisfaction": satisfaction,
        "opened_by": actor, "opened_at": now, "updated_at": now,
    }  # fmt: skip
    once = insert(Matter).values(fields).on_conflict_do_nothing(
        index_elements=["tenant_id", "call_id"], index_where=Matter.satisfaction.is_not(None)
    )  # fmt: skip
    if await session.scalar(once.returning(Matter.id)) is None:
        return None  # somebody else has given a mark at the same moment
    opened = await session.get_one(Matter, {"tenant_id": call.tenant_id, "id": fields["id"]})
    session.add(_audited(opened, actor, f"{_OPENED} {call.call_id}", None, as_row(opened)))
    return opened


def _audited(matter: Matter, actor: str, act: str, before: Row | None, after: Row | None) -> AuditEntry:
    return AuditEntry(
        tenant_id=matter.tenant_id, actor=actor, act=act, subject=Matter.__tablename__, row_id=matter.id, before=before,
        after=after,
    )  # fmt: skip
