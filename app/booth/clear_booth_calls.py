"""Take the booth's calls out of the log. They were never real, so nothing is lost that anybody could miss."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.event_log.records import BOOTH
from models import AuditEntry, CallEvent, CallRecord
from routing.lifecycle import CallState


async def clear_booth_calls(session: AsyncSession, tenant_id: str, actor: str) -> int:
    """Remove the booth's calls that are over, with all that was recorded about them. Returns how many there were."""
    mine = (CallRecord.tenant_id == tenant_id, CallRecord.provider == BOOTH, CallRecord.state == CallState.ENDED)
    gone = (await session.scalars(delete(CallRecord).where(*mine).returning(CallRecord.call_id))).all()
    if gone:
        await session.execute(delete(CallEvent).where(CallEvent.tenant_id == tenant_id, CallEvent.call_id.in_(gone)))
        session.add(
            AuditEntry(
                tenant_id=tenant_id, actor=actor, act="clear", subject=CallRecord.__tablename__, row_id=BOOTH,
                before={"calls": len(gone)},
            )
        )  # fmt: skip
    return len(gone)
