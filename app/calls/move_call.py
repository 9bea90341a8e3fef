"""What an operator does with a running call: takes it, transfers it, ends it. Through the provider's REST API at once;
without that API when the call comes by the next time."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.answering.offering import is_engaged
from app.auth.principal import Principal
from app.auth.rights import can_judge
from app.base.errors import Conflict, NotAllowed, Unavailable, Unprocessable
from app.base.problems.calls import CallFault, NotDone, NotMovedThere
from app.calls.visible_call import visible_call
from app.edits.tell_panels import tell_panels
from app.event_log.open_calls import OpenCall
from app.event_log.read_decision import decision_of
from app.event_log.records import FactKind, fact
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.telephone.fault import Fault, TelephoneFault
from filters.caller import look_up
from filters.caller_id import CallerId, CallerKind
from filters.number import NumberUnreadable, read_number
from models import CallRecord
from models.base import new_id
from routing.actions import Action, Connect, FakeQueue, Menu, Queue, QueuePriority
from routing.lifecycle import CallState
from routing.move import RING_OUTSIDE_SECONDS, Move, MoveFault, MoveTo, fault_of_move
from routing.plan import RoutingPlan
from routing.step import Step, StepKind


class When(StrEnum):
    """``now``, or ``soon``: at the next tick of its queue, when telephones have rung in vain, or when its talk is over."""

    NOW = "now"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at a call: what is known of it at this moment."""

    board: Switchboard
    who: Principal
    call: CallRecord
    plan: RoutingPlan
    known: OpenCall
    now: datetime

    @property
    def talks(self) -> bool:
        """Whether it is their own talk."""
        return self.who.operator_id is not None and self.known.answered_by == self.who.operator_id

    def refuse_others(self) -> None:
        """Raises :class:`NotAllowed` for a call of somebody else's, unless a supervisor or a program asks."""
        if not (self.talks or can_judge(self.who.role)):
            raise NotAllowed(CallFault.NOT_YOUR_CALL)

    def step(self, kind: StepKind, move: Move, *, about: str = "", back: str = "") -> Step:
        """Where the call goes on for ``move``. Without a talk behind it a transferred call returns to nobody."""
        line, queue = self.plan.lines.get(self.call.line_number), self.known.queue
        decided = decision_of(self.call)
        language = decided.language or (line.language if line else self.plan.language)
        priority = max(_priority_of(decided.action), (queue.priority or 0) if queue is not None else 0)
        rounds = queue.count + 1 if queue is not None and queue.has_waited else 0
        not_rung = ",".join(sorted(queue.not_rung)) if queue is not None else ""
        return Step(
            kind, self.call.line_number, int(self.call.started_at.timestamp()), self.call.queue_id or "",
            rounds if kind is StepKind.MOVE else 0, priority, language, not_rung=not_rung, move=move.text, about=about,
            back=back,
        )  # fmt: skip


def _priority_of(action: Action | None) -> int:
    return action.priority if isinstance(action, Connect | Menu | Queue) else QueuePriority.ORDINARY


async def at_desk(board: Switchboard, who: Principal, call_id: str) -> Desk:
    """The running call that somebody acts on. Raises :class:`NotFound`, and :class:`Conflict` for one that is over or whose
    caller is blacklisted: that one comes nearer to nobody."""
    async with board.sessions() as session:
        call = await visible_call(session, who, call_id)
    plan, known, now = (
        board.live_plan.plan_of(who.tenant_id),
        board.open_calls.of_call(who.tenant_id, call_id),
        board.clock(),
    )
    if call.state == CallState.ENDED or known is None or plan is None:
        raise Conflict(CallFault.CALL_IS_OVER)
    return Desk(board, who, call, plan, known, now)


def refuse_blocked(desk: Desk) -> None:
    """Raises :class:`Conflict` for a caller whom the blacklist holds, or would hold now."""
    number = desk.call.caller_number or desk.call.caller_address
    kind = CallerKind.NUMBER if desk.call.caller_number else CallerKind(desk.call.caller_kind)
    caller = look_up(CallerId(kind, number), desk.plan.lists, desk.call.line_id or "", desk.now)
    if desk.plan.blocks(caller) or desk.call.action == FakeQueue.name:
        raise Conflict(CallFault.CALLER_IS_BLOCKED)


async def take_call(board: Switchboard, who: Principal, call_id: str) -> When:
    """The call rings at the telephone of ``who``. Raises :class:`Problem`."""
    desk = await at_desk(board, who, call_id)
    refuse_blocked(desk)
    if who.operator_id is None or who.operator_id not in desk.plan.operators:
        raise Unprocessable(CallFault.YOU_TAKE_NO_CALLS)
    if who.operator_id in desk.plan.beyond(desk.call.line_number):
        raise Unprocessable(NotMovedThere(MoveFault.BEYOND))
    if desk.talks:
        raise Conflict(CallFault.YOURS_ALREADY)
    if desk.known.answered_by is not None:
        desk.refuse_others()
    if is_engaged(desk.plan, board.open_calls, who.operator_id, desk.now, but=call_id):
        raise Conflict(CallFault.YOU_ARE_BUSY)
    return await _send(desk, Move(new_id(), MoveTo.OPERATOR, who.operator_id), FactKind.SEEN)


async def transfer_call(board: Switchboard, who: Principal, call_id: str, move: Move) -> When:
    """The call goes to an operator, a queue or an outside number; unanswered it comes back to whoever had it. Raises
    :class:`Problem`."""
    desk = await at_desk(board, who, call_id)
    refuse_blocked(desk)
    desk.refuse_others()
    return await _send(desk, refuse_destination(desk, move), FactKind.TRANSFERRED)


async def end_call(board: Switchboard, who: Principal, call_id: str) -> When:
    """The call ends. Raises :class:`Problem`."""
    desk = await at_desk(board, who, call_id)
    desk.refuse_others()
    move = Move(new_id(), MoveTo.NOWHERE)
    await _record(desk, move, FactKind.SEEN)
    telephone = board.telephone(who.tenant_id, desk.call.provider)
    if telephone is None:
        return When.SOON
    try:
        await telephone.hang_up(call_id)
    except TelephoneFault:
        return When.SOON
    return When.NOW


def refuse_destination(desk: Desk, move: Move) -> Move:
    """``move`` with its number in E.164. Raises :class:`Problem` for a destination that is none, and for one who is in
    another call."""
    if move.to is MoveTo.NUMBER:
        line = desk.plan.lines.get(desk.call.line_number)
        try:
            move = replace(move, target=read_number(move.target, line.country if line else "FR"))
        except NumberUnreadable:
            raise Unprocessable(NotMovedThere(MoveFault.NOT_RUNG), field="to") from None
    if (fault := fault_of_move(move, desk.plan, desk.call.line_number, desk.now)) is not None:
        raise Unprocessable(NotMovedThere(fault), field="to")
    if move.to is MoveTo.OPERATOR and is_engaged(desk.plan, desk.board.open_calls, move.target, desk.now):
        raise Conflict(CallFault.OPERATOR_IS_BUSY, field="to")
    return move


async def _send(desk: Desk, move: Move, kind: FactKind) -> When:
    await _record(desk, move, kind)
    telephone = desk.board.telephone(desk.who.tenant_id, desk.call.provider)
    if telephone is None:
        return When.SOON
    back = desk.known.answered_by if kind is FactKind.TRANSFERRED and desk.known.answered_by else ""
    try:
        await telephone.go_on_at(desk.call.call_id, desk.step(StepKind.MOVE, move, back=back or ""))
    except TelephoneFault:  # a call that is not answered yet, too, can only be moved when its telephones have rung
        return When.SOON
    return When.NOW


async def _record(desk: Desk, move: Move, kind: FactKind) -> None:
    payload: dict[str, object] = {"move": move.text, "by": desk.who.actor, "to": move.told}
    await desk.board.record(fact(desk.who.tenant_id, desk.call.call_id, kind, desk.now, payload, "move", move.id))


async def ask_first(board: Switchboard, who: Principal, call_id: str, move: Move) -> None:
    """Whoever talks speaks with somebody else first, while the caller waits. Raises :class:`Problem`."""
    desk = await at_desk(board, who, call_id)
    refuse_blocked(desk)
    known = desk.known
    if known.word is not None:
        raise Conflict(CallFault.SOMEBODY_IS_ASKED)
    if known.answered_by is None or not known.leg:
        raise Conflict(CallFault.NOBODY_TALKS)
    if not desk.talks:
        raise NotAllowed(CallFault.NOT_YOUR_CALL)
    if move.to is MoveTo.QUEUE:
        raise Unprocessable(CallFault.QUEUES_ARE_NOT_ASKED, field="to")
    move = refuse_destination(desk, move)
    telephone = board.telephone(who.tenant_id, desk.call.provider)
    if telephone is None:
        raise Conflict(CallFault.NO_REST_KEY)
    if not PROVIDERS[desk.call.provider].capabilities.queue_results:
        raise Unavailable(NotDone(Fault.NOT_POSSIBLE_THERE))
    rung = desk.plan.operators[move.target].leg if move.to is MoveTo.OPERATOR else None
    try:
        other = await telephone.ring(
            rung.address if rung else move.target,
            desk.call.line_number,
            desk.step(StepKind.WORD_ANSWER, move, about=call_id),
            rung.ring_seconds if rung else RING_OUTSIDE_SECONDS,
        )
        await _record_word(desk, move, {"word": move.text, "by": known.answered_by, "leg": known.leg, "other": other})
        try:
            await telephone.go_on_at(known.leg, desk.step(StepKind.WORD, move, about=call_id))
        except TelephoneFault:
            await _record_word(desk, move, {"word_over": move.id})
            await telephone.hang_up(other)
            raise
    except TelephoneFault as fault:
        raise Unavailable(NotDone(fault.fault)) from fault


async def end_word(board: Switchboard, who: Principal, call_id: str, *, join: bool) -> None:
    """The word has been spoken: leave the two to each other (``join``), or go back to the caller. Raises
    :class:`Problem`."""
    desk = await at_desk(board, who, call_id)
    word = desk.known.word
    if word is None:
        raise Conflict(CallFault.NOBODY_IS_ASKED)
    if word.by != who.operator_id and not can_judge(who.role):
        raise NotAllowed(CallFault.NOT_YOUR_CALL)
    telephone = board.telephone(who.tenant_id, desk.call.provider)
    if telephone is None:
        raise Conflict(CallFault.NO_REST_KEY)
    try:
        await telephone.hang_up(word.leg if join else word.other)
    except TelephoneFault as fault:
        raise Unavailable(NotDone(fault.fault)) from fault


async def _record_word(desk: Desk, move: Move, payload: dict[str, object]) -> None:
    """Also for the panels, which draw the call anew."""
    recorded = fact(desk.who.tenant_id, desk.call.call_id, FactKind.SEEN, desk.now, payload, *sorted(payload), move.id)
    await desk.board.record(recorded)
    await tell_panels(desk.board, [desk.call])
