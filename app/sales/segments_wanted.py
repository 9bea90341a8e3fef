"""Whoever changes what segments follow from says so here; a worker computes them within a minute."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models import SegmentWish


async def want_segments(session: AsyncSession, tenant_id: str, now: datetime) -> None:
    """The segments of the company are wanted anew, as of ``now`` (UTC); it takes effect when the transaction commits."""
    session.add(SegmentWish(tenant_id=tenant_id, created_at=now))
    await session.flush()
