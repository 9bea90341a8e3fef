"""Delete a client so that they can come back: with the same id, and so with their calls and notes."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.errors import ComeBack, NotAllowed, NotFound
from app.base.problems.clients import ClientFault
from app.calls.merged_clients import ids_known_as
from app.clients.edit_client import put_numbers, refuse_contradictions
from app.clients.own_fields import readable, stored_fields
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.plan.rows import Row, as_row, record_of
from filters.clients import Standing
from models import CategoryRule, ClientCard, ClientNote, Company, GoneClient, OperatorRecord, ProductState, Sale

UNDO_DAYS: Final = 30


async def delete_client(edit: Edit, client_id: str, now: datetime, *, may_judge: bool) -> GoneClient:
    """Delete a client's card; what is returned brings it back for :data:`UNDO_DAYS` days. Raises
    :class:`NotFound` and :class:`NotAllowed`."""
    await take_turn(edit)
    card = await find_or_404(edit, ClientCard, client_id)
    if card.standing != Standing.ORDINARY and not may_judge:
        raise NotAllowed(ClientFault.DELETING_NEEDS_SUPERVISOR)
    return await let_go(edit, card, now, "delete")


async def let_go(edit: Edit, card: ClientCard, now: datetime, act: str, into_id: str | None = None) -> GoneClient:
    """Take ``card`` away, remembering what it was."""
    await forget_gone(edit.session, edit.tenant_id, now)
    gone = GoneClient(
        tenant_id=edit.tenant_id,
        created_at=now,
        client_id=card.id,
        into_id=into_id,
        actor=edit.actor,
        card=as_row(card),
    )
    edit.session.add(gone)
    if into_id is not None:
        edit.merged[card.id] = into_id
    await edit.record_deleted(card, act)
    return gone


async def undo_delete(edit: Edit, gone_id: str, now: datetime, *, may_judge: bool) -> Row:
    """Bring a deleted client back. Raises :class:`NotFound` when that is too long ago,
    :class:`NotAllowed`, and :class:`Conflict` when the client's standing contradicts what is there
    by now."""
    await take_turn(edit)
    gone = await gone_client(edit, gone_id, now)
    if gone.into_id is not None:
        raise NotFound(ClientFault.NOTHING_TO_UNDO)
    row = await bring_back(edit, gone, now, "restore", may_judge=may_judge)
    await edit.session.delete(gone)
    return row


async def gone_client(edit: Edit, gone_id: str, now: datetime) -> GoneClient:
    """Who left. Raises :class:`NotFound` when that cannot be undone any more."""
    gone = await edit.session.get(GoneClient, {"tenant_id": edit.tenant_id, "id": gone_id})
    if gone is None or gone.card is None or gone.created_at < now - timedelta(days=UNDO_DAYS):
        raise NotFound(ClientFault.NOTHING_TO_UNDO)
    return gone


async def bring_back(edit: Edit, gone: GoneClient, now: datetime, act: str, *, may_judge: bool) -> Row:
    """Make the card again that ``gone`` remembers. A category, an operator, a field or a choice that is not there
    any more is left out."""
    row: Row = dict(gone.card or {})
    numbers = {one["number"]: one["shared"] for one in row.pop("numbers")}
    standing = Standing(row["standing"])
    if standing is not Standing.ORDINARY and not may_judge:
        raise NotAllowed(ClientFault.RESTORING_NEEDS_SUPERVISOR)
    if await edit.session.get(ClientCard, {"tenant_id": edit.tenant_id, "id": row["id"]}) is not None:
        raise ComeBack(ClientFault.ALREADY_BACK)
    company = await edit.session.get_one(Company, edit.tenant_id)
    await refuse_contradictions(edit, standing, numbers, company, now, row["id"])
    category = {"tenant_id": edit.tenant_id, "id": row["category_id"]}
    if row["category_id"] and await edit.session.get(CategoryRule, category) is None:
        row["category_id"] = None
    operator = {"tenant_id": edit.tenant_id, "id": row.get("responsible_operator_id")}
    if operator["id"] and await edit.session.get(OperatorRecord, operator) is None:
        row["responsible_operator_id"] = None
    if row.get("fields"):
        row["fields"] = readable(row["fields"], await stored_fields(edit.session, edit.tenant_id))
    card = ClientCard(**record_of(ClientCard.__tablename__, row), numbers=[])
    put_numbers(card, numbers)
    return await edit.record_added(card, act)


async def forget_gone(session: AsyncSession, tenant_id: str, now: datetime) -> None:
    """Erase what can no longer be undone, with the notes of those who were deleted, what they bought, and what was said of
    products; to be committed."""
    too_old = now - timedelta(days=UNDO_DAYS)
    await session.execute(delete(ClientNote).where(ClientNote.tenant_id == tenant_id, ClientNote.removed_at < too_old))
    old = (GoneClient.tenant_id == tenant_id, GoneClient.created_at < too_old)
    deleted = list(await session.scalars(select(GoneClient.client_id).where(*old, GoneClient.into_id.is_(None))))
    for client_id in deleted:
        ids = list(await session.scalars(ids_known_as(tenant_id, client_id)))
        for model in (ClientNote, Sale, ProductState):
            await session.execute(delete(model).where(model.tenant_id == tenant_id, model.client_id.in_(ids)))
    await session.execute(delete(GoneClient).where(*old, GoneClient.into_id.is_(None)))
    await session.execute(
        update(GoneClient)
        .where(*old, GoneClient.into_id.is_not(None))
        .values(card=None, kept_before=None, kept_after=None)
    )
