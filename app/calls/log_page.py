"""``/calls``: every call with what was decided and why; ``/calls/<id>`` tells one of them from beginning to end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import READS_LISTS, can_judge, can_read_lists, require_block
from app.auth.roles import Role, Scope
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Unprocessable
from app.base.problems.requests import RequestFault
from app.calls.asked_again import asked_again
from app.calls.blocked_caller import Block, block_of, blocks_of
from app.calls.call_notes import notes_of
from app.calls.call_outcome import outcome_of
from app.calls.call_story import attestation_in, events_of, story_of
from app.calls.dossier import short_dossier
from app.calls.export_calls import CALL_FIELDS, call_entries
from app.calls.find_call import find_call
from app.calls.first_answer import first_answer
from app.calls.log_query import Filters, LogPage, Outcome, log_conditions, log_page
from app.calls.missed_calls import Shown, shown_as, was_missed
from app.calls.on_the_lists import Standing, standing_of
from app.calls.who_is_calling import WhoIsCalling, who_is_calling
from app.event_log.read_decision import decision_of
from app.lists.export_list import download
from app.lists.files.list_file import FileFormat
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of, zone_of_company
from app.switchboard import Switchboard
from app.web.drawing import draw
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.paging import After
from app.words.action_words import action_words, reason_title
from app.words.attestation_words import attestation_words
from app.words.problems import problem_words
from app.words.told_decision import tell_decision, tell_reason
from models import CallEvent, CallNote, CallRecord
from routing.reasons import ReasonCode

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])

Short = Annotated[str, Query(max_length=limits.SEARCH)]
Day = Annotated[str, Query(max_length=20)]
CallId = Annotated[str, Path(max_length=limits.ROW_ID)]


@dataclass(frozen=True, slots=True)
class LogRow:
    """A call in the log. ``standing`` is what the lists say of the caller now, ``block`` who blocked them and why."""

    call: CallRecord
    who: WhoIsCalling
    line: str
    zone: ZoneInfo
    outcome: str
    action: str
    why: str
    missed: bool
    blocked: bool
    note: CallNote | None
    standing: Standing
    block: Block | None


@router.get("/calls")
async def call_log(
    request: Request, board: Board, who: Who, since: Day = "", until: Day = "", outcome: Short = "",
    reason: Short = "", line: Short = "", q: Short = "", after: After = "",
) -> HTMLResponse:  # fmt: skip
    """A page of the log."""
    tenant = await tenant_of(board, who)
    filters = Filters(since, until, outcome, reason, line, q.strip())
    sees = _sees_blocked(who)
    problem = None
    async with board.sessions() as session:
        try:
            page = await log_page(session, tenant, filters, zone_of_company(tenant), sees_blocked=sees, after=after)
        except Unprocessable as error:
            problem, page = problem_words(error), LogPage([])
        notes = await notes_of(session, who.tenant_id, [call.call_id for call in page.calls])
        blocks = await blocks_of(session, page.calls, tenant, board.clock())
    told = {call: block for call, block in blocks.items() if block.is_told(judges=sees)}
    rows = [_row(one, tenant, notes.get(one.call_id), told.get(one.call_id), board) for one in page.calls]
    lines = sorted(tenant.rows["line"].values(), key=lambda row: row["number"])
    outcomes = [one for one in Outcome if sees or one is not Outcome.BLOCKED]
    reasons = [(code.value, reason_title(code)) for code in ReasonCode if sees or code is not ReasonCode.BLACKLISTED]
    return await draw_in_frame(
        request, board, who, "call_log/page.html", 422 if problem else 200, rows=rows, filters=filters, problem=problem,
        after=after, next=filters.address(after=page.after) if page.after else "", lines=lines, outcomes=outcomes,
        reasons=reasons, judges=sees, today=f"{board.clock().astimezone(zone_of_company(tenant)):%Y-%m-%d}",
    )  # fmt: skip


@router.get("/calls/file.{form}", dependencies=[Depends(allowed(read=READS_LISTS, write=READS_LISTS))])
async def file_of_calls(
    board: Board, who: Who, form: FileFormat, since: Day = "", until: Day = "", outcome: Short = "",
    reason: Short = "", line: Short = "", q: Short = "",
) -> StreamingResponse:  # fmt: skip
    """The calls that these filters show, all of them, as a file."""
    tenant = await tenant_of(board, who)
    filters = Filters(since, until, outcome, reason, line, q.strip())
    conditions = log_conditions(filters, tenant, zone_of_company(tenant))
    return download(call_entries(board.sessions, who.tenant_id, conditions), CALL_FIELDS, form, "calls")


@router.get("/calls/{call_id}")
async def call_page(request: Request, board: Board, who: Who, call_id: CallId) -> HTMLResponse:
    """One call: how it was decided, what happened, and what would happen now."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        call, told = await _told(session, board, who, tenant, call_id)
        note = (await notes_of(session, who.tenant_id, [call_id])).get(call_id)
        block = await block_of(session, call, tenant, board.clock())
    if block is not None and not block.is_told(judges=can_judge(who.role)):
        block = None
    row = _row(call, tenant, note, block, board)
    return await draw_in_frame(request, board, who, "call_log/call.html", row=row, **told)


@router.get("/calls/{call_id}/decision")
async def decision(board: Board, who: Who, call_id: CallId) -> HTMLResponse:
    """The part that a row opens: the stored trace, and what would happen now."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        call, told = await _told(session, board, who, tenant, call_id)
    return HTMLResponse(draw("call_log/decision.html", call=call, **told))


@router.get("/calls/{call_id}/block")
async def block_form(board: Board, who: Who, call_id: CallId) -> HTMLResponse:
    """The part that *Block…* opens: who it is, and why. In each of its rows it would make half of the log."""
    require_block(who, Scope.READ)
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        call = await _visible_call(session, who, call_id)
        note = (await notes_of(session, who.tenant_id, [call_id])).get(call_id)
    row = _row(call, tenant, note, None, board)
    if row.standing.number is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return HTMLResponse(draw("call_log/block_form.html", row=row))


async def _visible_call(session: AsyncSession, who: Principal, call_id: str) -> CallRecord:
    """A blacklisted call is there for supervisors only."""
    call = await find_call(session, who.tenant_id, call_id)
    if shown_as(call) is Shown.HIDDEN and not _sees_blocked(who):
        raise NotFound(RequestFault.NOT_FOUND)
    return call


async def _told(
    session: AsyncSession, board: Switchboard, who: Principal, tenant: TenantRows, call_id: str
) -> tuple[CallRecord, dict[str, Any]]:
    """The call with all that there is to tell about its decision."""
    sees = _sees_blocked(who)
    call = await _visible_call(session, who, call_id)
    events = await events_of(session, call)
    attestation = attestation_in(events)
    again = asked_again(call, tenant, attestation, board.clock())
    if again is not None and again.decision.reason.code is ReasonCode.BLACKLISTED and not sees:
        again = None
    decision = decision_of(call)
    return call, {
        "decision": tell_decision(decision), "action": action_words(decision, tenant.plan, call.provider),
        "sees_lists": sees,
        "first": first_answer(events, tenant.plan, call.provider) if sees or not _was_blocked_meanwhile(events) else None,
        "story": story_of(events, tenant) if sees or not _was_blocked_meanwhile(events) else [],
        "attestation": attestation_words(attestation), "attestation_code": attestation.value, "again": again,
        "decision_now": tell_decision(again.decision) if again else None,
        "action_now": action_words(again.decision, tenant.plan) if again else "", "zone": zone_of(call, tenant),
    }  # fmt: skip


def _was_blocked_meanwhile(events: Sequence[CallEvent]) -> bool:
    decisions = [event.payload["decision"] for event in events if "decision" in event.payload]
    return any(decision["reason"]["code"] == ReasonCode.BLACKLISTED for decision in decisions)


def _row(
    call: CallRecord, tenant: TenantRows, note: CallNote | None, block: Block | None, board: Switchboard
) -> LogRow:
    decision = decision_of(call)
    line = decision.line
    return LogRow(
        call, who_is_calling(short_dossier(call, tenant, note), tenant), (line.label if line else "") or call.line_number,
        zone_of(call, tenant), outcome_of(call, tenant), action_words(decision, tenant.plan, call.provider),
        tell_reason(decision),
        was_missed(call), shown_as(call) is Shown.HIDDEN, note, standing_of(call, tenant, board.clock()), block,
    )  # fmt: skip


def _sees_blocked(who: Principal) -> bool:
    return can_read_lists(who.role)
