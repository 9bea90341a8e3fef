"""One request about a running call, with everything that its answer needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.answering.answers import Answer, HangUp
from app.answering.build_answers import AnswerBuilder
from app.answering.report import CallReport
from app.audio import HOLD_MUSIC_SECONDS
from app.event_log.open_calls import OpenCall
from app.event_log.records import IN_VAIN, FactKind, fact
from app.switchboard import Switchboard
from routing.actions import Leg
from routing.call import IncomingCall
from routing.lifecycle import CallState, Outcome, state_for
from routing.move import Move, read_move
from routing.plan import RoutingPlan
from routing.step import Chain, Step, StepKind

SIGN_OF_LIFE_SECONDS: Final = 300
_PICKED_UP: Final = frozenset({"completed", "answered"})


@dataclass(frozen=True, slots=True)
class Moment:
    """``call`` is the caller's, ``report`` what was just received, ``step`` where the call stands."""

    board: Switchboard
    tenant_id: str
    plan: RoutingPlan
    report: CallReport
    step: Step
    call: IncomingCall
    now: datetime
    build: AnswerBuilder

    async def record_about(self, kind: FactKind, payload: dict[str, object], *identity: object) -> None:
        """Record a fact about the call that the step is about, which is another one than asks."""
        await self.board.record(fact(self.tenant_id, self.step.about, kind, self.now, dict(payload), *identity))

    async def record(self, kind: FactKind, payload: dict[str, object], *identity: object) -> None:
        """Record a fact about the call (the caller's leg, also when a callee's leg asks)."""
        call_id = self.report.parent_call_id or self.report.call_id
        await self.board.record(fact(self.tenant_id, call_id, kind, self.now, dict(payload), *identity))

    async def record_still_here(self) -> None:
        """Every five minutes of waiting leave a sign of life, so that the sweep does not take the call for lost."""
        waited = int(self.now.timestamp()) - self.step.began
        if waited % SIGN_OF_LIFE_SECONDS < HOLD_MUSIC_SECONDS:
            await self.record(FactKind.SEEN, {}, waited // SIGN_OF_LIFE_SECONDS)

    async def record_in_vain(self) -> None:
        """A ring is over in which nobody has talked to the caller, although somebody is said to have picked up."""
        known, step = self.known, self.step
        if known is None or known.queue is None:
            return
        since = known.queue.moved_at
        is_said = known.talks_since is not None and known.talks_since >= since
        if is_said or (self.report.connected is False and self.report.ring_result in _PICKED_UP):
            identity = step.kind.value, step.target, step.count, step.move
            await self.record(FactKind.SEEN, {IN_VAIN: since.isoformat()}, IN_VAIN, *identity)

    async def record_waits_after_all(self) -> None:
        """The call is in the provider's queue, and somebody is said to have taken it there, where nobody was rung."""
        if (known := self.known) is not None and known.queue is not None:
            since = known.queue.moved_at.isoformat()
            await self.record(FactKind.SEEN, {IN_VAIN: since}, IN_VAIN, since)

    @property
    def is_doubted(self) -> bool:
        """Whether the call is said to have been taken while nobody was rung for it."""
        known = self.known
        return known is not None and known.word is None and known.queue is not None and known.queue.doubted

    @property
    def as_of(self) -> datetime:
        """The moment that rules are asked about: now, except for a call from the phone booth."""
        return self.now + timedelta(seconds=self.step.shift) if self.step.shift else self.now

    @property
    def caller_has_gone(self) -> bool:
        """Whether the call itself has ended."""
        reported = state_for(self.report.status)
        return reported is not None and reported[0] is CallState.ENDED

    @property
    def known(self) -> OpenCall | None:
        """What is known of the caller's call."""
        call_id = self.step.about or self.report.parent_call_id or self.report.call_id
        return self.board.open_calls.of_call(self.tenant_id, call_id)

    async def record_moved(self, move: Move, *, offered_to: Sequence[str] = (), seconds: int = 0) -> None:
        """The call was sent where somebody wanted it; ``offered_to`` are the operators who are rung for it now."""
        payload: dict[str, object] = {"moved": move.id, "offered_to": [*offered_to], "seconds": seconds}
        await self.record(FactKind.SEEN, payload, "moved", move.id)

    @property
    def call_began(self) -> datetime:
        """The moment by which the call was decided: who is rung in turn must not change while it is being done."""
        return datetime.fromtimestamp(self.step.began, UTC) + timedelta(seconds=self.step.shift)

    @property
    def came_at(self) -> datetime:
        """When the call came in, as exactly as is known. A step holds whole seconds, and two callers of the same second keep
        the order in which they came."""
        began, known = datetime.fromtimestamp(self.step.began, UTC), self.known
        return known.at if known is not None and began <= known.at < began + timedelta(seconds=1) else began

    @property
    def chain(self) -> tuple[Leg, ...]:
        """Who is rung one after the other where the step says so."""
        match self.step.chain:
            case Chain.VIP:
                return self.plan.vip_chain(self.call.not_rung, self.call_began)
            case Chain.URGENT:
                return self.plan.urgent_chain(self.call.not_rung, self.call_began)
            case Chain.DESK:
                return self.plan.desk_of(self.step.target, self.call.not_rung)
            case Chain.ONE | Chain.NONE:
                return ()

    @property
    def is_over(self) -> bool:
        """Whether the caller is gone, or has talked to somebody and that talk is over."""
        talked = self.report.ring_result in _PICKED_UP and self._were_connected
        return talked or self.caller_has_gone

    @property
    def _were_connected(self) -> bool:
        """Whether caller and callee have talked. A provider that does not say reports a voicemail that was to press a key
        like a talk; what counts then is whether the key was pressed."""
        if self.report.connected is not None:
            return self.report.connected
        if not any(leg.confirm for leg in self._rung):
            return True
        return self.board.open_calls.is_answered(self.tenant_id, self.report.call_id)

    @property
    def _rung(self) -> list[Leg]:
        """Who was rung for this step, as far as the plan still says."""
        match self.step.kind:
            case StepKind.LEG_DONE if self.step.chain is not Chain.ONE:
                return [*self.chain[self.step.count : self.step.count + 1]]
            case StepKind.MOVE_DONE:
                move = read_move(self.step.move)
                rung = self.plan.operators.get(move.target) if move else None
                return [rung.leg] if rung else []
            case StepKind.OPERATOR_DONE:
                return [one.leg for one in self.plan.operators_of(self.step.target, self.call.not_rung)]
            case _:  # somebody whom a menu names
                return [one.leg for one in self.plan.operators.values()]

    async def end(self) -> Answer:
        """Record the end, and hang up in case the caller is still there."""
        _, outcome = state_for(self.report.status) or (None, None)
        await self.record(FactKind.ENDED, {"outcome": (outcome or Outcome.COMPLETED).value})
        return HangUp()
