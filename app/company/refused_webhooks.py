"""Keeps what was found out about requests that were not rightly signed, off the way of a call."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.providers.diagnose import Diagnosis, diagnose
from app.providers.registry import PROVIDERS
from app.switchboard import RefusedRequest, Switchboard
from models import RefusedWebhook
from models.base import new_id

_LOOK_SECONDS: Final = 2.0
_KEPT: Final = 20
"""Kinds of one company; anybody may send us requests."""
_KEPT_FOR: Final = timedelta(days=7)

log = structlog.get_logger(__name__)


async def keep_refused_webhooks(board: Switchboard) -> None:
    """Look at what was refused, for ever."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        while board.refused:
            try:
                await keep_refused(board, board.refused.popleft())
            except (SQLAlchemyError, OSError, TimeoutError):
                log.warning("refused_webhook.not_kept")


async def keep_refused(board: Switchboard, refused: RefusedRequest) -> None:
    """Find out what was wrong and count it, for every company that has the account."""
    provider = PROVIDERS[refused.provider]
    account = provider.open(refused.request).account
    for tenant_id, secrets in board.live_plan.accounts(provider.name, account):
        found = diagnose(provider, refused.request, secrets, board.settings.public_base_url, board.clock)
        await _count(board, tenant_id, refused, found)


async def _count(board: Switchboard, tenant_id: str, refused: RefusedRequest, found: Diagnosis) -> None:
    mine = RefusedWebhook.tenant_id == tenant_id
    newest = select(RefusedWebhook.id).where(mine).order_by(RefusedWebhook.last_at.desc()).limit(_KEPT)
    async with board.sessions() as session, session.begin():
        await session.execute(
            insert(RefusedWebhook)
            .values(
                tenant_id=tenant_id, id=new_id(), provider=refused.provider, fault=found.fault.value,
                computed=found.computed, signed=found.signed, last_at=refused.at,
            )
            .on_conflict_do_update(
                index_elements=["tenant_id", "provider", "fault", "computed", "signed"],
                set_={"count": RefusedWebhook.count + 1, "last_at": func.greatest(RefusedWebhook.last_at, refused.at)},
            )
        )  # fmt: skip
        await session.execute(delete(RefusedWebhook).where(mine, RefusedWebhook.id.not_in(newest)))


async def refused_webhooks(board: Switchboard, tenant_id: str, now: datetime) -> list[RefusedWebhook]:
    """What was refused in the last days, the newest first."""
    query = (
        select(RefusedWebhook)
        .where(RefusedWebhook.tenant_id == tenant_id, RefusedWebhook.last_at > now - _KEPT_FOR)
        .order_by(RefusedWebhook.last_at.desc())
    )
    async with board.sessions() as session:
        return [*await session.scalars(query)]
