"""A rate that is changed prices no call that was before: what held until then is kept, with the edit that ends it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.plan.rows import Row
from models import Company, FakeQueueRate, LineRecord


class _Entered(NamedTuple):
    per_minute: float | None = None
    increment: int | None = None
    currency: str = ""


_NOTHING = _Entered()


async def keep_rate(session: AsyncSession, subject: str, before: Row | None, after: Row | None, now: datetime) -> None:
    """Keep the rate of a company or a line, should an edit of its row have changed it; it holds from ``now`` on."""
    if after is None or subject not in (Company.__tablename__, LineRecord.__tablename__):
        return
    is_line = subject == LineRecord.__tablename__
    entered = _entered(after, is_line=is_line)
    if entered == (_NOTHING if before is None else _entered(before, is_line=is_line)):
        return
    row = {
        "tenant_id": after["tenant_id"] if is_line else after["id"], "line_id": after["id"] if is_line else "",
        "since": now,
    } | entered._asdict()  # fmt: skip
    await session.execute(
        insert(FakeQueueRate)
        .values(row)
        .on_conflict_do_update(index_elements=["tenant_id", "line_id", "since"], set_=entered._asdict())
    )


def _entered(row: Row, *, is_line: bool) -> _Entered:
    if is_line:
        return _Entered(row["rate_per_minute"], row["billing_increment_seconds"])
    chosen = row["treatments"]
    increment, currency = chosen.get("billing_increment_seconds"), chosen.get("currency", "")
    return _Entered(chosen.get("rate_per_minute"), increment, currency)
