"""Close calls whose end was never reported, so that no screen shows ghosts."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import SQLAlchemyError

from app.event_log.records import FactKind, fact
from app.switchboard import Switchboard
from models import CallRecord
from routing.lifecycle import CallState, Outcome

SWEEP_SECONDS: Final = 60.0
RINGING_SILENCE: Final = timedelta(minutes=15)
"""A call that nobody has taken is heard of at least every few minutes: a queue tick, a key, the next phone."""

log = structlog.get_logger(__name__)


async def sweep_lost_calls(board: Switchboard) -> int:
    """Record an end for every call that cannot be running any more. Returns how many."""
    now = board.clock()
    longest = timedelta(minutes=board.settings.lost_call_minutes)
    silent = or_(
        and_(CallRecord.state == CallState.RINGING, CallRecord.last_seen_at < now - RINGING_SILENCE),
        and_(CallRecord.state != CallState.ENDED, CallRecord.last_seen_at < now - longest),
    )
    async with board.sessions() as session:
        lost = (await session.execute(select(CallRecord.tenant_id, CallRecord.call_id).where(silent).limit(1000))).all()
    for tenant_id, call_id in lost:
        ended = fact(tenant_id, call_id, FactKind.ENDED, now, {"outcome": Outcome.LOST.value})
        await board.record(ended)
    board.open_calls.forget_old(now)
    if lost:
        log.info("calls.swept", calls=len(lost))
    return len(lost)


async def sweep_every_minute(board: Switchboard) -> None:
    """Sweep for ever."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            await sweep_lost_calls(board)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("sweep.waits", error=type(error).__name__)
