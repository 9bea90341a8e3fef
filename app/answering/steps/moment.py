"""One request about a running call, with everything that its answer needs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.answering.render import Renderer
from app.audio import HOLD_MUSIC_SECONDS
from app.event_log.records import CallFact, FactKind, fact
from app.providers import twiml
from app.providers.twilio.payload import Webhook
from app.switchboard import Switchboard
from routing.call import IncomingCall
from routing.lifecycle import CallState, Outcome, state_for
from routing.plan import RoutingPlan
from routing.step import Step

SIGN_OF_LIFE_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Moment:
    """``call`` is the caller's, ``webhook`` what was just received, ``step`` where the call stands."""

    board: Switchboard
    tenant_id: str
    plan: RoutingPlan
    webhook: Webhook
    step: Step
    call: IncomingCall
    now: datetime
    render: Renderer

    async def record(self, kind: FactKind, payload: dict[str, object], *identity: object) -> None:
        """Record a fact about the call (the caller's leg, also when a callee's leg asks)."""
        call_id = self.webhook.parent_call_id or self.webhook.call_id
        await self.record_fact(fact(self.tenant_id, call_id, kind, self.now, dict(payload), *identity))

    async def record_fact(self, recorded: CallFact) -> None:
        """Record a fact and let this worker know it at once."""
        self.board.open_calls.apply(recorded)
        await self.board.journal.append(recorded)

    async def record_still_here(self) -> None:
        """Every five minutes of waiting leave a sign of life, so that the sweep does not take the call for lost."""
        waited = int(self.now.timestamp()) - self.step.began
        if waited % SIGN_OF_LIFE_SECONDS < HOLD_MUSIC_SECONDS:
            await self.record(FactKind.SEEN, {}, waited // SIGN_OF_LIFE_SECONDS)

    @property
    def as_of(self) -> datetime:
        """The moment that rules are asked about: now, except for a call from the phone booth."""
        return self.now + timedelta(seconds=self.step.shift) if self.step.shift else self.now

    @property
    def is_over(self) -> bool:
        """Whether the caller is gone, or has talked to somebody and that talk is over."""
        webhook = self.webhook
        reported = state_for(webhook.status)
        talked = webhook.dial_status in {"completed", "answered"} and webhook.dial_bridged
        return talked or (reported is not None and reported[0] is CallState.ENDED)

    async def end(self) -> str:
        """Record the end, and hang up in case the caller is still there."""
        _, outcome = state_for(self.webhook.status) or (None, None)
        await self.record(FactKind.ENDED, {"outcome": (outcome or Outcome.COMPLETED).value})
        return twiml.hang_up()
