"""Admins are told of look-ups that do not answer any more."""

from collections.abc import Sequence

from sqlalchemy import select

from app.auth.principal import Principal
from app.auth.roles import Role, at_least
from app.switchboard import Switchboard
from models import LookUpRecord


async def look_ups_failing(board: Switchboard, who: Principal) -> Sequence[tuple[str, str]]:
    """Id and address of those that have failed so often that they rest in between; for admins, who can mend it."""
    if not at_least(who.role, Role.ADMIN):
        return []
    mine = LookUpRecord.tenant_id == who.tenant_id, LookUpRecord.enabled, LookUpRecord.rests_until.is_not(None)
    query = select(LookUpRecord.id, LookUpRecord.url).where(*mine).order_by(LookUpRecord.id)
    async with board.sessions() as session:
        return [(row.id, row.url) for row in await session.execute(query)]
