"""What was spoken at a telephone is fetched from the provider, as messages of callers are, and becomes a recording."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from app.base.errors import Conflict, Problem, Unavailable
from app.base.problems.audio import AudioFault
from app.company.audio import AUDIO
from app.edits.edit import editing
from app.switchboard import Switchboard
from app.telephone.fault import Fault, TelephoneFault
from app.telephone.telephone import Telephone
from models import AudioRecord, Dictation
from models.dictation import DictationState

LOOK_SECONDS: Final = 2.0
GIVE_UP_AFTER: Final = timedelta(hours=1)
LOOKS_AFTER_THE_END: Final = 3
"""A provider needs some seconds to list what was recorded, also after the call is over."""
_PAUSE: Final = timedelta(seconds=5)
_AT_ONCE: Final = 5
_MOST_BYTES: Final = 16 * 1024 * 1024

log = structlog.get_logger(__name__)


async def fetch_dictations(board: Switchboard) -> int:
    """Look for what is due, each by one worker, which has it for as long as the pause. Returns how many were stored."""
    now, due = board.clock(), list[Dictation]()
    async with board.sessions() as session, session.begin():
        waiting = Dictation.state == DictationState.WAITING.value, Dictation.next_try_at <= now
        query = select(Dictation).where(*waiting).order_by(Dictation.next_try_at).limit(_AT_ONCE)
        for row in await session.scalars(query.with_for_update(skip_locked=True)):
            row.tries += 1
            row.next_try_at = now + _PAUSE
            await session.flush()
            session.expunge(row)
            due.append(row)
    stored = 0
    for row in due:
        stored += await _fetch(board, row, is_late=row.created_at < now - GIVE_UP_AFTER)
    return stored


async def _fetch(board: Switchboard, row: Dictation, *, is_late: bool) -> bool:
    telephone = board.telephone(row.tenant_id, row.provider)
    try:
        spoken = await _spoken(telephone, row) if telephone and row.call_id else None
    except TelephoneFault as fault:
        log.warning("dictation.waits", dictation=row.id, error=fault.fault.value)
        spoken = None
    if spoken is None:
        if is_late:
            await _failed(board, row, AudioFault.NOBODY_SPOKE)
        return False
    if not spoken:
        if row.tries >= LOOKS_AFTER_THE_END:
            await _failed(board, row, AudioFault.NOBODY_SPOKE)
        return False
    try:
        await _store(board, row, await board.conversion.convert(spoken))
    except Unavailable:
        return False  # others are converted at the moment
    except Problem as problem:
        await _failed(board, row, problem.cause if isinstance(problem.cause, AudioFault) else AudioFault.DAMAGED)
        return False
    return True


async def _spoken(telephone: Telephone, row: Dictation) -> bytes | None:
    """The sound; empty where the call is over and there is none, None while there may be one yet. Raises
    :class:`TelephoneFault`."""
    recordings = await telephone.recordings_of(row.call_id)
    if not recordings:
        return b"" if await telephone.is_over(row.call_id) else None
    sound = bytearray()
    try:
        async for piece in telephone.recording(recordings[0]):
            sound += piece
            if len(sound) > _MOST_BYTES:
                break
    except TelephoneFault as fault:
        if fault.fault is Fault.GONE:  # it is being made
            return None
        raise
    return bytes(sound)


async def _store(board: Switchboard, row: Dictation, sound: bytes) -> None:
    """Add the recording, once. Raises :class:`Problem`."""
    mine = Dictation.tenant_id == row.tenant_id, Dictation.id == row.id
    async with editing(board.sessions, row.tenant_id, row.actor) as edit:
        waiting = await edit.session.scalar(select(Dictation.state).where(*mine).with_for_update())
        if waiting != DictationState.WAITING.value:
            raise Conflict(AudioFault.NAME_USED)
        same = select(AudioRecord.name).where(AudioRecord.tenant_id == row.tenant_id, AudioRecord.name == row.name)
        taken = await edit.session.scalar(same) is not None
        name = f"{row.name[:180]} ({row.id[-8:]})" if taken else row.name
        added = await AUDIO.add(edit, board, {"name": name, "language": row.language, "text": row.text}, sound)
        stored = {"state": DictationState.STORED.value, "audio_id": added["id"]}
        await edit.session.execute(update(Dictation).where(*mine).values(**stored))
    await board.live_plan.catch_up()


async def _failed(board: Switchboard, row: Dictation, fault: AudioFault) -> None:
    mine = Dictation.tenant_id == row.tenant_id, Dictation.id == row.id, Dictation.state == DictationState.WAITING.value
    async with board.sessions() as session, session.begin():
        failed = {"state": DictationState.FAILED.value, "fault": fault.name.lower()}
        await session.execute(update(Dictation).where(*mine).values(**failed))


async def keep_dictations(board: Switchboard) -> None:
    """Look for ever."""
    while True:
        try:
            await fetch_dictations(board)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("dictations.wait", error=type(error).__name__)
        await asyncio.sleep(LOOK_SECONDS)
