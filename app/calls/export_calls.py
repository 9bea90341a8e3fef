"""Calls as rows of a file: what the log shows of each."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.calls.call_notes import notes_of
from app.calls.log_query import Outcome
from app.calls.missed_calls import Shown, shown_as, was_missed
from app.event_log.caller_address import address_of
from app.event_log.read_decision import decision_of
from app.lists.files.list_file import Entry
from app.web.paging import PageWanted, Part, page_after, read_page
from app.words.told_decision import tell_reason
from models import CallNote, CallRecord, ClientCard, LineRecord, OperatorRecord
from routing.lifecycle import CallState

CALL_FIELDS: Final = (
    "id", "started_at", "answered_at", "ended_at", "seconds", "outcome", "caller", "caller_name", "attestation",
    "client_id", "client", "line", "line_name", "action", "reason", "reason_text", "answered_by", "note_outcome", "note",
)  # fmt: skip
"""The columns of the file. ``seconds`` is how long people talked, ``outcome`` one of
:class:`app.calls.log_query.Outcome`; ``client`` and ``answered_by`` are names of now, moments RFC 3339 in UTC."""
_FETCHED: Final = 250
_DECODED_AT_ONCE: Final = 25
"""Each has a decision to be read; calls that come in meanwhile do not wait for more of them than that."""


async def call_entries(
    sessions: async_sessionmaker[AsyncSession], tenant_id: str, conditions: Sequence[ColumnElement[bool]]
) -> AsyncIterator[Entry]:
    """Every call that fulfils ``conditions``, the newest first. Memory stays small, and no connection is held while whoever
    downloads takes their time."""
    part = Part(
        select(CallRecord).where(CallRecord.tenant_id == tenant_id, *conditions),
        (CallRecord.started_at, CallRecord.call_id),
    )
    wanted: PageWanted | None = page_after("", _FETCHED)
    while wanted is not None:
        async with sessions() as session:
            page = await read_page(session, wanted, part)
            calls: list[CallRecord] = [row[0] for row in page.items]
            names = await _names(session, tenant_id, calls)
            notes = await notes_of(session, tenant_id, [call.call_id for call in calls])
        for place, call in enumerate(calls, 1):
            yield _entry(call, names, notes.get(call.call_id))
            if place % _DECODED_AT_ONCE == 0:
                await asyncio.sleep(0)
        wanted = page_after(page.after, _FETCHED) if page.after else None


async def _names(session: AsyncSession, tenant_id: str, calls: Sequence[CallRecord]) -> dict[str, str]:
    """What clients, operators and lines are called, by id."""
    names: dict[str, str] = {}
    for name, row_id, ids in (
        (ClientCard.name, ClientCard.id, {call.client_id for call in calls}),
        (OperatorRecord.name, OperatorRecord.id, {call.answered_by for call in calls}),
        (LineRecord.label, LineRecord.id, {call.line_id for call in calls}),
    ):
        wanted = [one for one in ids if one]
        query = select(row_id, name).where(row_id.in_(wanted), row_id.class_.tenant_id == tenant_id)
        names |= {row[0]: row[1] for row in await session.execute(query)}
    return names


def _entry(call: CallRecord, names: dict[str, str], note: CallNote | None) -> Entry:
    talked = (
        int(((call.ended_at or call.last_seen_at) - call.answered_at).total_seconds()) if call.answered_at else None
    )
    return {
        "id": call.call_id, "started_at": _moment(call.started_at), "answered_at": _moment(call.answered_at),
        "ended_at": _moment(call.ended_at), "seconds": max(0, talked) if talked is not None else None,
        "outcome": _outcome(call).value, "caller": address_of(call), "caller_name": call.caller_name,
        "attestation": call.attestation, "client_id": call.client_id, "client": names.get(call.client_id or "", ""),
        "line": call.line_number, "line_name": names.get(call.line_id or "", ""), "action": call.action,
        "reason": call.reason_code, "reason_text": tell_reason(decision_of(call)),
        "answered_by": names.get(call.answered_by or "", ""), "note_outcome": note.outcome if note else None,
        "note": note.note if note else None,
    }  # fmt: skip


def _outcome(call: CallRecord) -> Outcome:
    """How the call went, as the log's filters call it; a blocked one is that, whatever else it was."""
    if shown_as(call) is Shown.HIDDEN:
        return Outcome.BLOCKED
    if call.answered_at is not None:
        return Outcome.ANSWERED
    if call.state != CallState.ENDED:
        return Outcome.RUNNING
    return Outcome.MISSED if was_missed(call) else Outcome.OTHER


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
