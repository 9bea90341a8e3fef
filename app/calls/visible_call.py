"""The call that somebody acts on."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.rights import can_read_lists
from app.base.errors import NotFound, Unprocessable
from app.base.problems.calls import CallFault
from app.base.problems.requests import RequestFault
from app.calls.find_call import find_call
from app.calls.missed_calls import Shown, shown_as
from models import CallRecord


async def visible_call(session: AsyncSession, who: Principal, call_id: str) -> CallRecord:
    """The call with this id. Raises :class:`NotFound`, also for a blacklisted call unless a supervisor asks."""
    call = await find_call(session, who.tenant_id, call_id)
    if shown_as(call) is Shown.HIDDEN and not can_read_lists(who.role):
        raise NotFound(RequestFault.NOT_FOUND)
    return call


async def call_of_field(session: AsyncSession, who: Principal, call_id: str, field: str) -> CallRecord:
    """The same for a call that is only named, in ``field`` of what is written. Raises :class:`Unprocessable`."""
    try:
        return await visible_call(session, who, call_id)
    except NotFound as error:
        raise Unprocessable(CallFault.UNKNOWN_CALL, field=field) from error
