"""What a fact changes in the call's record. Patches merge in any order to the same result.

What is known from the latest fact of a kind (the key pressed in a menu, the queue, the newest decision) is no patch:
:mod:`app.event_log.call_store` reads it from the event log."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.event_log.records import CallFact, FactKind
from routing.lifecycle import CallState, Outcome, advance, more_telling, state_for


@dataclass(frozen=True, slots=True)
class CallPatch:
    """None means "no news"."""

    tenant_id: str
    call_id: str
    seen: datetime
    state: CallState = CallState.RINGING
    outcome: Outcome | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None

    def merged_with(self, later: "CallPatch") -> "CallPatch":
        """Both patches as one. The furthest state, the most telling outcome and the first to answer stand."""
        first = min(
            (patch for patch in (self, later) if patch.answered_at is not None),
            key=lambda patch: (patch.answered_at, patch.answered_by),
            default=self,
        )
        return replace(
            self,
            seen=max(self.seen, later.seen),
            state=advance(self.state, later.state),
            outcome=more_telling(self.outcome, later.outcome),
            answered_by=first.answered_by,
            answered_at=first.answered_at,
            ended_at=min((at for at in (self.ended_at, later.ended_at) if at is not None), default=None),
        )

    def columns(self) -> tuple[object, ...]:
        """The values in the order of the UPDATE in :mod:`app.event_log.call_store`."""
        return (
            self.tenant_id, self.call_id, self.state.value, self.outcome.value if self.outcome else None,
            self.answered_by, self.answered_at, self.ended_at, self.seen,
        )  # fmt: skip


def patch_of(fact: CallFact) -> CallPatch:
    """What ``fact`` changes."""
    patch = CallPatch(fact.tenant_id, fact.call_id, fact.at)
    match fact.kind:
        case FactKind.ANSWERED:
            return replace(
                patch, state=CallState.ANSWERED, answered_by=fact.payload.get("operator_id"), answered_at=fact.at
            )
        case FactKind.ENDED:
            return replace(patch, state=CallState.ENDED, outcome=Outcome(fact.payload["outcome"]), ended_at=fact.at)
        case FactKind.STATUS:
            state, outcome = state_for(fact.payload["status"]) or (CallState.RINGING, None)
            return replace(patch, state=state, outcome=outcome)
        case _:
            return patch
