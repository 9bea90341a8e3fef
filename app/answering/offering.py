"""What :mod:`routing.offers` decides by: who waits and who could take a call, from the calls that go on now and the plan."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.event_log.calls_back import KeptPlace
from app.event_log.in_queue import LONG_AGO, Offer
from app.event_log.open_calls import OpenCall, OpenCalls, Talk
from app.switchboard import Switchboard
from filters.caller import look_up
from filters.caller_id import read_caller_id
from routing.actions import Leg
from routing.carriers import are_rung_in_turn
from routing.move import MoveTo
from routing.offers import MOST_RINGS, Asking, Desk, Offers, Ring, decide_offers
from routing.plan import Line, Operator, RoutingPlan

NOBODY: Final = Offers()


@dataclass(frozen=True, slots=True)
class Picture:
    """One company's callers, operators and rings at ``now``: the real ones, or those of the phone booth."""

    plan: RoutingPlan
    now: datetime
    asking: list[Asking]
    desks: list[Desk]
    rings: list[Ring]

    @classmethod
    def of(
        cls, plan: RoutingPlan, calls: OpenCalls, now: datetime, *, booth: bool = False, kept: Iterable[KeptPlace] = ()
    ) -> "Picture":
        """As far as this worker knows. ``kept`` are the places of those who are to be called back when it is their turn."""
        served = calls.served(plan.tenant_id, booth=booth)
        busy = _busy(served, plan, now) | (set() if booth else _without_a_caller(calls, plan, now))
        talks = calls.last_talks(plan.tenant_id, booth=booth)
        asking, rings, desks = list[Asking](), list[Ring](), list[Desk]()
        for call in served:
            if (queue := call.queue) is None or queue.place is None:
                continue
            if call.move is not None:  # somebody has sent it elsewhere; until it goes there, its telephones ring on
                busy |= set(queue.offers)
                continue
            first = _rung_first(plan, call.number)
            not_rung = queue.not_rung | plan.beyond(queue.line)
            asking.append(Asking(queue.place, queue.declined, queue.missed, not_rung, first))
            rings += [Ring(call.call_id, name, offer.since, offer.until) for name, offer in queue.offers.items()]
        asking += [
            Asking(
                one.place, one.declined, one.missed, one.not_rung | plan.beyond(one.line), _rung_first(plan, one.number)
            )
            for one in kept
        ]
        for one in plan.operators_at_work():
            idle_since = max(one.presence.since, after_call_until(plan, one, talks.get(one.leg.operator_id)))
            is_free = one.leg.operator_id not in busy
            desks.append(Desk(one.leg.operator_id, one.queue_ids, idle_since, is_free, one.position))
        return cls(plan, now, asking, desks, rings)

    def free_in(self, queue_id: str, not_rung: Set[str]) -> list[str]:
        """The operators (ids) of a queue whose telephones do not ring and may."""
        taken = not_rung | {ring.operator_id for ring in self.rings if ring.until > self.now}
        return [
            desk.operator_id
            for desk in self.desks
            if queue_id in desk.queue_ids and desk.can_be_rung(self.now) and desk.operator_id not in taken
        ][:MOST_RINGS]

    def decide(self, *, reachable: bool) -> Offers:
        """Who is to be rung for whom; see :func:`routing.offers.decide_offers`."""
        if not self.rings and not any(desk.can_be_rung(self.now) for desk in self.desks):
            return NOBODY
        strategies = {queue.id: queue.ring for queue in self.plan.queues.values()}
        return decide_offers(self.asking, self.desks, self.rings, strategies, self.now, reachable=reachable)


def places_to_serve(board: Switchboard, plan: RoutingPlan, now: datetime) -> list[KeptPlace]:
    """The callers who are to be called back when it is their turn, as far as that can be done now: a worker offers calls,
    the provider's API can be used, the line is open for them, and they do not call themselves at this moment."""
    kept = board.open_calls.calls_back.places(plan.tenant_id, now)
    return [one for one in kept if _can_be_served(board, plan, one, now)] if board.offers_turn.is_taken else []


def _can_be_served(board: Switchboard, plan: RoutingPlan, kept: KeptPlace, now: datetime) -> bool:
    line = plan.lines.get(kept.line)
    if line is None or (plan.tenant_id, line.provider) in board.telephones.means.reach.away:
        return False
    caller = look_up(read_caller_id(kept.number, line.country), plan.lists, line.id, now)
    return (
        plan.receives(caller, line, now)
        and may_be_called(plan, line, kept.number, now)
        and not board.open_calls.others_of(plan.tenant_id, kept.number, "", now, 1)
        and board.telephone(plan.tenant_id, line.number) is not None
    )


def may_be_called(plan: RoutingPlan, line: Line, number: str, now: datetime) -> bool:
    """Whether a number (E.164) may be rung by us, for somebody who called ``line``: it costs what a call costs, and is not
    blacklisted."""
    if not plan.may_ring(number):
        return False
    return not plan.blocks(look_up(read_caller_id(number, line.country), plan.lists, line.id, now))


def legs_of(plan: RoutingPlan, queue_id: str, line: str, operator_ids: Iterable[str]) -> list[Leg]:
    """How the operators are rung for a caller of the queue who has called ``line``, as far as its provider rings them
    together: the others stay free, and it is their turn when the caller has waited on."""
    queue, rings = plan.queues.get(queue_id), plan.rings_on(line)
    longest = queue.ring_seconds if queue is not None else None
    legs = [plan.operators[one].leg for one in operator_ids if one in plan.operators]
    legs = rings.of_one_answer(legs, in_turn=are_rung_in_turn(legs))
    seconds = [leg.ring_seconds if longest is None else min(leg.ring_seconds, longest) for leg in legs]
    return [replace(leg, ring_seconds=rings.long_enough(one)) for leg, one in zip(legs, seconds, strict=True)]


def after_call_until(plan: RoutingPlan, operator: Operator, talk: Talk | None) -> datetime:
    """When an operator has done with the work after their last talk. Whoever says after the talk that they are available is
    done at once."""
    if talk is None:
        return LONG_AGO
    queue = plan.queues.get(talk.queue_id or "")
    if queue is None or operator.presence.since > talk.ended:
        return talk.ended
    return talk.ended + timedelta(seconds=queue.wrap_up_seconds)


def is_engaged(plan: RoutingPlan, calls: OpenCalls, operator_id: str, now: datetime, *, but: str = "") -> bool:
    """Whether an operator talks or is being rung, as far as this worker knows; ``but`` for this call."""
    return operator_id in engaged(plan, calls, now, but=but)


def engaged(plan: RoutingPlan, calls: OpenCalls, now: datetime, *, but: str = "") -> set[str]:
    """The operators (ids) who talk or are being rung, as far as this worker knows; ``but`` for this call."""
    served = [call for call in calls.served(plan.tenant_id) if call.call_id != but]
    queues = [call.queue for call in served if call.queue is not None]
    rung = {name for queue in queues for name, offer in queue.offers.items() if offer.holds(now)}
    return rung | _busy(served, plan, now) | _without_a_caller(calls, plan, now)


def _without_a_caller(calls: OpenCalls, plan: RoutingPlan, now: datetime) -> set[str]:
    """Those who call somebody back, or still talk about a caller who has gone."""
    in_asides = {name for one in calls.asides(plan.tenant_id) for name in one.people}
    return in_asides | {*calls.calls_back.calling(plan.tenant_id, now)}


def _rung_first(plan: RoutingPlan, number: str | None) -> str:
    """Who looks after whoever has this number (E.164), by the plan as it is now."""
    clients = plan.lists.clients.by_number.get(number, ()) if number is not None else ()
    return plan.rung_first_for(clients) if clients else ""


def _busy(served: list[OpenCall], plan: RoutingPlan, now: datetime) -> set[str]:
    """The operators who are in a call, or who are rung for one that is in no queue: a VIP, or a caller whose key named
    them."""
    busy = {name for call in served for name in call.talking}
    for call in served:
        if call.word is not None:
            busy |= {call.word.by, call.word.move.target}
        if call.move is not None and call.move.to is MoveTo.OPERATOR and call.answered_by is None:
            busy.add(call.move.target)  # whose telephone is about to ring
    for call in served:
        if call.answered_by is None and call.queue is not None and call.queue.place is None:
            busy |= {name for name, offer in call.queue.offers.items() if offer.holds(now)}
            for name, since in call.queue.rings.items():
                if _still_rings(plan.operators.get(name), since, now):
                    busy.add(name)
    return busy


def _still_rings(operator: Operator | None, since: datetime, now: datetime) -> bool:
    return operator is not None and Offer(since, since + timedelta(seconds=operator.leg.ring_seconds)).holds(now)
