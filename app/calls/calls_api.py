"""``/calls``: what came in, what was decided and why. Read only: calls are written by the journal."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, not_, select

from app.auth.require import Board, Who, allowed
from app.auth.rights import READS_LISTS, can_read_lists
from app.calls.call_notes import NotedOutcome, notes_of
from app.calls.export_calls import CALL_FIELDS, call_entries
from app.calls.missed_calls import hidden
from app.calls.visible_call import visible_call
from app.event_log.caller_address import address_of
from app.event_log.read_decision import decision_of
from app.lists.export_list import download
from app.lists.exports_api import EXPORT_ANSWER
from app.lists.files.list_file import FileFormat
from app.web.number_query import country_of_company, number_asked_for
from app.web.paging import NumberQuery, Part, Search, match_text, read_page
from app.web.resource import ItemId, Wanted, resource
from app.web.schema import Page, SearchedMoment
from app.words.told_decision import ToldDecision, tell_decision, tell_reason, without_blacklist
from filters.attestation import Attestation
from models import CallNote, CallRecord
from routing.lifecycle import CallState
from routing.reasons import ReasonCode

router = resource("calls", "What came in, what was decided and why.")


class CallerOut(BaseModel):
    """Who called, as far as the network said."""

    kind: str = Field(examples=["number"])
    number: str | None = Field(
        examples=["+33639980001"], description="The number that the lists were asked for, also that of a SIP address."
    )
    name: str
    address: str = Field(
        description="What identifies the caller, whatever it is: the number, a SIP address, a browser client, a short code, "
        "digits that are no number; empty for a caller without identity.",
        examples=["+33639980001"],
    )


class LineCalled(BaseModel):
    """The called line."""

    id: str | None
    number: str


class ReasonOut(BaseModel):
    """Why."""

    code: str = Field(examples=["vip"])
    text: str


class CallOut(BaseModel):
    """A call."""

    id: str = Field(description="The provider's call id.", examples=["CA0123456789abcdef0123456789abcdef"])
    provider: str
    state: str
    outcome: str | None
    caller: CallerOut
    attestation: Attestation = Field(description="How far the network vouches for the number.")
    forwarded_from: str | None = Field(description="The number that was called first, where the network says so.")
    line: LineCalled
    client_id: str | None
    action: str
    reason: ReasonOut
    menu_choice: str | None
    queue_id: str | None
    answered_by: str | None = Field(description="The operator's id.")
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


class NoteOut(BaseModel):
    """What people noted about a call."""

    text: str
    outcome: NotedOutcome | None
    satisfaction: int | None = Field(description="Of the caller: from 1 to 5, the best.")
    noted_by: str | None
    noted_at: datetime | None


class CallWithDecision(CallOut):
    """A call with the decision as it was taken, trace and all."""

    note: NoteOut | None
    decision: ToldDecision


@router.get("")
async def list_calls(
    board: Board,
    who: Who,
    page: Wanted,
    q: Search = "",
    number: NumberQuery = None,
    state: CallState | None = None,
    reason: ReasonCode | None = None,
    client_id: Annotated[str | None, Query(max_length=40, pattern=r"^[0-9a-z]+$")] = None,
    since: Annotated[SearchedMoment | None, Query(description="Calls that began then or later.")] = None,
    until: Annotated[SearchedMoment | None, Query(description="Calls that began before.")] = None,
) -> Page[CallOut]:
    """Calls, the newest first; those that the blacklist ended for supervisors only."""
    conditions: list[ColumnElement[bool]] = [CallRecord.tenant_id == who.tenant_id]
    if not can_read_lists(who.role):
        conditions.append(not_(hidden()))
    if q:
        country = country_of_company(board, who)
        columns = CallRecord.caller_name, CallRecord.caller_address
        conditions.append(match_text(q, *columns, numbers=[CallRecord.caller_number], country=country))
    if number is not None:
        conditions.append(CallRecord.caller_number == number_asked_for(board, who, number))
    if state is not None:
        conditions.append(CallRecord.state == state.value)
    if reason is not None:
        conditions.append(CallRecord.reason_code == reason.value)
    if client_id is not None:
        conditions.append(CallRecord.client_id == client_id)
    if since is not None:
        conditions.append(CallRecord.started_at >= since)
    if until is not None:
        conditions.append(CallRecord.started_at < until)
    newest_first = Part(select(CallRecord).where(*conditions), (CallRecord.started_at, CallRecord.call_id))
    async with board.sessions() as session:
        calls = await read_page(session, page, newest_first)
    return Page(items=[CallOut.model_validate(_shown(row[0])) for row in calls.items], next_cursor=calls.after)


@router.get(
    "/export", response_class=StreamingResponse, responses=EXPORT_ANSWER, name="export_calls",
    dependencies=[Depends(allowed(read=READS_LISTS, write=READS_LISTS))],
)  # fmt: skip
async def export_calls(
    board: Board,
    who: Who,
    form: Annotated[FileFormat, Query(alias="format")] = FileFormat.CSV,
    since: Annotated[SearchedMoment | None, Query(description="Calls that began then or later.")] = None,
    until: Annotated[SearchedMoment | None, Query(description="Calls that began before.")] = None,
) -> StreamingResponse:
    """The calls of a period as a file, the newest first: CSV and XLSX that no spreadsheet carries out, or JSON. For
    supervisors."""
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(CallRecord.started_at >= since)
    if until is not None:
        conditions.append(CallRecord.started_at < until)
    return download(call_entries(board.sessions, who.tenant_id, conditions), CALL_FIELDS, form, "calls")


@router.get("/{item_id}")
async def get_call(board: Board, who: Who, item_id: ItemId) -> CallWithDecision:
    """One call, with the stored decision."""
    async with board.sessions() as session:
        record = await visible_call(session, who, item_id)
        note = (await notes_of(session, who.tenant_id, [item_id])).get(item_id)
    decision = tell_decision(decision_of(record))
    if not can_read_lists(who.role):
        decision = without_blacklist(decision)
    return CallWithDecision.model_validate(_shown(record) | {"note": _noted(note), "decision": decision})


def _noted(note: CallNote | None) -> dict[str, object] | None:
    """None where nothing was noted: a note may be there for what else is known of a call."""
    if note is None or not (note.note or note.outcome or note.satisfaction):
        return None
    return {
        "text": note.note, "outcome": note.outcome, "satisfaction": note.satisfaction, "noted_by": note.noted_by,
        "noted_at": note.noted_at,
    }  # fmt: skip


def _shown(record: CallRecord) -> dict[str, object]:
    return {
        "id": record.call_id, "provider": record.provider, "state": record.state, "outcome": record.outcome,
        "caller": {
            "kind": record.caller_kind, "number": record.caller_number, "name": record.caller_name,
            "address": address_of(record),
        },
        "attestation": record.attestation, "forwarded_from": record.forwarded_from or None,
        "line": {"id": record.line_id, "number": record.line_number}, "client_id": record.client_id,
        "action": record.action, "reason": {"code": record.reason_code, "text": tell_reason(decision_of(record))},
        "menu_choice": record.menu_choice, "queue_id": record.queue_id, "answered_by": record.answered_by,
        "started_at": record.started_at,
        "answered_at": record.answered_at, "ended_at": record.ended_at,
    }  # fmt: skip
