"""Renew what is due. One worker of all does it; a source that is slow holds up no other."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.base.errors import Problem
from app.base.one_of_all import OneOfAll
from app.subscriptions.renew import ground_of, note_failure, renew
from app.switchboard import Switchboard
from filters.subscription import SubscriptionState
from models import SubscriptionRecord

ACTOR: Final = "renewal"
_ROUND_SECONDS: Final = 2.0
_AT_ONCE: Final = 4
_HOLD_SECONDS: Final = 60.0

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class RenewSubscriptions:
    """``turn`` says whether it is this worker that renews."""

    board: Switchboard
    turn: OneOfAll
    _busy: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _held_back: dict[str, float] = field(default_factory=dict)

    async def run(self) -> None:
        """Renew for ever."""
        try:
            while True:
                await asyncio.sleep(_ROUND_SECONDS)
                try:
                    if await self.turn.ask():
                        await self.round()
                except (SQLAlchemyError, OSError, TimeoutError) as error:
                    log.warning("subscriptions.wait", error=type(error).__name__)
                except Exception:
                    log.exception("subscriptions.failed")
        finally:
            for task in self._busy.values():
                task.cancel()

    async def round(self) -> None:
        """Begin what is due."""
        now = asyncio.get_running_loop().time()
        self._held_back = {one: until for one, until in self._held_back.items() if until > now}
        due = (
            select(SubscriptionRecord.tenant_id, SubscriptionRecord.id)
            .where(
                SubscriptionRecord.next_try_at <= self.board.clock(),
                SubscriptionRecord.state != SubscriptionState.OFF.value,
                SubscriptionRecord.id.not_in([*self._busy, *self._held_back]),
            )
            .order_by(SubscriptionRecord.next_try_at)
            .limit(max(0, _AT_ONCE - len(self._busy)))
        )
        async with self.board.sessions() as session:
            found = (await session.execute(due)).all()
        for tenant_id, subscription_id in found:
            self._busy[subscription_id] = asyncio.create_task(self._renew(tenant_id, subscription_id))

    async def settled(self) -> None:
        """Wait until everything that was begun is done."""
        while self._busy:
            await asyncio.wait(list(self._busy.values()))

    async def _renew(self, tenant_id: str, subscription_id: str) -> None:
        try:
            await renew(ground_of(self.board), tenant_id, subscription_id, ACTOR)
        except (Problem, SQLAlchemyError, OSError, TimeoutError) as error:
            # It is gone by now, an import holds the company's turn, or the database is away. It is tried again, but no
            # source is asked every two seconds because of that.
            self._held_back[subscription_id] = asyncio.get_running_loop().time() + _HOLD_SECONDS
            log.warning("subscription.wait", subscription=subscription_id, error=type(error).__name__)
        except Exception:
            log.exception("subscription.failed", subscription=subscription_id)
            await note_failure(ground_of(self.board), tenant_id, subscription_id, ACTOR)
        finally:
            self._busy.pop(subscription_id, None)
