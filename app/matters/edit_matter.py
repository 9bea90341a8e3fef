"""Open and change a matter. No call is decided by one, so an edit leaves an audit entry and no change of the plan."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.errors import ChangedMeanwhile, NotFound, Unprocessable
from app.base.problems.calls import CallFault
from app.base.problems.matters import MatterFault
from app.base.problems.requests import RequestFault
from app.base.text import is_storable, refuse_unstorable
from app.edits.edit import Edit
from app.edits.tell_panels import calls_of, tell_panels
from app.plan.rows import Row, as_row
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from models import ClientCard, GoneClient, Matter, OperatorRecord
from models.matter import MatterKind, MatterState

DUE_AFTER: Final = timedelta(days=2)
"""By when a matter is to be seen to that was opened without a date."""
LATEST: Final = timedelta(days=5 * 366)
"""How far ahead one may be due."""


async def open_matter(edit: Edit, fields: Row, tenant: TenantRows) -> Matter:
    """A new matter; ``fields`` are columns of :class:`models.Matter`. Raises :class:`Unprocessable`."""
    _refuse(fields, tenant, edit.now)
    if not str(fields.get("text", "")).strip():
        raise Unprocessable(MatterFault.TEXT_MISSING, field="text")
    record = Matter(tenant_id=edit.tenant_id, state=MatterState.REGISTERED.value, opened_by=edit.actor, lesson="")
    record.due_at = edit.now + DUE_AFTER
    record.opened_at = record.updated_at = edit.now
    _put(record, fields, edit)
    await edit.record_beside(record, None, "add")
    return record


async def change_matter(
    edit: Edit, matter_id: str, fields: Row, tenant: TenantRows, *, as_of: datetime | None = None
) -> Matter:
    """Give ``fields`` new values; what is the same already is no change. ``as_of`` is the ``updated_at`` of the matter that
    was seen. Raises :class:`NotFound`, :class:`Unprocessable`, and :class:`ChangedMeanwhile` where it is not that one."""
    key = {"tenant_id": edit.tenant_id, "id": matter_id}
    record = await edit.session.get(Matter, key, with_for_update=True) if is_storable(matter_id) else None
    if record is None:
        raise NotFound(RequestFault.NOT_FOUND)
    if as_of is not None and record.updated_at != as_of:
        raise ChangedMeanwhile(MatterFault.CHANGED_MEANWHILE)
    changed = {name: value for name, value in fields.items() if value != getattr(record, name)}
    if not changed:
        return record
    if "owner_id" in changed and "taken_by" in fields:
        changed["taken_by"] = fields["taken_by"]
    _refuse(changed, tenant, edit.now)
    if "text" in changed and record.satisfaction is None and not str(changed["text"]).strip():
        raise Unprocessable(MatterFault.TEXT_MISSING, field="text")
    before = as_row(record)
    _put(record, changed, edit)
    # Two changes of one moment are two: whoever saw the first has not seen the second.
    record.updated_at = max(edit.now, record.updated_at + timedelta(microseconds=1))
    await edit.record_beside(record, before, "change")
    return record


async def tell_matter(board: Switchboard, matter: Matter, tenant: TenantRows) -> None:
    """Draw the calls of the matter's client anew, which may show it. Call it when what was written is committed."""
    if matter.client_id is None:
        return
    async with board.sessions() as session:
        client_id = await known_as_now(session, matter.tenant_id, matter.client_id)
    client: Row = tenant.rows[ClientCard.__tablename__].get(client_id, {"numbers": []})
    if numbers := {one["number"] for one in client["numbers"]}:
        await tell_panels(board, await calls_of(board, matter.tenant_id, numbers))


async def known_as_now(session: AsyncSession, tenant_id: str, client_id: str) -> str:
    """The client into whom this one was merged, perhaps by way of others; else the same."""
    seen = {client_id}
    while True:
        merged = select(GoneClient.into_id).where(
            GoneClient.tenant_id == tenant_id, GoneClient.client_id == client_id, GoneClient.into_id.is_not(None)
        )
        into = await session.scalar(merged.order_by(GoneClient.created_at.desc()).limit(1))
        if into is None or into in seen:
            return client_id
        seen.add(into)
        client_id = into


def _put(record: Matter, fields: Mapping[str, object], edit: Edit) -> None:
    for name, value in fields.items():
        setattr(record, name, value)
    if "owner_id" in fields:
        record.taken_by = edit.actor if record.owner_id else None
    if "taken_by" in fields:
        record.taken_by = fields["taken_by"] if isinstance(fields["taken_by"], str) else None
    if record.state == MatterState.CLOSED:
        record.closed_at = record.closed_at or edit.now
    else:
        record.closed_at = None


def _refuse(fields: Row, tenant: TenantRows, now: datetime) -> None:
    for name in ("text", "lesson"):
        refuse_unstorable(fields.get(name, ""), name)
    owner, client = fields.get("owner_id"), fields.get("client_id")
    if owner is not None and owner not in tenant.rows[OperatorRecord.__tablename__]:
        raise Unprocessable(CallFault.UNKNOWN_OPERATOR, field="owner_id")
    if client is not None and client not in tenant.rows[ClientCard.__tablename__]:
        raise Unprocessable(MatterFault.UNKNOWN_CLIENT, field="client_id")
    due = fields.get("due_at")
    if isinstance(due, datetime) and abs(due - now) > LATEST:
        raise Unprocessable(CallFault.DATE_TOO_FAR, field="due_at")
    MatterKind(fields.get("kind", MatterKind.QUESTION))
    MatterState(fields.get("state", MatterState.REGISTERED))
