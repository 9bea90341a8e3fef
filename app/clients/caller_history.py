"""The caller's earlier calls: what the card shows beside the name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import CallRecord
from routing.lifecycle import CallState

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class CallerHistory:
    """``last``: the newest earlier calls, newest first. ``this_month`` counts the calls before this one since the
    month began, ``missed_today`` those of today that nobody took."""

    last: tuple[CallRecord, ...] = ()
    this_month: int = 0
    missed_today: int = 0


async def history_of(
    session: AsyncSession, call: CallRecord, client_ids: tuple[str, ...], zone: ZoneInfo
) -> CallerHistory:
    """Earlier calls of the same number or, when exactly one client is known, of that client. Callers without a number
    have none: they may be anybody."""
    if call.caller_number is None:
        return CallerHistory()
    same: ColumnElement[bool] = CallRecord.caller_number == call.caller_number
    if len(client_ids) == 1:
        same = or_(same, CallRecord.client_id == client_ids[0])
    earlier = and_(CallRecord.tenant_id == call.tenant_id, same, CallRecord.started_at < call.started_at)
    local = call.started_at.astimezone(zone)
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    month = today - timedelta(days=today.day - 1)
    last = await session.scalars(select(CallRecord).where(earlier).order_by(CallRecord.started_at.desc()).limit(SHOWN))
    missed = and_(CallRecord.state == CallState.ENDED, CallRecord.answered_at.is_(None), CallRecord.started_at >= today)
    counts = select(func.count(), func.count().filter(missed)).where(earlier, CallRecord.started_at >= month)
    this_month, missed_today = (await session.execute(counts)).one()
    return CallerHistory(tuple(last), this_month, missed_today)


async def calls_between(session: AsyncSession, tenant_id: str, since: datetime, at_most: int) -> list[CallRecord]:
    """The tenant's calls since ``since``, newest first."""
    mine = and_(CallRecord.tenant_id == tenant_id, CallRecord.started_at >= since)
    return list(
        await session.scalars(select(CallRecord).where(mine).order_by(CallRecord.started_at.desc()).limit(at_most))
    )


async def open_calls(session: AsyncSession, tenant_id: str, since: datetime) -> list[CallRecord]:
    """The tenant's calls that still go on, newest first."""
    mine = and_(CallRecord.tenant_id == tenant_id, CallRecord.state != CallState.ENDED, CallRecord.started_at >= since)
    return list(await session.scalars(select(CallRecord).where(mine).order_by(CallRecord.started_at.desc())))
