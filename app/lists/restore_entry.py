"""Undo of taking an entry off its list: it comes back as it was, id, author and all."""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.base.errors import Conflict, NotFound
from app.base.problems.entries import EntryFault
from app.base.problems.requests import RequestFault
from app.edits.edit import Edit
from app.edits.in_turn import take_turn
from app.lists.conflicts import refuse_conflicts
from app.plan.rows import Row
from filters.list_entry import Treatment
from filters.pattern import Pattern, PatternKind
from models import AuditEntry, Company
from models.list_name import ListName

_MOMENTS: Final = ("created_at", "expires_at", "review_at")


async def restore_entry(edit: Edit, name: ListName, entry_id: str, now: datetime) -> Row:
    """Put the entry of the list ``name`` that was taken off back, as the audit trail has it.

    Raises :class:`NotFound` when no such entry was ever taken off, and :class:`Conflict` when it is
    back already or contradicts what has been listed meanwhile.
    """
    await take_turn(edit)
    before = await _as_it_was(edit, name, entry_id)
    model = name.model
    if await edit.session.get(model, {"tenant_id": edit.tenant_id, "id": entry_id}) is not None:
        raise Conflict(EntryFault.ALREADY_ON_ITS_LIST)
    company = await edit.session.get_one(Company, edit.tenant_id)
    pattern = Pattern(PatternKind(before["match"]), before["number"], before["to"])
    exception = before.get("treatment") == Treatment.ALLOW.value
    await refuse_conflicts(edit, name, pattern, company, now, entry_id, is_exception=exception)
    times = {key: datetime.fromisoformat(before[key]) if before.get(key) else None for key in _MOMENTS}
    return await edit.record_added(model(**(before | times)), "restore")


async def _as_it_was(edit: Edit, name: ListName, entry_id: str) -> Row:
    trail = (
        select(AuditEntry.before)
        .where(
            AuditEntry.tenant_id == edit.tenant_id,
            AuditEntry.subject == name.model.__tablename__,
            AuditEntry.row_id == entry_id,
            AuditEntry.act.startswith("delete"),
        )
        .order_by(AuditEntry.id.desc())
    )
    before: Row | None = await edit.session.scalar(trail.limit(1))
    if before is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return before
