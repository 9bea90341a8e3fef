"""The message that somebody acts on, and what they do with it."""

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.rights import can_read_lists
from app.base.errors import NotFound, Unavailable
from app.base.problems.calls import CallFault
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.switchboard import Switchboard
from app.voicemails.fetch_voicemails import fetch_one
from app.voicemails.sound_files import delete_sound, sound_file
from models import VoicemailRecord


async def visible_voicemail(session: AsyncSession, who: Principal, voicemail_id: str) -> VoicemailRecord:
    """The message of this id. Raises :class:`NotFound`, also for one of a blacklisted caller unless a supervisor asks."""
    key = {"tenant_id": who.tenant_id, "id": voicemail_id}
    found = await session.get(VoicemailRecord, key) if is_storable(voicemail_id) else None
    if found is None or (found.unheard_of and not can_read_lists(who.role)):
        raise NotFound(RequestFault.NOT_FOUND)
    return found


async def mark_heard(board: Switchboard, who: Principal, voicemail_id: str, *, heard: bool) -> VoicemailRecord:
    """Somebody has dealt with it, or has not after all."""
    async with board.sessions() as session, session.begin():
        record = await visible_voicemail(session, who, voicemail_id)
        if heard is (record.heard_at is None):
            record.heard_at, record.heard_by = (board.clock(), who.actor) if heard else (None, None)
    return record


async def delete_voicemail(board: Switchboard, who: Principal, voicemail_id: str) -> None:
    """For good, with its sound."""
    async with board.sessions() as session, session.begin():
        record = await visible_voicemail(session, who, voicemail_id)
        await session.delete(record)
    await delete_sound(sound_file(board.settings, who.tenant_id, record.id))


async def sound_of(board: Switchboard, who: Principal, voicemail_id: str) -> Path:
    """The file of a message; fetched now if it is not here, which may be another host's. Raises :class:`NotFound`, and
    :class:`Unavailable` while the provider does not hand it out."""
    async with board.sessions() as session:
        record = await visible_voicemail(session, who, voicemail_id)
    path = sound_file(board.settings, who.tenant_id, record.id)
    is_here = path.is_file()
    if not is_here and not await fetch_one(board, who.tenant_id, record.id, record.provider, record.recording):
        raise Unavailable(CallFault.SOUND_NOT_FETCHED)
    return path
