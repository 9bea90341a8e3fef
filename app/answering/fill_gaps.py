"""Calls that were never recorded here: those that met no worker, or whose record was lost with its host. The provider has
them on its list; they are filled in from there, and say so."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.answering.answer_call import decide_neutrally, decide_safely, incoming_call
from app.answering.answers import Nothing
from app.answering.given import Given
from app.answering.incoming_record import incoming_fact
from app.answering.report import CallReport
from app.event_log.records import CallFact, FactKind, fact
from app.switchboard import Switchboard
from app.telephone.fault import TelephoneFault
from app.telephone.telephone import ReportedCall
from models import CallListCheck, CallRecord
from routing.findings import Finding, Found
from routing.inquiry import Decision
from routing.lifecycle import CallState, state_for
from routing.plan import RoutingPlan
from routing.reasons import OF_VIPS, Reason, ReasonCode

CHECK_SECONDS: Final = 900.0
SETTLED: Final = timedelta(minutes=20)
"""A call is looked for when it is that old: by then its own record has come, unless it is lost."""
LOOKED_BACK: Final = timedelta(hours=24)
"""At the first time: nobody has compared anything before."""
_OVERLAP: Final = timedelta(hours=4)
"""Calls last; one is on the list as over only when it is."""
_LOCK: Final = 0x67617073
_ASKED_AT_ONCE: Final = 1000

log = structlog.get_logger(__name__)


async def fill_gaps(board: Switchboard) -> int:
    """Compare every company's calls with its providers' lists since the last time, and record what is missing. Returns how
    many calls that were. Of all workers one does it at a time."""
    found = 0
    async with board.sessions() as session, session.begin():
        if not await session.scalar(text(f"SELECT pg_try_advisory_xact_lock({_LOCK})")):
            return 0
        for tenant_id in list(board.live_plan.tenants):
            for provider in board.telephones.makers:
                if board.telephone(tenant_id, provider) is None:
                    continue
                key = CallListCheck.tenant_id == tenant_id, CallListCheck.provider == provider
                last = await session.scalar(select(CallListCheck.checked_until).where(*key))
                until = board.clock() - SETTLED
                since = until - LOOKED_BACK if last is None else last - _OVERLAP
                try:
                    found += await _compare(board, tenant_id, provider, since, until)
                except TelephoneFault as error:
                    log.warning("gaps.wait", provider=provider, fault=error.fault.value)
                    continue
                row = {"tenant_id": tenant_id, "provider": provider, "checked_until": until}
                checked = insert(CallListCheck).values(row)
                await session.execute(
                    checked.on_conflict_do_update(
                        index_elements=["tenant_id", "provider"], set_={"checked_until": until}
                    )
                )
    if found:
        log.info("gaps.filled", calls=found)
    return found


async def fill_gaps_for_ever(board: Switchboard) -> None:
    """Every quarter of an hour, the first time soon after the start."""
    await asyncio.sleep(CHECK_SECONDS / 10)
    while True:
        try:
            await fill_gaps(board)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("gaps.wait", error=type(error).__name__)
        await asyncio.sleep(CHECK_SECONDS)


async def _compare(board: Switchboard, tenant_id: str, provider: str, since: datetime, until: datetime) -> int:
    telephone, plan = board.telephone(tenant_id, provider), board.live_plan.plan_of(tenant_id)
    if telephone is None or plan is None:
        return 0
    listed: dict[str, ReportedCall] = {}
    talks: dict[str, ReportedCall] = {}
    async for call in telephone.calls(since, until):
        if call.parent_call_id and call.status == "completed" and call.seconds:
            talks.setdefault(call.parent_call_id, call)
        elif call.is_incoming and not call.parent_call_id and call.called in plan.lines and _is_over(call):
            listed[call.call_id] = call
    missing = await _not_recorded(board, tenant_id, list(listed))
    for call_id in missing:
        facts = _facts_of(board, plan, provider, listed[call_id], talks.get(call_id))
        await board.journal.append(*facts)
    return len(missing)


def _is_over(call: ReportedCall) -> bool:
    known = state_for(call.status)
    return known is not None and known[0] is CallState.ENDED


async def _not_recorded(board: Switchboard, tenant_id: str, call_ids: Sequence[str]) -> list[str]:
    recorded: set[str] = set()
    async with board.sessions() as session:
        for first in range(0, len(call_ids), _ASKED_AT_ONCE):
            some = call_ids[first : first + _ASKED_AT_ONCE]
            of_these = CallRecord.tenant_id == tenant_id, CallRecord.call_id.in_(some)
            recorded |= set(await session.scalars(select(CallRecord.call_id).where(*of_these)))
    return [one for one in call_ids if one not in recorded]


def _facts_of(
    board: Switchboard, plan: RoutingPlan, provider: str, call: ReportedCall, talk: ReportedCall | None
) -> list[CallFact]:
    """What the provider's list tells: that it came, whom it reached if anybody, and its end."""
    report = CallReport(provider, "", call.call_id, "", call.status, call.caller, call.called)
    came = incoming_call(board, plan, report, call.began)
    by_rules = decide_safely(came, plan, call.began)
    decision = as_filled_in(decide_neutrally(came, plan, call.began), by_rules.reason.code)
    record = incoming_fact(plan.tenant_id, report, came, decision, Given.of(Nothing()), call.began)
    # An id of its own: should the true record come after all, it is stored too, and takes the place of this one.
    facts = [fact(plan.tenant_id, call.call_id, FactKind.INCOMING, call.began, record.payload, "filled in")]
    operators = {one.leg.address: one.leg.operator_id for one in plan.operators.values()}
    if talk is not None and (operator_id := operators.get(talk.called)) is not None:
        answered = {"operator_id": operator_id, "leg": talk.call_id}
        facts.append(fact(plan.tenant_id, call.call_id, FactKind.ANSWERED, talk.began, answered, operator_id))
    _, outcome = state_for(call.status) or (None, None)
    if outcome is not None:
        ended = {"outcome": outcome.value, "duration": call.seconds}
        facts.append(fact(plan.tenant_id, call.call_id, FactKind.ENDED, call.ended or call.began, ended))
    return facts


def as_filled_in(decision: Decision, by_rules: ReasonCode) -> Decision:
    """Nobody knows what was decided. A blacklisted caller stays one, and a VIP, which ``by_rules`` tells, is one who was
    missed; others count as having waited for an operator."""
    filled = Finding(Found.NOT_RECORDED)
    if decision.reason.code is ReasonCode.BLACKLISTED:
        return decision._replace(trace=(filled, *decision.trace))
    if by_rules in OF_VIPS:
        vip = Finding(Found.VIP_NOT_RECORDED, decision.caller.vip, decision.caller.tie)
        return decision._replace(reason=Reason(by_rules, vip), trace=(filled, vip))
    return decision._replace(reason=Reason(ReasonCode.NOT_RECORDED, filled), trace=(filled,))
