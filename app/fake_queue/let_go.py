"""Letting callers go who are in the fake queue: released, and received like everybody else for this one call; or hung up.

What is wanted is recorded as a fact about the call. Through the provider's REST API it is done at once; where that cannot be
used, the call asks us at its next round, at latest after half a minute of music, whoever answers it then, and goes on by it.
"""

import asyncio
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.base.errors import Conflict, NotFound
from app.base.problems.calls import CallFault
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.event_log.records import FactKind, fact
from app.switchboard import Switchboard
from app.telephone.fault import TelephoneFault
from models import CallRecord, FakeQueueStay
from routing.lifecycle import CallState
from routing.step import Step, StepKind

log = structlog.get_logger(__name__)


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
    await board.record(*[fact(who.tenant_id, call_id, kind, now, {"by": who.actor}) for call_id in call_ids])
    await asyncio.gather(*(_do_at_once(board, who.tenant_id, call_id, kind) for call_id in call_ids))


async def _do_at_once(board: Switchboard, tenant_id: str, call_id: str, kind: FactKind) -> None:
    call, plan = board.open_calls.of_call(tenant_id, call_id), board.live_plan.plan_of(tenant_id)
    line = plan.lines.get(call.line) if call is not None and plan is not None else None
    if call is None or line is None or (telephone := board.telephone(tenant_id, line.number)) is None:
        return
    next_round = Step(StepKind.FAKE_QUEUE, line.number, int(call.at.timestamp()), count=1, language=line.language)
    try:
        if kind is FactKind.HANG_UP:
            await telephone.hang_up(call_id)
        else:
            await telephone.go_on_at(call_id, next_round)
    except TelephoneFault as error:
        log.info("fake_queue.at_the_next_round", call=call_id, fault=error.fault.value)
