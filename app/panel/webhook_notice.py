"""Admins are told of webhooks that were switched off because nobody answered."""

from collections.abc import Sequence

from sqlalchemy import select

from app.auth.principal import Principal
from app.auth.roles import Role, at_least
from app.switchboard import Switchboard
from models import WebhookRecord


async def webhooks_off(board: Switchboard, who: Principal) -> Sequence[str]:
    """The addresses of those that were switched off by themselves; for admins, who can do something about it."""
    if not at_least(who.role, Role.ADMIN):
        return []
    off = WebhookRecord.tenant_id == who.tenant_id, WebhookRecord.off_because.is_not(None)
    async with board.sessions() as session:
        return (await session.scalars(select(WebhookRecord.url).where(*off).order_by(WebhookRecord.id))).all()
