"""What an entry, or an import, would have met if it had been there: the calls of the last 90 days."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final, NamedTuple

import phonenumbers
from sqlalchemy import ColumnElement, Text, any_, cast, false, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.problems.import_lines import RowKind
from app.event_log.records import BOOTH
from app.plan.tenant_rows import TenantRows
from filters.clients import Standing
from filters.entries import EntryIndex
from filters.list_entry import ListEntry
from filters.pattern import Pattern, PatternKind
from models import CallRecord, ImportRow, StoredImport
from models.list_name import ListName

DAYS: Final = 90
_CALLERS_LOOKED_AT: Final = 100_000
"""Different callers of different lines; whoever asks about more is told of these."""
_WIDE_LOOKED_AT: Final = 10_000
"""Prefixes, ranges and countries of one import; the same."""

_WHOLE: Final = 0


@dataclass(frozen=True, slots=True)
class PastCalls:
    """How many ``calls`` there were, of how many ``clients`` and ``vips`` (list entries that count now, or clients who are
    VIPs)."""

    calls: int = 0
    clients: int = 0
    vips: int = 0
    days: int = DAYS


class _Caller(NamedTuple):
    number: str
    line_id: str
    calls: int


async def calls_met(
    session: AsyncSession, tenant: TenantRows, patterns: Sequence[Pattern], now: datetime, lines: Collection[str] = ()
) -> PastCalls:
    """The calls from numbers that one of ``patterns`` covers, on ``lines`` (ids or numbers; none: on all); those from the
    phone booth are no calls."""
    on_lines = [CallRecord.line_id.in_(lines) | CallRecord.line_number.in_(lines)] if lines else []
    callers = await _callers(session, tenant, now, _may_be_covered(patterns), *on_lines)
    return await asyncio.to_thread(_counted, tenant, callers, now, _index_of(patterns))


async def calls_met_by_import(
    session: AsyncSession, tenant: TenantRows, stored: StoredImport, now: datetime
) -> PastCalls:
    """The calls from numbers that an import would add or change: named one by one, however many these are, and those that
    its prefixes, ranges and countries cover."""
    mine = (
        ImportRow.tenant_id == stored.tenant_id, ImportRow.import_id == stored.id,
        ImportRow.kind.in_((RowKind.ADD.value, RowKind.CHANGE.value)),
    )  # fmt: skip
    # A line of clients has no kind of match, and all of the client's numbers. A list may have a million lines.
    of_list = stored.target in {one.value for one in ListName}
    each = ImportRow.number if of_list else func.unnest(func.string_to_array(ImportRow.number, "; "))
    numbers = select(each).where(*mine, ImportRow.match.in_((PatternKind.EXACT.value, "")))
    named = await _callers(session, tenant, now, CallRecord.caller_number.in_(numbers))
    wide = select(ImportRow.match, ImportRow.number, ImportRow.to).where(
        *mine, ImportRow.match.not_in((PatternKind.EXACT.value, ""))
    )
    rows = (await session.execute(wide.limit(_WIDE_LOOKED_AT))).all()
    patterns = [Pattern(PatternKind(match), number, to) for match, number, to in rows]
    others = await _callers(session, tenant, now, _may_be_covered(patterns)) if patterns else []
    return await asyncio.to_thread(_counted, tenant, others, now, _index_of(patterns), named)


def _may_be_covered(patterns: Iterable[Pattern]) -> ColumnElement[bool]:
    """The callers that begin as the numbers do that the patterns cover: thousands of beginnings at the cost of a few,
    because those of one length are looked up together."""
    beginnings: dict[int, set[str]] = {}
    for one in patterns:
        beginning = _beginning(one)
        length = _WHOLE if one.kind is PatternKind.EXACT else len(beginning)
        beginnings.setdefault(length, set()).add(beginning)
    number = CallRecord.caller_number
    together = (
        (number if length == _WHOLE else func.left(number, length)) == any_(cast(sorted(those), ARRAY(Text)))
        for length, those in beginnings.items()
    )
    return or_(false(), *together)


def _beginning(pattern: Pattern) -> str:
    match pattern.kind:
        case PatternKind.COUNTRY:
            return f"+{phonenumbers.country_code_for_region(pattern.number)}"
        case PatternKind.RANGE:
            both = zip(pattern.number, pattern.to or pattern.number, strict=True)
            return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], both))
        case _:
            return pattern.number


def _index_of(patterns: Iterable[Pattern]) -> EntryIndex:
    return EntryIndex.of(ListEntry(str(place), one) for place, one in enumerate(patterns))


async def _callers(
    session: AsyncSession, tenant: TenantRows, now: datetime, *which: ColumnElement[bool]
) -> list[_Caller]:
    query = (
        select(CallRecord.caller_number, CallRecord.line_id, func.count())
        .where(
            CallRecord.tenant_id == tenant.tenant_id, CallRecord.started_at >= now - timedelta(days=DAYS),
            CallRecord.provider != BOOTH, CallRecord.caller_number.is_not(None), *which,
        )
        .group_by(CallRecord.caller_number, CallRecord.line_id)
        .limit(_CALLERS_LOOKED_AT)
    )  # fmt: skip
    return [_Caller(number or "", line or "", calls) for number, line, calls in (await session.execute(query)).all()]


def _counted(
    tenant: TenantRows, callers: Iterable[_Caller], now: datetime, covering: EntryIndex, named: Iterable[_Caller] = ()
) -> PastCalls:
    """Count the ``callers`` that an entry of ``covering`` names, and those ``named`` already."""
    met = {*named, *(one for one in callers if covering.naming(one.number))}
    clients: set[str] = set()
    vips: set[str] = set()
    for number, line_id, _ in met:
        found = tenant.lists.clients.by_number.get(number, ())
        clients |= {one.id for one in found}
        own = {one.id for one in found if one.standing is Standing.VIP and number not in one.shared}
        is_listed = any(one.idle_for(line_id, now) is None for one in tenant.lists.vip.naming(number))
        vips |= own or ({number} if is_listed else set())
    return PastCalls(sum(one.calls for one in met), len(clients), len(vips))
