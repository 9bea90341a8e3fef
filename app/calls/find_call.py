"""One call of a tenant, by the provider's call id."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.base.errors import NotFound
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from models import CallRecord


async def find_call(session: AsyncSession, tenant_id: str, call_id: str) -> CallRecord:
    """The call. Raises :class:`NotFound`, in the same words whether there is none or it is somebody else's."""
    record = None
    if is_storable(call_id):
        record = await session.get(CallRecord, {"tenant_id": tenant_id, "call_id": call_id})
    if record is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return record
