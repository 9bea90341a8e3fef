"""The call that somebody acts on."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.roles import Role, at_least
from app.base.errors import NotFound
from app.base.problems.requests import RequestFault
from app.calls.call_outcome import Shown, shown_as
from app.calls.find_call import find_call
from models import CallRecord


async def visible_call(session: AsyncSession, who: Principal, call_id: str) -> CallRecord:
    """The call of this id. Raises :class:`NotFound`; blacklisted calls are there for supervisors only."""
    call = await find_call(session, who.tenant_id, call_id)
    if shown_as(call) is Shown.HIDDEN and not at_least(who.role, Role.SUPERVISOR):
        raise NotFound(RequestFault.NOT_FOUND)
    return call
