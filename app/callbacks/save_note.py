"""Noting what was said in a call, and its outcome."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.rights import can_judge
from app.auth.tenant import tenant_of
from app.base.errors import Conflict, NotAllowed
from app.base.problems.calls import CallFault
from app.base.text import refuse_unstorable
from app.callbacks.derive_callbacks import DUE_AFTER
from app.callbacks.edit_callback import close_callback, open_one, promise_callback, tell_callbacks
from app.calls.call_notes import NotedOutcome, note_call
from app.calls.pieces import piece_of
from app.calls.visible_call import visible_call
from app.edits.tell_panels import tell_panels
from app.event_log.records import FactKind
from app.switchboard import Switchboard
from models import Callback, CallRecord
from models.callback import CallbackState
from routing.lifecycle import CallState


async def save_note(board: Switchboard, who: Principal, call_id: str, outcome: NotedOutcome | None, note: str) -> None:
    """May be repeated; the last word counts. Without an ``outcome`` the note alone is saved, also while the call goes on: by
    whoever it concerns, and by supervisors. The outcome is for whoever took the call, and for supervisors. Raises
    :class:`Problem`."""
    refuse_unstorable(note, "note")
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    async with board.sessions() as session, session.begin():
        call = await visible_call(session, who, call_id)
        if outcome or call.state == CallState.ENDED or not piece.seat.is_mine:
            _refuse_others(who, call, outcome)
        noted = {"outcome": outcome.value} if outcome else {}
        await note_call(session, call, note=note.strip(), noted_by=who.actor, noted_at=board.clock(), **noted)
        changed = await _follow_outcome(session, call, who, outcome, board.clock())
    await tell_panels(board, [call])
    await tell_callbacks(board, *changed)


async def _follow_outcome(
    session: AsyncSession, call: CallRecord, who: Principal, outcome: NotedOutcome | None, now: datetime
) -> tuple[FactKind, list[Callback]]:
    """A promised call is to be made; any other outcome of this call says that nothing is left to be done about it."""
    if outcome == NotedOutcome.CALL_BACK:
        promised = await promise_callback(session, call, who.actor, who.operator_id, now + DUE_AFTER, now)
        return FactKind.CALLBACK_OPENED, [promised] if promised is not None else []
    if outcome and call.caller_number is not None:
        there = await open_one(session, call.tenant_id, call.caller_number)
        if there is not None and there.call_id == call.call_id:
            close_callback(there, CallbackState.DONE, who.actor, now)
            return FactKind.CALLBACK_DONE, [there]
    return FactKind.CALLBACK_CHANGED, []


def _refuse_others(who: Principal, call: CallRecord, outcome: NotedOutcome | None) -> None:
    if outcome and call.state != CallState.ENDED:
        raise Conflict(CallFault.STILL_GOES_ON)
    took_it = who.operator_id is not None and who.operator_id == call.answered_by
    if not took_it and not can_judge(who.role):
        raise NotAllowed(CallFault.OUTCOME_OF_SOMEBODY_ELSE)
