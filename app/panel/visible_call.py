"""The call that somebody acts on."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.roles import Role, at_least
from app.clients.call_outcome import Shown, shown_as
from app.clients.find_call import find_call
from app.errors import NotFound
from app.language import gettext as _
from models import CallRecord


async def visible_call(session: AsyncSession, who: Principal, call_id: str) -> CallRecord:
    """The call of this id. Raises :class:`app.errors.NotFound`; blacklisted calls are there for supervisors only."""
    call = await find_call(session, who.tenant_id, call_id)
    if shown_as(call) is Shown.HIDDEN and not at_least(who.role, Role.SUPERVISOR):
        raise NotFound(_("There is nothing of this id."))
    return call
