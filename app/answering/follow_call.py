"""Status callbacks: they come in any order, twice or never. What is recorded has an id made of what it says, and the
call's state is the furthest one reported, so nothing here depends on order."""

from app.answering.report import CallReport
from app.event_log.calls_back import over_fact
from app.event_log.records import CallFact, FactKind, fact
from app.switchboard import Switchboard
from routing.lifecycle import CallState, state_for
from routing.plan import RoutingPlan


async def follow_call(board: Switchboard, tenant_id: str, report: CallReport) -> None:
    """Record what a status callback says, durable when this returns."""
    plan = board.live_plan.plan_of(tenant_id)
    facts = (
        _leg_facts(board, tenant_id, report, plan) if report.parent_call_id else _call_facts(board, tenant_id, report)
    )
    await board.record(*facts)


def _call_facts(board: Switchboard, tenant_id: str, report: CallReport) -> list[CallFact]:
    reported = state_for(report.status)
    if reported is None:
        return []
    now, (state, outcome) = board.clock(), reported
    payload = {"status": report.status, "sequence": report.sequence, "duration": report.duration}
    facts = [
        fact(tenant_id, report.call_id, FactKind.STATUS, now, payload, report.status, report.sequence),
    ]
    if state is CallState.ENDED and outcome is not None:
        ended = {"outcome": outcome.value, "duration": report.duration}
        facts.append(fact(tenant_id, report.call_id, FactKind.ENDED, now, ended))
        if (calling := board.open_calls.calls_back.of_leg(tenant_id, report.call_id)) is not None:
            facts.append(over_fact(tenant_id, calling.callback_id, calling.call_id, report.call_id, now, outcome.value))
    return facts


def _leg_facts(board: Switchboard, tenant_id: str, report: CallReport, plan: RoutingPlan | None) -> list[CallFact]:
    """A callee's leg: it rings, or it answers. Where a key press has to confirm, answering alone means nothing."""
    operator = plan.operator_at(report.called) if plan is not None else None
    if operator is None:
        return []
    now, parent, operator_id = board.clock(), report.parent_call_id, operator.leg.operator_id
    known = board.open_calls.of_call(tenant_id, parent)
    if known is not None and known.sent is not None and report.call_id in known.sent.moved_legs:
        return []  # a late or repeated word about a talk that is over
    if report.status == "completed" and (not operator.leg.confirm or (known and report.call_id in known.taken)):
        over = {"leg_over": report.call_id}
        return [fact(tenant_id, parent, FactKind.SEEN, now, over, "leg over", report.call_id)]
    payload = {"operator_id": operator_id, "leg": report.call_id}
    if report.status == "ringing":
        return [fact(tenant_id, parent, FactKind.RINGING, now, payload, report.call_id)]
    if report.status == "in-progress" and not operator.leg.confirm:
        return [answered_fact(board, tenant_id, parent, operator_id, report.call_id)]
    if report.status == "busy":
        declined = {"declined_by": operator_id}
        return [fact(tenant_id, parent, FactKind.SEEN, now, declined, "declined", report.call_id)]
    return []


def answered_fact(board: Switchboard, tenant_id: str, call_id: str, operator_id: str, leg: str) -> CallFact:
    """An operator has taken a call, at their own call ``leg``. After a transfer it may be the same one as before."""
    known = board.open_calls.of_call(tenant_id, call_id)
    is_moved = known is not None and known.sent is not None and bool(known.sent.over)
    payload: dict[str, object] = {"operator_id": operator_id, "leg": leg} | ({"moved_here": True} if is_moved else {})
    return fact(tenant_id, call_id, FactKind.ANSWERED, board.clock(), payload, operator_id, leg)
