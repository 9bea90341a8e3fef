"""What an entry, or an import, would have met if it had been there: the calls of the last 90 days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.event_log.records import BOOTH
from app.lists.reach import covered
from app.plan.tenant_rows import TenantRows
from filters.clients import Standing
from filters.pattern import Pattern
from models import CallRecord, ImportRow, StoredImport

DAYS: Final = 90
_NUMBERS_LOOKED_AT: Final = 20_000
"""Different callers; whoever asks about more is told of these."""


@dataclass(frozen=True, slots=True)
class PastCalls:
    """How many ``calls`` there were, of how many ``clients`` and ``vips`` (list entries, or clients who are VIPs)."""

    calls: int = 0
    clients: int = 0
    vips: int = 0
    days: int = DAYS


async def calls_met(
    session: AsyncSession, tenant: TenantRows, patterns: Sequence[Pattern], now: datetime
) -> PastCalls:  # fmt: skip
    """The calls from numbers that one of ``patterns`` covers; those from the phone booth are no calls."""
    callers = await _callers(
        session, tenant, or_(false(), *(covered(CallRecord.caller_number, one) for one in patterns)), now
    )
    return _counted(tenant, {number: n for number, n in callers.items() if any(one.covers(number) for one in patterns)})


async def calls_met_by_import(
    session: AsyncSession, tenant: TenantRows, stored: StoredImport, now: datetime
) -> PastCalls:
    """The calls from numbers that an import would add or change, as those very numbers."""
    numbers = select(ImportRow.number).where(
        ImportRow.tenant_id == stored.tenant_id, ImportRow.import_id == stored.id,
        ImportRow.kind.in_(("add", "change")), ImportRow.match == "exact",
    )  # fmt: skip
    return _counted(tenant, await _callers(session, tenant, CallRecord.caller_number.in_(numbers), now))


async def _callers(
    session: AsyncSession, tenant: TenantRows, which: ColumnElement[bool], now: datetime
) -> dict[str, int]:
    query = (
        select(CallRecord.caller_number, func.count())
        .where(
            CallRecord.tenant_id == tenant.tenant_id, CallRecord.started_at >= now - timedelta(days=DAYS),
            CallRecord.provider != BOOTH, CallRecord.caller_number.is_not(None), which,
        )
        .group_by(CallRecord.caller_number)
        .limit(_NUMBERS_LOOKED_AT)
    )  # fmt: skip
    return {number: count for number, count in (await session.execute(query)).all() if number is not None}


def _counted(tenant: TenantRows, callers: dict[str, int]) -> PastCalls:
    clients: set[str] = set()
    vips: set[str] = set()
    for number in callers:
        found = tenant.lists.clients.by_number.get(number, ())
        clients |= {one.id for one in found}
        own = {one.id for one in found if one.standing is Standing.VIP and number not in one.shared}
        vips |= own or ({number} if tenant.lists.vip.naming(number) else set())
    return PastCalls(sum(callers.values()), len(clients), len(vips))
