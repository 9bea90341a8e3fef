"""Dated notes about clients."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.rights import can_judge
from app.base import limits
from app.base.errors import NotAllowed, NotFound, Unprocessable
from app.base.problems.clients import ClientFault, NoteTooLong
from app.base.text import is_storable, refuse_unstorable
from app.calls.merged_clients import ids_known_as
from models import ClientCard, ClientNote

SHOWN: Final = 100


async def notes_of(session: AsyncSession, tenant_id: str, client_id: str) -> Sequence[ClientNote]:
    """The notes about a client and those who were merged into them, newest first."""
    query = (
        select(ClientNote)
        .where(
            ClientNote.tenant_id == tenant_id,
            ClientNote.client_id.in_(ids_known_as(tenant_id, client_id)),
            ClientNote.removed_at.is_(None),
        )
        .order_by(ClientNote.created_at.desc(), ClientNote.id.desc())
        .limit(SHOWN)
    )
    return (await session.scalars(query)).all()


async def add_note(session: AsyncSession, who: Principal, client_id: str, text: str, now: datetime) -> ClientNote:
    """Write a note. Raises :class:`Unprocessable` and :class:`NotFound`."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Unprocessable(ClientFault.NOTE_EMPTY, field="text")
    if len(text) > limits.TEXT:
        raise Unprocessable(NoteTooLong(limits.TEXT), field="text")
    refuse_unstorable(text, "text")
    key = {"tenant_id": who.tenant_id, "id": client_id}
    # Kept from being erased until the note is there to be erased too.
    share = {"read": True, "key_share": True}
    if not is_storable(client_id) or await session.get(ClientCard, key, with_for_update=share) is None:
        raise NotFound(ClientFault.NOT_FOUND)
    note = ClientNote(tenant_id=who.tenant_id, client_id=client_id, author=who.actor, text=text, created_at=now)
    session.add(note)
    await session.flush()
    return note


async def remove_note(session: AsyncSession, who: Principal, note_id: str, now: datetime | None) -> ClientNote:
    """Take a note away, or with ``now`` None put it back. People remove their own, supervisors any. Raises
    :class:`NotFound` and :class:`NotAllowed`."""
    note = await session.get(ClientNote, {"tenant_id": who.tenant_id, "id": note_id}) if is_storable(note_id) else None
    if note is None:
        raise NotFound(ClientFault.NOTE_NOT_FOUND)
    if note.author != who.actor and not can_judge(who.role):
        raise NotAllowed(ClientFault.NOTE_OF_SOMEBODY_ELSE)
    note.removed_at = now
    return note
