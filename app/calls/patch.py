"""What a fact changes in the call's record. Patches merge in any order to the same result."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.calls.records import CallFact, FactKind
from routing.lifecycle import CallState, Outcome, advance, state_for


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
    menu_choice: str | None = None
    queue_id: str | None = None

    def merged_with(self, later: "CallPatch") -> "CallPatch":
        """Both patches as one. The furthest state wins; what is known first (an outcome, who answered) stays."""
        return replace(
            self,
            seen=max(self.seen, later.seen),
            state=advance(self.state, later.state),
            outcome=self.outcome or later.outcome,
            answered_by=self.answered_by or later.answered_by,
            answered_at=self.answered_at or later.answered_at,
            ended_at=self.ended_at or later.ended_at,
            menu_choice=later.menu_choice or self.menu_choice,
            queue_id=later.queue_id or self.queue_id,
        )

    def columns(self) -> tuple[Any, ...]:
        """The values in the order of the UPDATE in :mod:`app.calls.call_store`."""
        return (
            self.tenant_id, self.call_id, self.state.value, self.outcome.value if self.outcome else None,
            self.answered_by, self.answered_at, self.ended_at, self.menu_choice, self.queue_id, self.seen,
        )  # fmt: skip


def patch_of(fact: CallFact) -> CallPatch:
    """What ``fact`` changes."""
    patch = CallPatch(fact.tenant_id, fact.call_id, fact.at)
    match fact.kind:
        case FactKind.MENU:
            return replace(patch, menu_choice=fact.payload.get("choice"))
        case FactKind.QUEUED:
            return replace(patch, queue_id=fact.payload.get("queue_id"))
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
