"""One worker of all offers the callers who wait to the operators who become free, and takes them out of the provider's queue
for it, through the provider's REST API. Where that is away, or nobody does this, the queue's own ticks offer them, more
slowly (:mod:`app.answering.steps.queue`). Both decide by :mod:`routing.offers`."""

import asyncio
from collections.abc import Collection, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.answering.offering import Picture, engaged, legs_of, places_to_serve
from app.answering.ring_for_callback import CallbackRing, ring_for_callback
from app.answering.steps.queue import offered_payload
from app.base.one_of_all import OneOfAll
from app.event_log.calls_back import CallingBack, KeptPlace, over_fact
from app.event_log.in_queue import InQueue
from app.event_log.open_calls import OpenCall
from app.event_log.records import FactKind, fact
from app.switchboard import Switchboard
from app.telephone.fault import TelephoneFault
from app.telephone.telephone import Telephone
from models.base import new_id
from routing.actions import QueuePriority
from routing.call_queue import WaitingCall
from routing.offers import Offers, Ring
from routing.plan import RoutingPlan
from routing.step import Step, StepKind

ROUND_SECONDS: Final = 0.25
_ASK_EVERY: Final = 4
"""Rounds after which the lock is asked for again."""
_LEFT_ALONE: Final = timedelta(seconds=15)
"""How long a call that could not be moved is left to its queue's ticks."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class OfferCalls:
    """``turn`` says whether it is this worker that offers. ``moving`` are the calls (tenant, id) that are being moved at
    this moment; ``left_alone`` those that could not be, and until when their ticks have them."""

    board: Switchboard
    turn: OneOfAll
    moving: set[tuple[str, str]] = field(default_factory=set)
    left_alone: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _work: set[asyncio.Task[None]] = field(default_factory=set)
    _companies: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Offer, for ever."""
        rounds = 0
        while True:
            try:
                if rounds % _ASK_EVERY == 0:
                    await self.turn.ask()
                rounds += 1
                if self.turn.is_mine:
                    self.round()
            except Exception:
                # Callers wait: whatever went wrong with one of them must not be the end for all.
                log.exception("offers.failed")
            await asyncio.sleep(ROUND_SECONDS)

    def round(self) -> None:
        """Look at every company once. What takes long goes on by itself: no provider that is slow holds up the others."""
        now = self.board.clock()
        self.left_alone = {key: until for key, until in self.left_alone.items() if until > now}
        calls = self.board.open_calls
        for tenant_id in {*calls.tenants_with_callers(), *calls.calls_back.tenants()}:
            plan = self.board.live_plan.plan_of(tenant_id)
            if plan is not None and tenant_id not in self._companies:
                self._companies.add(tenant_id)
                self._begin(self._look_at(plan, now))

    async def settled(self) -> None:
        """Wait until everything that was begun is done."""
        while self._work:
            await asyncio.wait(list(self._work))

    async def _look_at(self, plan: RoutingPlan, now: datetime) -> None:
        try:
            await self._offer(plan, now)
        finally:
            self._companies.discard(plan.tenant_id)

    async def _offer(self, plan: RoutingPlan, now: datetime) -> None:
        calls = {one.call_id: one for one in self.board.open_calls.served(plan.tenant_id)}
        places = [
            one
            for one in places_to_serve(self.board, plan, now)
            if (plan.tenant_id, one.place.call_id) not in {*self.moving, *self.left_alone}
        ]
        picture = Picture.of(plan, self.board.open_calls, now, kept=places)
        offers = picture.decide(reachable=True)
        self._let_vips_in(plan, picture, offers, now)
        if not offers.make and not offers.withdraw:
            return
        ringing = {ring.operator_id for ring in picture.rings}
        for place in places:
            meant = offers.make.get(place.place.call_id, ())
            # Whose telephone rings still for somebody else is free in the next round.
            if operator_id := next((one for one in meant if one not in ringing), None):
                self.moving.add((plan.tenant_id, place.place.call_id))
                self._begin(self._call_back(plan, place, operator_id))
        lost = _by_call(offers.withdraw)
        # An operator is rung elsewhere only once the ring here has ended: a call that cannot be reached keeps its own.
        kept = {
            name for call_id, names in lost.items() if self._reach(plan, calls.get(call_id)) is None for name in names
        }
        first = [call_id for call_id in lost if self._reach(plan, calls.get(call_id)) is not None]
        made = {call_id: [one for one in names if one not in kept] for call_id, names in offers.make.items()}
        moves = [
            (call, telephone, _together(plan, call, lost.get(call_id, ()), made.get(call_id, [])))
            for call_id in dict.fromkeys([*first, *(one for one, names in made.items() if names)])
            if (call := calls.get(call_id)) is not None and (telephone := self._reach(plan, call)) is not None
        ]
        if first:
            giving = [one for one in moves if one[0].call_id in lost]
            failed = await asyncio.gather(*(self._move(plan, *one) for one in giving))
            refused = {name for one, ok in zip(giving, failed, strict=True) if not ok for name in lost[one[0].call_id]}
            moves = [
                (call, telephone, [one for one in names if one not in refused])
                for call, telephone, names in moves
                if call.call_id not in lost
            ]
        for call, telephone, names in moves:
            if names and set(names) != set(_rung(call)):
                self.moving.add((call.tenant_id, call.call_id))
                self._begin(self._move(plan, call, telephone, names))

    def _let_vips_in(self, plan: RoutingPlan, picture: Picture, offers: Offers, now: datetime) -> None:
        """A VIP for whom nobody can be rung takes an operator whose telephone rings for a call-back."""
        calls_back = self.board.open_calls.calls_back
        rung = {ring.call_id for ring in picture.rings}
        for caller in picture.asking:
            if caller.call.priority < QueuePriority.VIP_UNCONFIRMED or caller.call.call_id in {*offers.make, *rung}:
                continue
            able = {one.leg.operator_id for one in plan.operators_of(caller.call.queue_id, caller.not_rung)}
            for ring in calls_back.calling(plan.tenant_id, now).values():
                kept = calls_back.place_of(plan.tenant_id, ring.callback_id)
                key = plan.tenant_id, ring.leg
                if ring.operator_id in able and not ring.picked_up and ring.leg and kept and key not in self.moving:
                    self.moving.add(key)
                    self._begin(self._end_ring(plan, ring, kept))
                    break

    async def _end_ring(self, plan: RoutingPlan, ring: CallingBack, kept: KeptPlace) -> None:
        """The place stays, and the operator has not missed it."""
        try:
            telephone = self.board.telephone(plan.tenant_id, kept.line)
            if telephone is not None:
                await telephone.hang_up(ring.leg)
                about = plan.tenant_id, ring.callback_id, ring.call_id, ring.leg
                await self.board.record(over_fact(*about, self.board.clock(), ""))
        except TelephoneFault as fault:
            log.warning("offers.not_ended", callback=ring.callback_id, fault=fault.fault.value)
        finally:
            self.moving.discard((plan.tenant_id, ring.leg))

    def _begin(self, work: Coroutine[None, None, object]) -> None:
        async def done() -> None:
            try:
                await work
            except Exception:
                log.exception("offers.failed")

        task = asyncio.create_task(done(), name="offer")
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _move(self, plan: RoutingPlan, call: OpenCall, telephone: Telephone, names: list[str]) -> bool:
        """Ring exactly these operators for the call; nobody: back into its queue. What is meant is recorded first, so that
        no other worker means them for somebody else; whoever has been rung for another call since it was decided is left
        to that one. False when the provider has not done it."""
        key, queue = (call.tenant_id, call.call_id), call.queue
        self.moving.add(key)
        try:
            if queue is None or queue.place is None:
                return False
            now = self.board.clock()
            rung = dict(queue.offers)  # whose telephones ring on where the provider does nothing
            taken = engaged(plan, self.board.open_calls, now) - rung.keys()
            free = [one for one in names if one not in taken]
            if names and not free:
                return True
            names = free
            before, queue_id = queue.is_waiting, queue.place.queue_id
            legs = legs_of(plan, queue_id, queue.line, names)
            names = [leg.operator_id for leg in legs]
            count = queue.count + 1
            step = _step_of(queue, queue.place, names, count, self.board.clock())
            await self._record(call, offered_payload(queue_id, "offered", legs, count))
            try:
                await telephone.go_on_at(call.call_id, step)
            except TelephoneFault as fault:
                log.warning("offers.not_moved", call=call.call_id, fault=fault.fault.value)
                self.left_alone[key] = self.board.clock() + _LEFT_ALONE
                payload = offered_payload(queue_id, "not_offered", legs_of(plan, queue_id, queue.line, rung), count)
                ring_on = max([int((one.until - now).total_seconds()) for one in rung.values()], default=0)
                await self._record(call, payload | {"seconds": max(ring_on, 0)}, waits=before)
                return False
            return True
        finally:
            self.moving.discard(key)

    async def _call_back(self, plan: RoutingPlan, kept: KeptPlace, operator_id: str) -> None:
        """It is the turn of somebody who keeps a place: ring the operator, and then the number."""
        key, line = (plan.tenant_id, kept.place.call_id), plan.lines[kept.line]
        try:
            telephone = self.board.telephone(plan.tenant_id, line.number)
            if telephone is None:
                return
            ring = CallbackRing(
                plan.tenant_id, kept.callback_id, kept.place.call_id, line, plan.operators[operator_id], kept.number,
                by_queue=True,
            )  # fmt: skip
            await ring_for_callback(self.board, ring, telephone)
        except TelephoneFault as fault:
            log.warning("offers.not_called_back", callback=kept.callback_id, fault=fault.fault.value)
            self.left_alone[key] = self.board.clock() + _LEFT_ALONE
        finally:
            self.moving.discard(key)

    async def _record(self, call: OpenCall, payload: dict[str, object], *, waits: bool = False) -> None:
        now = self.board.clock()
        recorded = fact(
            call.tenant_id, call.call_id, FactKind.LEFT_QUEUE, now, payload | {"waits": waits}, "offer", new_id()
        )
        await self.board.record(recorded)

    def _reach(self, plan: RoutingPlan, call: OpenCall | None) -> Telephone | None:
        """What the call can be moved with; None where it cannot be moved now."""
        if call is None or call.queue is None or not call.queue.line or (call.tenant_id, call.call_id) in self.moving:
            return None
        if (call.tenant_id, call.call_id) in self.left_alone:
            return None
        line = plan.lines.get(call.queue.line)
        if line is None or (plan.tenant_id, line.provider) in self.board.telephones.means.reach.away:
            return None
        return self.board.telephone(plan.tenant_id, line.number)


def _rung(call: OpenCall) -> list[str]:
    return list(call.queue.offers) if call.queue is not None else []


def _together(plan: RoutingPlan, call: OpenCall, lost: Collection[str], made: list[str]) -> list[str]:
    """Who is rung for a call that loses some rings and is to get others, as far as they can be rung together."""
    names = [one for one in _rung(call) if one not in lost] + made
    if call.queue is None or call.queue.place is None:
        return names
    return [leg.operator_id for leg in legs_of(plan, call.queue.place.queue_id, call.queue.line, names)]


def _by_call(rings: Iterable[Ring]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for ring in rings:
        found.setdefault(ring.call_id, set()).add(ring.operator_id)
    return found


def _step_of(queue: InQueue, place: WaitingCall, names: Iterable[str], count: int, now: datetime) -> Step:
    waited = queue.waited + (int((now - queue.moved_at).total_seconds()) if queue.is_waiting else 0)
    return Step(
        StepKind.OFFERED, queue.line, int(place.since.timestamp()), place.queue_id, count, place.priority,
        queue.language, not_rung=",".join(sorted(queue.not_rung)), waited=max(waited, 0), rings=",".join(names),
    )  # fmt: skip
