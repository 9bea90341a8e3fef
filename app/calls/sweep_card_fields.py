"""Forget what programs have shown on the cards of calls that are long over."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from app.switchboard import Switchboard
from models import CallRecord, CardFields
from routing.lifecycle import CallState

KEPT: Final = timedelta(days=1)
"""After the call's end: its card is gone by then."""
SWEEP_SECONDS: Final = 3600.0

log = structlog.get_logger(__name__)


async def sweep_card_fields(board: Switchboard) -> int:
    """Delete the fields of calls that ended a day ago. Returns of how many calls."""
    over = (
        select(CallRecord.call_id)
        .where(
            CallRecord.tenant_id == CardFields.tenant_id,
            CallRecord.call_id == CardFields.call_id,
            CallRecord.state == CallState.ENDED,
            CallRecord.ended_at < board.clock() - KEPT,
        )
        .exists()
    )
    async with board.sessions() as session, session.begin():
        gone = (await session.execute(delete(CardFields).where(over).returning(CardFields.call_id))).all()
    if gone:
        log.info("card_fields.swept", calls=len(gone))
    return len(gone)


async def sweep_card_fields_every_hour(board: Switchboard) -> None:
    """Sweep for ever."""
    while True:
        try:
            await sweep_card_fields(board)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("card_fields.sweep_waits", error=type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)
