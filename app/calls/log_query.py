"""The call log: which calls, by the filters in the address, newest first and read by position."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.calls import CallFault
from app.base.problems.requests import RequestFault
from app.base.search_text import folded
from app.base.text import refuse_unstorable
from app.calls.missed_calls import hidden, missed
from app.plan.tenant_rows import TenantRows
from app.web.paging import Part, match_text, page_after, read_page
from models import CallRecord
from routing.actions import Message, Reject, Voicemail
from routing.lifecycle import CallState
from routing.reasons import ReasonCode


class Outcome(StrEnum):
    """How a call went, as one asks for it."""

    ANSWERED = "answered"
    MISSED = "missed"
    BLOCKED = "blocked"
    OTHER = "other"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Filters:
    """As they stand in the address: ``since`` and ``until`` are days of the company, both included; ``line`` a line's id."""

    since: str = ""
    until: str = ""
    outcome: str = ""
    reason: str = ""
    line: str = ""
    q: str = ""

    def address(self, *, path: str = "/calls", **more: str) -> str:
        """The page's address, or that of a file, with these filters."""
        fields = {
            "since": self.since, "until": self.until, "outcome": self.outcome, "reason": self.reason,
            "line": self.line, "q": self.q,
        }  # fmt: skip
        query = {name: value for name, value in (fields | more).items() if value}
        return f"{path}?{urlencode(query)}" if query else path

    @property
    def are_empty(self) -> bool:
        """Whether nothing is filtered."""
        return self == Filters()


@dataclass(frozen=True, slots=True)
class LogPage:
    """The calls of one page; ``after`` is the next page's cursor."""

    calls: list[CallRecord]
    after: str = ""


async def log_page(
    session: AsyncSession, tenant: TenantRows, filters: Filters, zone: ZoneInfo, *, sees_blocked: bool, after: str = "",
) -> LogPage:  # fmt: skip
    """One page. Raises :class:`Unprocessable` for a filter that cannot be read."""
    conditions = [CallRecord.tenant_id == tenant.tenant_id, *log_conditions(filters, tenant, zone)]
    if not sees_blocked:
        conditions.append(not_(hidden()))
    newest_first = Part(select(CallRecord).where(*conditions), (CallRecord.started_at, CallRecord.call_id))
    page = await read_page(session, page_after(after, limits.ROWS_ON_PAGE), newest_first)
    return LogPage([row[0] for row in page.items], page.after or "")


def days_between(since: str, until: str, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """Calls that began on these days of ``zone`` (2026-11-01; both included, empty for no bound). Raises
    :class:`Unprocessable`."""
    conditions: list[ColumnElement[bool]] = []
    if since:
        conditions.append(CallRecord.started_at >= _midnight(since, "since", zone))
    if until:
        conditions.append(CallRecord.started_at < _midnight(until, "until", zone, days=1))
    return conditions


def log_conditions(filters: Filters, tenant: TenantRows, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """The filters as conditions. Raises :class:`Unprocessable`."""
    conditions = days_between(filters.since, filters.until, zone)
    if filters.outcome:
        conditions.append(_with_outcome(filters.outcome))
    if filters.reason:
        if filters.reason not in {code.value for code in ReasonCode}:
            raise Unprocessable(CallFault.UNKNOWN_REASON, field="reason")
        conditions.append(CallRecord.reason_code == filters.reason)
    if filters.line:
        refuse_unstorable(filters.line, "line")
        conditions.append(CallRecord.line_id == filters.line)
    if filters.q:
        conditions.append(_with_text(filters.q, tenant))
    return conditions


def _with_outcome(outcome: str) -> ColumnElement[bool]:
    ended = CallRecord.state == CallState.ENDED.value
    match outcome:
        case Outcome.ANSWERED:
            return CallRecord.answered_at.is_not(None)
        case Outcome.MISSED:
            return missed()
        case Outcome.BLOCKED:
            return hidden()
        case Outcome.OTHER:
            return and_(CallRecord.action.in_((Message.name, Voicemail.name, Reject.name)), not_(hidden()))
        case Outcome.RUNNING:
            return not_(ended)
        case _:
            raise Unprocessable(CallFault.UNKNOWN_OUTCOME, field="outcome")


def _with_text(text: str, tenant: TenantRows) -> ColumnElement[bool]:
    """Calls of whoever has the text in the name, as the network or the client's card has it, or in the number."""
    words = folded(text).split()
    clients = [
        row["id"]
        for row in tenant.rows["client"].values()
        if (has := folded(f"{row['name']} {row['company']}")) and all(word in has for word in words)
    ]
    columns = CallRecord.caller_name, CallRecord.caller_address
    country = tenant.rows["company"][tenant.tenant_id]["country"]
    found = match_text(text, *columns, numbers=[CallRecord.caller_number], country=country)
    return or_(found, CallRecord.client_id.in_(clients[:1000])) if clients else found


def _midnight(day: str, field: str, zone: ZoneInfo, days: int = 0) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=days), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unprocessable(RequestFault.DAY_UNREADABLE, field=field) from None
