"""Letting callers go who are in the fake queue: released, and received like everybody else for this one call; or hung up.

What is wanted is recorded as a fact about the call. The call asks us at its next round, at latest after half a minute of
music, whoever answers it then, and goes on by it; nothing but our own log is needed.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.base.errors import Conflict, NotFound
from app.base.problems.calls import CallFault
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.event_log.records import FactKind, fact
from app.switchboard import Switchboard
from models import CallRecord, FakeQueueStay
from routing.lifecycle import CallState


async def release_caller(board: Switchboard, who: Principal, call_id: str) -> datetime:
    """Let a caller out, who keeps being blacklisted: the next call is held again. Returns when it was wanted. Raises
    :class:`NotFound`, and :class:`Conflict` for a call that is not in the fake queue."""
    async with board.sessions() as session:
        await _held_call(session, who.tenant_id, call_id)
    await _want(board, who, FactKind.RELEASED, [call_id])
    return board.clock()


async def hang_up_held(board: Switchboard, who: Principal, call_id: str) -> None:
    """End a call. Raises like :func:`release_caller`."""
    async with board.sessions() as session:
        await _held_call(session, who.tenant_id, call_id)
    await _want(board, who, FactKind.HANG_UP, [call_id])


async def hang_up_all_held(board: Switchboard, who: Principal) -> list[str]:
    """End every call in the fake queue. Returns their ids."""
    async with board.sessions() as session:
        held = await session.scalars(
            select(FakeQueueStay.call_id)
            .join(
                CallRecord,
                (CallRecord.tenant_id == FakeQueueStay.tenant_id) & (CallRecord.call_id == FakeQueueStay.call_id),
            )
            .where(
                FakeQueueStay.tenant_id == who.tenant_id, FakeQueueStay.ended_at.is_(None),
                CallRecord.state != CallState.ENDED,
            )
            .order_by(FakeQueueStay.began_at)
        )  # fmt: skip
        call_ids = list(dict.fromkeys(held))
    await _want(board, who, FactKind.HANG_UP, call_ids)
    return call_ids


async def _held_call(session: AsyncSession, tenant_id: str, call_id: str) -> None:
    call = await session.get(CallRecord, {"tenant_id": tenant_id, "call_id": call_id}) if is_storable(call_id) else None
    if call is None:
        raise NotFound(RequestFault.NOT_FOUND)
    stay = await session.scalar(
        select(FakeQueueStay.call_id).where(
            FakeQueueStay.tenant_id == tenant_id, FakeQueueStay.call_id == call_id, FakeQueueStay.ended_at.is_(None)
        )
    )
    if stay is None or call.state == CallState.ENDED:
        raise Conflict(CallFault.NOT_IN_FAKE_QUEUE)


async def _want(board: Switchboard, who: Principal, kind: FactKind, call_ids: list[str]) -> None:
    now = board.clock()
    facts = [fact(who.tenant_id, call_id, kind, now, {"by": who.actor}) for call_id in call_ids]
    for one in facts:
        board.open_calls.apply(one)
    if facts:
        await board.journal.append(*facts)
