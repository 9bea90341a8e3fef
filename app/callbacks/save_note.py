"""Noting what was said in a call, its outcome, how satisfied the caller was and when they are to be called."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.rights import can_judge
from app.auth.tenant import tenant_of
from app.base.errors import Conflict, NotAllowed, Unprocessable
from app.base.problems.calls import CallFault
from app.base.text import refuse_unstorable
from app.callbacks.derive_callbacks import DUE_AFTER
from app.callbacks.edit_callback import (
    close_callback,
    open_one,
    promise_callback,
    refuse_far_dates,
    tell_callbacks,
)
from app.calls.call_notes import NotedOutcome, note_call, notes_of
from app.calls.pieces import piece_of
from app.calls.visible_call import visible_call
from app.edits.tell_panels import tell_panels
from app.event_log.records import FactKind
from app.matters.complaints import complain
from app.switchboard import Switchboard
from models import Callback, CallRecord
from models.callback import CallbackReason, CallbackState
from routing.lifecycle import CallState


@dataclass(frozen=True, slots=True)
class Noted:
    """What somebody notes about a call; what is None stays as it was. ``next_contact_at`` is when the caller is to be
    called. ``satisfaction`` is from 1 to :data:`app.calls.call_notes.MOST_SATISFIED`; 0 takes it back."""

    outcome: NotedOutcome | None = None
    text: str | None = None
    next_contact_at: datetime | None = None
    satisfaction: int | None = None

    def fields(self) -> dict[str, object]:
        """The columns of :class:`models.CallNote` that change."""
        changed: dict[str, object] = {}
        if self.outcome is not None:
            changed["outcome"] = self.outcome.value
        if self.text is not None:
            changed["note"] = self.text.strip()
        if self.satisfaction is not None:
            changed["satisfaction"] = self.satisfaction or None
        return changed


async def save_note(board: Switchboard, who: Principal, call_id: str, noted: Noted) -> None:
    """May be repeated; the last word counts. Without an ``outcome`` the rest is saved also while the call goes on: by
    whoever it concerns, and by supervisors. The outcome is for whoever took the call, and for supervisors. A caller who was
    not satisfied opens a complaint, and a mark that was a slip takes it back (:mod:`app.matters.complaints`); a mark that
    the caller has keyed in stays. Raises :class:`Problem`."""
    refuse_unstorable(noted.text or "", "note")
    if noted.next_contact_at is not None and noted.next_contact_at <= board.clock():
        raise Unprocessable(CallFault.NEXT_CONTACT_IS_PAST, field="next_contact_at")
    refuse_far_dates(noted.next_contact_at, board.clock(), "next_contact_at")
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    async with board.sessions() as session, session.begin():
        call = await visible_call(session, who, call_id)
        if noted.outcome or call.state == CallState.ENDED or not piece.seat.is_mine:
            _refuse_others(who, call, noted.outcome)
        if noted.satisfaction is not None and await _has_given_a_mark(session, call):
            noted = replace(noted, satisfaction=None)
        await note_call(session, call, noted_by=who.actor, noted_at=board.clock(), **noted.fields())
        changed = await _follow(session, call, who, noted, board.clock())
        if noted.satisfaction is not None:
            await complain(session, call, piece.card.client, noted.satisfaction or None, who.actor, board.clock())
    await tell_panels(board, [call])
    await tell_callbacks(board, *changed)


async def _follow(
    session: AsyncSession, call: CallRecord, who: Principal, noted: Noted, now: datetime
) -> tuple[FactKind, list[Callback]]:
    """A promised call is to be made, when it was promised for; any other outcome of this call says that nothing is left to
    be done about it."""
    due = noted.next_contact_at
    if due is not None and call.caller_number is None:
        raise Unprocessable(CallFault.NO_NUMBER_TO_CALL_BACK, field="next_contact_at")
    if due is not None or noted.outcome == NotedOutcome.CALL_BACK:
        promised = await promise_callback(session, call, who.actor, who.operator_id, due or now + DUE_AFTER, now)
        if promised is not None and due is not None and promised.reason == CallbackReason.PROMISED:
            promised.due_at = due
        return FactKind.CALLBACK_OPENED, [promised] if promised is not None else []
    if noted.outcome and call.caller_number is not None:
        there = await open_one(session, call.tenant_id, call.caller_number)
        if there is not None and there.call_id == call.call_id:
            close_callback(there, CallbackState.DONE, who.actor, now)
            return FactKind.CALLBACK_DONE, [there]
    return FactKind.CALLBACK_CHANGED, []


async def _has_given_a_mark(session: AsyncSession, call: CallRecord) -> bool:
    note = (await notes_of(session, call.tenant_id, [call.call_id])).get(call.call_id)
    return note is not None and note.rated_at is not None


def _refuse_others(who: Principal, call: CallRecord, outcome: NotedOutcome | None) -> None:
    if outcome and call.state != CallState.ENDED:
        raise Conflict(CallFault.STILL_GOES_ON)
    took_it = who.operator_id is not None and who.operator_id == call.answered_by
    if not took_it and not can_judge(who.role):
        raise NotAllowed(CallFault.OUTCOME_OF_SOMEBODY_ELSE)
