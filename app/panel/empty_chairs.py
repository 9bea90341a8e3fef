"""Nobody rings an empty chair. Whoever has signed out, or has closed the last tab, is offline after a grace time, and
available again with the next page that they open; and whoever said until when they are away is back by then.

It concerns operators who have had a page open. Whoever takes calls on a telephone alone, and never signs in, stays as
they are.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog
from fastapi import APIRouter, FastAPI
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.base.errors import Problem
from app.base.one_of_all import OneOfAll
from app.company.operator_presence import change_presence, tell_presence
from app.edits.edit import editing
from app.panel.channel.open_streams import OpenStreams
from app.switchboard import Switchboard
from models import PanelSeat
from routing.plan import Operator, RoutingPlan
from routing.presence import PresenceState

GRACE: Final = timedelta(seconds=60)
"""Longer than a page takes to come back after a restart, a sleeping computer or a change of the network."""
ROUND_SECONDS: Final = 5.0
_LOCK: Final = 0x616E7471
_BY_ITSELF: Final = "antichambre"
"""The actor in the audit trail."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class EmptyChairs:
    """``turn`` is whose it is to judge. ``judges_from`` (monotonic seconds) is when seats are old because nobody is there,
    and not because nobody could say so: a grace time after everything began to work."""

    board: Switchboard
    streams: OpenStreams
    turn: OneOfAll
    judges_from: float = field(default_factory=lambda: time.monotonic() + GRACE.total_seconds())

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            try:
                await self.renew()
                if await self.turn.ask():
                    await self.bring_back()
                    if time.monotonic() >= self.judges_from:
                        await self.judge()
                else:
                    self._begin_anew()
            except (SQLAlchemyError, OSError, TimeoutError, Problem) as error:
                log.warning("presence.waits", error=type(error).__name__)
                self._begin_anew()
            except Exception:
                log.exception("presence.failed")
                self._begin_anew()

    def _begin_anew(self) -> None:
        self.judges_from = time.monotonic() + GRACE.total_seconds()

    async def renew(self) -> None:
        """Say which operators have a page open here, and make those available who had gone by closing theirs."""
        now = self.board.clock()
        # Somebody may have been deleted who still has a page open.
        there = {at: operator for at in sorted(self.streams.operators) if (operator := self._operator(*at)) is not None}
        if not there:
            return
        rows = [{"tenant_id": tenant_id, "operator_id": one, "seen_at": now} for tenant_id, one in there]
        seats = insert(PanelSeat).values(rows)
        async with self.board.sessions() as session, session.begin():
            await session.execute(
                seats.on_conflict_do_update(
                    index_elements=["tenant_id", "operator_id"], set_={"seen_at": seats.excluded.seen_at}
                )
            )
        for (tenant_id, _), operator in there.items():
            if operator.presence.left:
                await self._change(tenant_id, [operator], PresenceState.AVAILABLE)

    async def bring_back(self) -> None:
        """Those whose break is over are available."""
        now = self.board.clock()
        for tenant_id in list(self.board.live_plan.tenants):
            plan = self.board.live_plan.plan_of(tenant_id)
            back = [one for one in plan.operators.values() if one.presence.is_over(now)] if plan else []
            await self._change(tenant_id, back, PresenceState.AVAILABLE)

    async def judge(self) -> None:
        """Whoever has had no page open for the grace time is offline, unless they had said more about it."""
        too_old = PanelSeat.seen_at < self.board.clock() - GRACE
        async with self.board.sessions() as session:
            gone = (await session.execute(select(PanelSeat.tenant_id, PanelSeat.operator_id).where(too_old))).all()
        for tenant_id, operator_id in gone:
            operator = self._operator(tenant_id, operator_id)
            if operator is not None and operator.available:
                await self._change(tenant_id, [operator], PresenceState.OFFLINE, left=True)
            async with self.board.sessions() as session, session.begin():
                this = (PanelSeat.tenant_id == tenant_id) & (PanelSeat.operator_id == operator_id)
                await session.execute(delete(PanelSeat).where(this, too_old))

    async def _change(
        self, tenant_id: str, operators: Iterable[Operator], state: PresenceState, *, left: bool = False
    ) -> None:
        for operator in operators:
            async with editing(self.board.sessions, tenant_id, _BY_ITSELF) as edit:
                edit.now = self.board.clock()
                row = await change_presence(edit, operator.leg.operator_id, state, left=left)
            await tell_presence(self.board, tenant_id, row)
            await self.board.live_plan.catch_up()

    def _operator(self, tenant_id: str, operator_id: str) -> Operator | None:
        plan: RoutingPlan | None = self.board.live_plan.plan_of(tenant_id)
        return plan.operators.get(operator_id) if plan else None


@asynccontextmanager
async def _watched(app: FastAPI) -> AsyncIterator[None]:
    board: Switchboard = app.state.switchboard
    turn = OneOfAll(board.settings.database_url or "", _LOCK)
    task = asyncio.create_task(EmptyChairs(board, app.state.streams, turn).run(), name="empty chairs")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        turn.drop()


router = APIRouter(lifespan=_watched)
