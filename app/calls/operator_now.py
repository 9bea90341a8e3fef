"""What an operator is doing at this moment: as they have said, and as their calls tell."""

from datetime import datetime
from typing import NamedTuple

from app.answering.offering import after_call_until
from app.event_log.open_calls import OpenCalls
from routing.plan import Operator, RoutingPlan
from routing.presence import PresenceState


class BusyWith(NamedTuple):
    """A call that an operator has taken (``talking``), or that rings on their telephone. Whoever calls somebody back is busy
    with the call that led to it, if one did."""

    call_id: str
    talking: bool
    since: datetime | None


class OperatorNow(NamedTuple):
    """``state`` is after-call work as long as a queue leaves them alone after a talk, whatever they have said before."""

    operator_id: str
    name: str
    state: PresenceState
    reason: str
    until: datetime | None
    busy_with: BusyWith | None


def operators_now(plan: RoutingPlan, calls: OpenCalls, now: datetime) -> list[OperatorNow]:
    """Every operator of a company, in their order."""
    busy, talks = _busy(plan, calls, now), calls.last_talks(plan.tenant_id)
    everybody = sorted(plan.operators.values(), key=lambda one: (one.position, one.leg.name, one.leg.operator_id))
    return [
        _now(one, after_call_until(plan, one, talks.get(one.leg.operator_id)), busy.get(one.leg.operator_id), now)
        for one in everybody
    ]


def _now(operator: Operator, work_until: datetime, busy: BusyWith | None, now: datetime) -> OperatorNow:
    leg, presence = operator.leg, operator.presence
    if presence.may_be_rung and work_until > now and busy is None:
        return OperatorNow(leg.operator_id, leg.name, PresenceState.AFTER_CALL, "", work_until, None)
    if presence.is_over(now):
        return OperatorNow(leg.operator_id, leg.name, PresenceState.AVAILABLE, "", None, busy)
    return OperatorNow(leg.operator_id, leg.name, presence.state, presence.reason, presence.until, busy)


def _busy(plan: RoutingPlan, calls: OpenCalls, now: datetime) -> dict[str, BusyWith]:
    calling = calls.calls_back.calling(plan.tenant_id, now)
    busy = {name: BusyWith(one.call_id or one.leg, one.picked_up, one.since) for name, one in calling.items()}
    for aside in calls.asides(plan.tenant_id):
        busy |= dict.fromkeys(aside.people, BusyWith(aside.call_id, True, aside.since))
    for call in calls.served(plan.tenant_id):
        busy |= dict.fromkeys(call.talking, BusyWith(call.call_id, True, call.answered_at))
        if call.answered_by is None and call.queue is not None:
            for name, offer in call.queue.offers.items():
                busy.setdefault(name, BusyWith(call.call_id, False, offer.since))
    return busy
