"""Whoever changes what segments follow from says so here; a worker computes them within a minute."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models import SegmentState


async def want_segments(session: AsyncSession, tenant_id: str, now: datetime) -> None:
    """The segments of the company are wanted anew, as of ``now`` (UTC); it takes effect when the transaction commits."""
    await session.execute(
        insert(SegmentState)
        .values(tenant_id=tenant_id, wanted_at=now)
        .on_conflict_do_update(index_elements=["tenant_id"], set_={"wanted_at": now})
    )
