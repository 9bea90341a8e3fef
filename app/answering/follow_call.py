"""Status callbacks: they come in any order, twice or never. What is recorded has an id made of what it says, and the
call's state is the furthest one reported, so nothing here depends on order."""

from app.event_log.records import CallFact, FactKind, fact
from app.providers.twilio.payload import Webhook
from app.switchboard import Switchboard
from routing.lifecycle import CallState, state_for
from routing.plan import Operator, RoutingPlan


async def follow_call(board: Switchboard, tenant_id: str, webhook: Webhook) -> None:
    """Record what a status callback says, durable when this returns."""
    plan = board.live_plan.plan_of(tenant_id)
    facts = (
        _leg_facts(board, tenant_id, webhook, plan)
        if webhook.parent_call_id
        else _call_facts(board, tenant_id, webhook)
    )
    for one in facts:
        board.open_calls.apply(one)
    if facts:
        await board.journal.append(*facts)


def _call_facts(board: Switchboard, tenant_id: str, webhook: Webhook) -> list[CallFact]:
    reported = state_for(webhook.status)
    if reported is None:
        return []
    now, (state, outcome) = board.clock(), reported
    payload = {"status": webhook.status, "sequence": webhook.sequence, "duration": webhook.duration}
    facts = [
        fact(tenant_id, webhook.call_id, FactKind.STATUS, now, payload, webhook.status, webhook.sequence),
    ]
    if state is CallState.ENDED and outcome is not None:
        ended = {"outcome": outcome.value, "duration": webhook.duration}
        facts.append(fact(tenant_id, webhook.call_id, FactKind.ENDED, now, ended))
    return facts


def _leg_facts(board: Switchboard, tenant_id: str, webhook: Webhook, plan: RoutingPlan | None) -> list[CallFact]:
    """A callee's leg: it rings, or it answers. Where a key press has to confirm, answering alone means nothing."""
    operator = _operator_at(webhook.called, plan)
    if operator is None:
        return []
    now, parent, operator_id = board.clock(), webhook.parent_call_id, operator.leg.operator_id
    payload = {"operator_id": operator_id, "leg": webhook.call_id}
    if webhook.status == "ringing":
        return [fact(tenant_id, parent, FactKind.RINGING, now, payload, webhook.call_id)]
    if webhook.status == "in-progress" and not operator.leg.confirm:
        return [fact(tenant_id, parent, FactKind.ANSWERED, now, payload, operator_id)]
    return []


def _operator_at(address: str, plan: RoutingPlan | None) -> Operator | None:
    operators = plan.operators.values() if plan else ()
    return next((one for one in operators if one.leg.address == address), None)
