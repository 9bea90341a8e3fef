"""The caller's earlier calls: what the card shows beside the name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.calls.merged_clients import ids_known_as
from app.calls.missed_calls import missed
from app.event_log.records import BOOTH
from models import CallRecord
from routing.lifecycle import CallState


@dataclass(frozen=True, slots=True)
class CallerHistory:
    """``last`` is the newest earlier call. ``this_month`` counts the calls before this one since the
    month began, ``missed_today`` those of today that were missed."""

    last: CallRecord | None = None
    this_month: int = 0
    missed_today: int = 0


async def history_of(
    session: AsyncSession, call: CallRecord, client_ids: tuple[str, ...], zone: ZoneInfo
) -> CallerHistory:
    """Earlier calls of the same number or, when exactly one client is known, of that client. Callers without a number
    have none: they may be anybody."""
    if call.caller_number is None:
        return CallerHistory()
    local = call.started_at.astimezone(zone)
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    month = today - timedelta(days=today.day - 1)
    same_client = ids_known_as(call.tenant_id, client_ids[0]) if len(client_ids) == 1 else None
    counted = aliased(CallRecord)
    missed_today = and_(missed(counted), counted.started_at >= today)
    of_month = and_(_earlier(counted, call, same_client), counted.started_at >= month)
    # One question instead of two: a card waits for the answer.
    found = await session.execute(
        select(
            CallRecord,
            select(func.count()).where(of_month).scalar_subquery(),
            select(func.count()).where(of_month, missed_today).scalar_subquery(),
        )
        .where(_earlier(CallRecord, call, same_client))
        .order_by(CallRecord.started_at.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return CallerHistory(*row) if row is not None else CallerHistory()


def _earlier(calls: type[CallRecord], call: CallRecord, same_client: Select[str] | None) -> ColumnElement[bool]:
    same: ColumnElement[bool] = calls.caller_number == call.caller_number
    if same_client is not None:
        same = or_(same, calls.client_id.in_(same_client))
    # What was tried out in the booth is nobody's history.
    real = calls.provider != BOOTH
    return and_(calls.tenant_id == call.tenant_id, real, same, calls.started_at < call.started_at)


async def calls_between(session: AsyncSession, tenant_id: str, since: datetime, at_most: int) -> list[CallRecord]:
    """The tenant's calls since ``since``, newest first."""
    mine = and_(CallRecord.tenant_id == tenant_id, CallRecord.started_at >= since)
    return list(
        await session.scalars(select(CallRecord).where(mine).order_by(CallRecord.started_at.desc()).limit(at_most))
    )


async def open_calls(
    session: AsyncSession, tenant_id: str, since: datetime, ended_since: datetime | None = None
) -> list[CallRecord]:
    """The tenant's calls that still go on, or have ended since ``ended_since``, newest first."""
    goes_on: ColumnElement[bool] = CallRecord.state != CallState.ENDED
    if ended_since is not None:
        goes_on = or_(goes_on, CallRecord.ended_at > ended_since)
    mine = and_(CallRecord.tenant_id == tenant_id, goes_on, CallRecord.started_at >= since)
    return list(await session.scalars(select(CallRecord).where(mine).order_by(CallRecord.started_at.desc())))
