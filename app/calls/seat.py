"""Where somebody stands towards a call: what of it their panel shows, and whether it rings for them."""

from collections.abc import Set
from dataclasses import dataclass

from app.auth.principal import Principal
from app.auth.rights import can_block, can_judge
from app.calls.blocked_caller import Block
from app.calls.dossier import Dossier
from routing.lifecycle import CallState


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks at a panel. Without an ``operator_id`` they have no phone that could ring."""

    operator_id: str | None
    is_supervisor: bool
    may_block: bool
    actor: str = ""

    @classmethod
    def of(cls, who: Principal) -> "Viewer":
        """The person."""
        return cls(who.operator_id, can_judge(who.role), can_block(who), who.actor)


@dataclass(frozen=True, slots=True)
class Seat:
    """The same for all who stand alike, so that a hundred panels need a handful of drawings. ``sees_ringing`` and
    ``sees`` are whether the call's card is shown while it rings, and now; ``is_mine`` whether they are concerned by it;
    ``has_answered`` whether they took it, ``rings_here`` whether it is their telephone that rings, ``sees_block`` and
    ``may_unblock`` whether they are told of, and may take back, the block under which the caller is; ``has_phone`` whether
    they have a telephone at all."""

    sees_ringing: bool
    sees: bool
    is_mine: bool
    has_answered: bool
    is_supervisor: bool
    may_block: bool
    rings_here: bool = False
    sees_block: bool = False
    may_unblock: bool = False
    has_phone: bool = False


def seat_of(viewer: Viewer, dossier: Dossier, concerned: Set[str]) -> Seat:
    """Ringing calls are seen by those concerned and by whoever has no phone of their own; answered ones by whoever
    answered. Supervisors see all of them."""
    call, block = dossier.call, dossier.block
    is_mine = viewer.operator_id in concerned
    rings_here = viewer.operator_id in dossier.ringing.phones
    has_answered = viewer.operator_id is not None and viewer.operator_id == call.answered_by
    sees_ringing = is_mine or viewer.is_supervisor or viewer.operator_id is None
    if call.state == CallState.ANSWERED:
        sees = has_answered or viewer.is_supervisor or (call.answered_by is None and is_mine) or rings_here
    else:
        sees = sees_ringing
    return Seat(
        sees_ringing, sees, is_mine, has_answered, viewer.is_supervisor, viewer.may_block,
        rings_here=rings_here,
        sees_block=block is not None and block.is_told(judges=viewer.is_supervisor),
        has_phone=viewer.operator_id is not None,
        may_unblock=block is not None and block.is_own and may_unblock(viewer, block),
    )  # fmt: skip


def may_unblock(viewer: Viewer, block: Block) -> bool:
    """Whoever judges takes any block back, others what they blocked themselves."""
    return viewer.is_supervisor or (viewer.may_block and block.by == viewer.actor)
