"""Fetch the sounds of new messages, again and again until they are here; and delete those whose time is over."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.switchboard import Switchboard
from app.telephone.fault import TelephoneFault
from app.voicemails.sound_files import SoundTooLong, delete_sound, keep_sound, sound_file, stored_sounds
from models import VoicemailRecord
from models.voicemail import VoicemailState

LOOK_SECONDS: Final = 2.0
DELETE_EVERY_SECONDS: Final = 3600.0
GIVE_UP_AFTER: Final = timedelta(days=3)
_AT_ONCE: Final = 5
_FIRST_PAUSE: Final = timedelta(seconds=4)
_LONGEST_PAUSE: Final = timedelta(minutes=10)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Due:
    tenant_id: str
    id: str
    provider: str
    recording: str


async def fetch_voicemails(board: Switchboard) -> int:
    """Fetch what is due; each message by one worker, which has it for as long as the next pause. Returns how many came."""
    now, due = board.clock(), list[_Due]()
    async with board.sessions() as session, session.begin():
        waiting = (VoicemailRecord.state == VoicemailState.WAITING.value, VoicemailRecord.next_try_at <= now)
        query = select(VoicemailRecord).where(*waiting).order_by(VoicemailRecord.next_try_at).limit(_AT_ONCE)
        for row in await session.scalars(query.with_for_update(skip_locked=True)):
            if row.received_at < now - GIVE_UP_AFTER:
                row.state = VoicemailState.LOST.value
                continue
            row.next_try_at = now + min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(row.tries, 10))
            row.tries += 1
            due.append(_Due(row.tenant_id, row.id, row.provider, row.recording))
    fetched = 0
    for one in due:
        fetched += await fetch_one(board, one.tenant_id, one.id, one.provider, one.recording)
    return fetched


async def fetch_one(board: Switchboard, tenant_id: str, voicemail_id: str, provider: str, recording: str) -> bool:
    """Fetch one message now. False when the provider has not handed it out."""
    telephone = board.telephone(tenant_id, provider)
    if telephone is None:
        return False
    try:
        await keep_sound(sound_file(board.settings, tenant_id, voicemail_id), telephone.recording(recording))
    except (TelephoneFault, SoundTooLong, OSError) as error:
        log.warning("voicemail.waits", voicemail=voicemail_id, error=str(error) or type(error).__name__)
        return False
    mine = (VoicemailRecord.tenant_id == tenant_id, VoicemailRecord.id == voicemail_id)
    async with board.sessions() as session, session.begin():
        await session.execute(update(VoicemailRecord).where(*mine).values(state=VoicemailState.STORED.value))
    return True


async def delete_old_voicemails(board: Switchboard) -> int:
    """Delete the messages that are older than their company keeps them. Returns how many."""
    now, gone = board.clock(), 0
    for tenant_id, tenant in list(board.live_plan.tenants.items()):
        if tenant.plan is None:
            continue
        kept_since = now - timedelta(days=tenant.plan.treatments.voicemail_days)
        old = (VoicemailRecord.tenant_id == tenant_id, VoicemailRecord.received_at < kept_since)
        async with board.sessions() as session, session.begin():
            ids = list(await session.scalars(delete(VoicemailRecord).where(*old).returning(VoicemailRecord.id)))
        for one in ids:
            await delete_sound(sound_file(board.settings, tenant_id, one))
        gone += len(ids)
    return gone


async def delete_sounds_of_nothing(board: Switchboard) -> int:
    """Delete this host's sounds of messages that there are no longer: another host has deleted them, after their time or
    because somebody was erased. Returns how many. Of companies that this database does not know nothing is touched."""
    gone = 0
    for tenant_id in list(board.live_plan.tenants):
        there = await stored_sounds(board.settings, tenant_id)
        if not there:
            continue
        mine = (VoicemailRecord.tenant_id == tenant_id, VoicemailRecord.id.in_(there))
        async with board.sessions() as session:
            known = set(await session.scalars(select(VoicemailRecord.id).where(*mine)))
        for one in there - known:
            await delete_sound(sound_file(board.settings, tenant_id, one))
        gone += len(there - known)
    return gone


async def keep_voicemails(board: Switchboard) -> None:
    """Fetch and delete for ever."""
    loop = asyncio.get_running_loop()
    delete_at = loop.time()
    while True:
        try:
            await fetch_voicemails(board)
            if loop.time() >= delete_at:
                delete_at = loop.time() + DELETE_EVERY_SECONDS
                await delete_old_voicemails(board)
                await delete_sounds_of_nothing(board)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("voicemails.wait", error=type(error).__name__)
        await asyncio.sleep(LOOK_SECONDS)
