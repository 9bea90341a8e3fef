"""Recordings of which a plan tells are brought to this host, so that no call needs the database for them."""

import asyncio
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.switchboard import Switchboard
from models import AudioFile

LOOK_SECONDS: Final = 1.0
TIDY_EVERY_SECONDS: Final = 3600.0
KEPT_SECONDS: Final = 24 * 3600.0
"""For so long a sound stays that nothing names any more: a caller may be on the way to it."""

log = structlog.get_logger(__name__)


async def fetch_recordings(board: Switchboard) -> int:
    """Fetch the sounds that are not here yet. Returns how many came. Raises SQLAlchemyError and OSError."""
    came = 0
    for tenant_id, tenant in list(board.live_plan.tenants.items()):
        for recording in list(tenant.plan.recordings.values()) if tenant.plan else ():
            if recording.file not in board.sounds:
                came += await fetch_sound(board, recording.file, tenant_id)
    return came


async def fetch_sound(board: Switchboard, file: str, tenant_id: str | None = None) -> bool:
    """Fetch one sound, of this company where one is given. False when there is none of the name."""
    wanted = select(AudioFile.content).where(AudioFile.file == file)
    if tenant_id is not None:
        wanted = wanted.where(AudioFile.tenant_id == tenant_id)
    async with board.sessions() as session:
        content = await session.scalar(wanted)
    if content is None:
        return False
    await board.sounds.keep(file, content)
    return True


async def tidy_sounds(board: Switchboard, older_than: float = KEPT_SECONDS) -> None:
    """Delete what no plan names. Raises OSError."""
    if not board.live_plan.ready:
        return
    wanted = {
        recording.file
        for tenant in board.live_plan.tenants.values()
        if tenant.plan
        for recording in tenant.plan.recordings.values()
    }
    await board.sounds.delete_others(wanted, older_than)


async def keep_recordings(board: Switchboard) -> None:
    """Fetch and tidy for ever."""
    loop = asyncio.get_running_loop()
    tidy_at = loop.time() + TIDY_EVERY_SECONDS
    while True:
        try:
            await fetch_recordings(board)
            if loop.time() >= tidy_at:
                tidy_at = loop.time() + TIDY_EVERY_SECONDS
                await tidy_sounds(board)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("recordings.wait", error=type(error).__name__)
        await asyncio.sleep(LOOK_SECONDS)
