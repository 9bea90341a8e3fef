"""The calls that go on now, as this worker knows them from the event log: who waits where, who is being rung, who talks.

It is a picture for ordering queues and for answering repeated webhooks, never the truth; it may be some milliseconds
behind the other workers."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from app.event_log.calls_back import CallsBack
from app.event_log.held_time import Held, HeldTime
from app.event_log.in_queue import LONG_AGO, RUNG_SIGNS, InQueue
from app.event_log.pin_attempts import PinAttempts
from app.event_log.recent_calls import RecentCalls
from app.event_log.records import ABOUT_NO_RUNNING_CALL, BOOTH, CALLBACK_KINDS, IN_VAIN, CallFact, FactKind
from app.event_log.sent import TELLS, Sent, Word
from routing.actions import Connect, FakeQueue, Menu, Queue, RingOut
from routing.call_queue import WaitingCall
from routing.fake_queue import HeldSoFar
from routing.move import Move

_REMEMBERED_ANSWERS: Final = 20_000
"""At most, and half as many at least."""
_REMEMBERED_ENDS: Final = 20_000
_PUT_THROUGH_KEPT: Final = 50
_FORGET_AFTER: Final = timedelta(hours=6)


_ALIVE: Final = timedelta(minutes=6)
"""Whoever waits or listens is heard of more often than that. A call that is not may have ended without a word, and nobody is
refused for the sake of one."""
_LOOKED_AT: Final = 50
_KEEPS_A_LINE: Final = frozenset(one.name for one in (Connect, Queue, FakeQueue, RingOut, Menu))
"""Actions that last; whoever gets another one hears a sentence, or nothing, and has gone."""


class _Caller(Struct):
    number: str | None = None


class _Line(Struct):
    number: str = ""


class _Call(Struct):
    provider: str
    caller: _Caller = msgspec.field(default_factory=_Caller)
    line: _Line = msgspec.field(default_factory=_Line)


class _Decided(Struct):
    action: str = ""


class _CameIn(Struct):
    """What is looked at in the record of a call that came in, and no more: there are many."""

    call: _Call
    decision: _Decided = msgspec.field(default_factory=_Decided)
    answer: msgspec.Raw = msgspec.Raw()


_CAME_IN: Final = msgspec.json.Decoder(_CameIn)


@dataclass(frozen=True, slots=True)
class Ringing:
    """What is done for a caller at this moment. ``phones`` are the operators whose phones ring, and since when;
    ``is_offered`` is whether a queue has operators rung for the call; ``waits_since`` is when it came to the queue in
    which it waits; ``asked`` is whom its operator asks first, before it is transferred: an operator's id or a number."""

    phones: dict[str, datetime] = field(default_factory=dict)
    is_offered: bool = False
    waits_since: datetime | None = None
    asked: str = ""


class Taken(NamedTuple):
    """An operator (id) has picked up at a moment."""

    operator_id: str
    at: datetime


class OpenCall(Struct, gc=False):
    """Of a busy hour there are many, and none refers to itself: the collector of garbage need not look at them.

    ``number`` is the caller's, if there is one and the call keeps a line; ``heard`` is when the call was last heard of.
    ``talks_since`` is when the present talk began. ``queue`` is where it stands in one, if it has been in one or somebody
    was rung for it. ``sent`` is where people have sent it, if they have, ``leg`` the call of the operator who has it, as
    far as it is known; ``taken`` are the calls of all who have picked up in the present ring, of whom the first who is still
    there has it. Before ``vain_until`` nobody has talked.
    A call from the phone booth (``booth``) neither waits in front of a real one nor keeps an operator
    from it. ``held`` is how it stands in the fake queue, ``line`` the number that was called; ``released`` and ``to_end``
    are what somebody wants of it who watches."""

    tenant_id: str
    call_id: str
    at: datetime
    heard: datetime
    number: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    talks_since: datetime | None = None
    booth: bool = False
    queue: InQueue | None = None
    queue_id: str | None = None
    line: str = ""
    held: Held | None = None
    released: bool = False
    to_end: bool = False
    leg: str = ""
    sent: Sent | None = None
    taken: dict[str, Taken] = msgspec.field(default_factory=dict)
    vain_until: datetime = LONG_AGO

    @property
    def talking(self) -> set[str]:
        """The operators (ids) whose own calls are in it, as far as is known."""
        over = self.sent.left_legs if self.sent is not None else frozenset()
        found = {one.operator_id for leg, one in self.taken.items() if leg not in over}
        if self.answered_by is not None and (not self.leg or self.leg not in over):
            found.add(self.answered_by)
        return found

    @property
    def move(self) -> Move | None:
        """Where somebody has sent the call that has not gone there yet."""
        return self.sent.move if self.sent is not None else None

    @property
    def word(self) -> Word | None:
        """Whom its operator asks first, before the call is transferred."""
        return self.sent.word if self.sent is not None else None

    @property
    def is_served(self) -> bool:
        """Whether it waits, somebody is rung for it or has taken it, or somebody has sent it elsewhere."""
        if self.answered_by is not None or self.move is not None or self.word is not None:
            return True
        return self.queue is not None and (self.queue.place is not None or bool(self.queue.offers or self.queue.rings))

    @property
    def waiting(self) -> WaitingCall | None:
        """Its place among the calls that wait for somebody to be rung."""
        return self.queue.place if self.queue is not None and self.queue.is_waiting else None


class Talk(NamedTuple):
    """The last call of an operator: when it ended, and the queue out of which it came."""

    ended: datetime
    queue_id: str | None


class Aside(NamedTuple):
    """Two who talk with each other about a caller who has gone, or gone elsewhere: the operators (ids, or a number), since
    when, and the call that we have placed for it."""

    people: tuple[str, str]
    since: datetime
    call_id: str


_NO_TALK: Final = Talk(LONG_AGO, None)


@dataclass(slots=True)
class OpenCalls:
    """Fed by :meth:`apply` with every fact, whoever recorded it, in any order and any number of times. ``moves`` counts
    whatever has changed for those who wait."""

    moves: int = 0
    held_time: HeldTime = field(default_factory=HeldTime)
    calls_back: CallsBack = field(default_factory=CallsBack)
    pin_attempts: PinAttempts = field(default_factory=PinAttempts)
    recent_calls: RecentCalls = field(default_factory=RecentCalls)
    _calls: dict[tuple[str, str], OpenCall] = field(default_factory=dict)
    _by_number: dict[tuple[str, str], dict[str, OpenCall]] = field(default_factory=dict)
    _held: dict[str, dict[str, OpenCall]] = field(default_factory=dict)
    _served: dict[str, dict[str, OpenCall]] = field(default_factory=dict)
    _put_through: dict[tuple[str, str, bool], deque[datetime]] = field(default_factory=dict)
    _talks: dict[tuple[str, bool], dict[str, Talk]] = field(default_factory=dict)
    _asides: dict[tuple[str, str], Aside] = field(default_factory=dict)
    _ended: OrderedDict[tuple[str, str], bool] = field(default_factory=OrderedDict)
    _answers: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _earlier_answers: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _copies: dict[bytes, bytes] = field(default_factory=dict)

    def apply(self, fact: CallFact) -> None:
        """Take note of ``fact``."""
        key = (fact.tenant_id, fact.call_id)
        came_in = _CAME_IN.decode(fact.payload_json) if fact.kind is FactKind.INCOMING else None
        if came_in is not None:
            self._remember_others(fact, came_in)
            if came_in.call.caller.number is not None and came_in.call.provider != BOOTH:
                self.recent_calls.note(fact.tenant_id, came_in.call.caller.number, fact.call_id, fact.at)
        if fact.kind is FactKind.PIN_WRONG:
            self.pin_attempts.apply(fact)
        if fact.kind is FactKind.ENDED:
            self._note_talk(key, fact.at)
            if (call := self._calls.get(key)) is not None and call.word is not None:
                self._note_aside(call, call.word, fact.at)
            self._asides.pop(key, None)
            self._drop(key, fact.at)
            self._ended[key] = True
            if len(self._ended) > _REMEMBERED_ENDS:
                self._ended.popitem(last=False)
        if fact.kind in CALLBACK_KINDS:
            self._call_back(fact)
        if key in self._ended or fact.kind in ABOUT_NO_RUNNING_CALL:
            return
        call = self._calls.get(key)
        if call is None:
            call = self._calls[key] = OpenCall(fact.tenant_id, fact.call_id, fact.at, fact.at)
        if fact.at > call.heard:
            call.heard = fact.at
        call.booth = call.booth or (came_in.call.provider == BOOTH if came_in else "booth" in fact.payload)
        match fact.kind:
            case FactKind.INCOMING if came_in is not None and not call.booth:
                caller, line = came_in.call.caller.number, came_in.call.line.number
                self._note(call, caller, line, came_in.decision.action, fact.at)
            case FactKind.TRANSFERRED:
                self._send(call, fact)
            case FactKind.QUEUED | FactKind.LEFT_QUEUE | FactKind.RINGING | FactKind.SEEN | FactKind.ANSWERED:
                self._serve(call, fact)
            case FactKind.REDECIDED:
                again = _CAME_IN.decode(fact.payload_json)
                call.line = call.line or again.call.line.number
                if again.decision.action != Queue.name:
                    self._leave_queue(call, fact.at)
                if again.call.provider != BOOTH:
                    self._hold(
                        call, fact.at, held=again.decision.action == FakeQueue.name, number=again.call.caller.number
                    )
            case FactKind.RELEASED:
                call.released = True
            case FactKind.HANG_UP:
                call.to_end = True
            case _:
                pass

    def came_in(
        self, tenant_id: str, call_id: str, number: str | None, action: str, now: datetime, line: str = ""
    ) -> None:
        """A real call to ``line`` was decided here: known at once, before its record has been round. ``action`` is the
        action's name."""
        key = tenant_id, call_id
        if number is not None:
            self.recent_calls.note(tenant_id, number, call_id, now)
        if key in self._ended:
            return
        call = self._calls.get(key)
        if call is None:
            call = self._calls[key] = OpenCall(tenant_id, call_id, now, now)
        self._note(call, number, line, action, now)

    def heard(self, tenant_id: str, call_id: str, now: datetime) -> None:
        """A call goes on."""
        if (call := self._calls.get((tenant_id, call_id))) is not None and now > call.heard:
            call.heard = now

    def others_of(self, tenant_id: str, number: str, call_id: str, now: datetime, at_most: int) -> int:
        """How many other calls of this number there are, as far as is known; counted up to ``at_most``."""
        calls = self._by_number.get((tenant_id, number))
        return 0 if calls is None else _count_others(calls, call_id, now, at_most)

    def others_held(self, tenant_id: str, call_id: str, now: datetime, at_most: int) -> int:
        """How many other calls are in the company's fake queue, as far as is known; counted up to ``at_most``."""
        calls = self._held.get(tenant_id)
        return 0 if not calls else _count_others(calls, call_id, now, at_most)

    def hold(self, tenant_id: str, call_id: str, now: datetime, *, held: bool) -> None:
        """A call is in the fake queue now, or no longer."""
        if (call := self._calls.get((tenant_id, call_id))) is not None and not call.booth:
            self._hold(call, now, held=held)

    def held_so_far(self, tenant_id: str, line: str, number: str | None, now: datetime) -> HeldSoFar:
        """What the company's fake queue has held this month, as far as is known: of this number, on this line, in all."""
        return self.held_time.so_far(tenant_id, line, number, now)

    def _hold(self, call: OpenCall, at: datetime, *, held: bool, number: str | None = None) -> None:
        if held:
            self._leave_queue(call, at)
        if held and call.held is None:
            call.held = Held(at, call.line, call.number or number)
            self._held.setdefault(call.tenant_id, {})[call.call_id] = call
            self.held_time.begin(call.tenant_id, call.held)
        elif not held and call.held is not None:
            self.held_time.end(call.tenant_id, call.held, at)
            call.held = None
            self._held[call.tenant_id].pop(call.call_id, None)

    def _note(self, call: OpenCall, number: str | None, line: str, action: str, at: datetime) -> None:
        call.line = call.line or line
        if action == FakeQueue.name:
            self._hold(call, at, held=True, number=number)
        if number is None or call.number is not None or action not in _KEEPS_A_LINE:
            return
        call.number = number
        self._by_number.setdefault((call.tenant_id, number), {})[call.call_id] = call

    def _serve(self, call: OpenCall, fact: CallFact) -> None:
        """A call waits, is offered to somebody, or is taken."""
        if fact.kind is FactKind.SEEN and IN_VAIN in fact.payload:
            self._talked_to_nobody(call, datetime.fromisoformat(fact.payload[IN_VAIN]), fact.at)
            return
        if fact.kind is FactKind.SEEN and RUNG_SIGNS.isdisjoint(fact.payload):
            if not TELLS.isdisjoint(fact.payload):
                self._send(call, fact)
            return
        if fact.kind is FactKind.ANSWERED and call.sent is not None and fact.at < call.sent.moved_at:
            return  # of a talk that is over
        if fact.kind is FactKind.ANSWERED and fact.at < call.vain_until:
            return  # of none
        if call.queue is None:
            call.queue = InQueue()
        if fact.kind is FactKind.QUEUED and call.talks_since is not None and fact.at > call.talks_since:
            self._end_talk(call, fact.at)
        call.queue.apply(fact)
        call.queue_id = call.queue.place.queue_id if call.queue.place is not None else call.queue_id
        if fact.kind is FactKind.ANSWERED:
            if call.answered_at is None and call.queue_id is not None:
                key = call.tenant_id, call.queue_id, call.booth
                self._put_through.setdefault(key, deque(maxlen=_PUT_THROUGH_KEPT)).append(fact.at)
            call.answered_at = call.answered_at or fact.at
            call.talks_since = max(fact.at, call.talks_since or fact.at)
            begun = {leg: one for leg, one in call.taken.items() if one.at >= call.queue.moved_at}
            call.taken = begun | {fact.payload.get("leg", ""): Taken(fact.payload["operator_id"], fact.at)}
            _name_who_talks(call)
            if call.sent is not None:
                call.sent.answered(fact.at)
        self._look_after(call)

    def _send(self, call: OpenCall, fact: CallFact) -> None:
        """Somebody sends a call elsewhere, or it has gone there: then the talk that it had is over."""
        if call.sent is None:
            call.sent = Sent()
        word = call.word
        if call.sent.apply(fact, call.leg):
            if word is not None and fact.payload["moved"] != word.move.id:
                self._note_aside(call, word, fact.at)
            if call.queue is None:
                call.queue = InQueue()
            self._end_talk(call, fact.at)
            call.queue.send(fact)
        elif call.answered_by is not None and call.answered_at is not None:
            call.sent.answered(call.answered_at)
        if "leg_over" in fact.payload and call.word is None and call.taken and not _name_who_talks(call):
            self._note_talk((call.tenant_id, call.call_id), fact.at)
        self._look_after(call)

    def _look_after(self, call: OpenCall) -> None:
        """A call that waits, rings or talks is among those that :meth:`served` goes through each time, and no other: calls
        of which no end was heard are many."""
        if call.is_served:
            self._served.setdefault(call.tenant_id, {})[call.call_id] = call
        else:
            self._served.get(call.tenant_id, {}).pop(call.call_id, None)
        self.moves += 1

    def _note_aside(self, call: OpenCall, word: Word, at: datetime) -> None:
        """The caller is no longer there for whom somebody was asked; the two may still talk."""
        key = call.tenant_id, word.other
        if key not in self._ended:
            self._asides[key] = Aside((word.by, word.move.target), at, word.other)

    def _end_talk(self, call: OpenCall, at: datetime) -> None:
        """The call goes on without whoever has talked."""
        if call.answered_by is not None and call.queue is not None:
            self._note_talk((call.tenant_id, call.call_id), at)
            call.queue.talked_until = at
        call.answered_by, call.talks_since, call.leg, call.taken = None, None, "", {}

    def _talked_to_nobody(self, call: OpenCall, since: datetime, until: datetime) -> None:
        """A ring was in vain, whatever the telephones have said."""
        call.vain_until = max(call.vain_until, until)
        if call.talks_since is not None and since <= call.talks_since <= until:
            call.answered_at = None if call.answered_at is not None and call.answered_at >= since else call.answered_at
            call.answered_by, call.talks_since, call.leg, call.taken = None, None, "", {}
        self._look_after(call)

    def _leave_queue(self, call: OpenCall, at: datetime) -> None:
        """A call that was decided anew, for the fake queue, say, must not keep a place in front of those who wait."""
        if call.queue is not None and call.queue.place is not None:
            call.queue.leave(at)
            self._look_after(call)

    def _note_talk(self, key: tuple[str, str], at: datetime) -> None:
        call = self._calls.get(key)
        if call is not None and call.answered_by is not None:
            talks = self._talks.setdefault((call.tenant_id, call.booth), {})
            if talks.get(call.answered_by, _NO_TALK).ended < at:
                talks[call.answered_by] = Talk(at, call.queue_id)

    def _call_back(self, fact: CallFact) -> None:
        if (over := self.calls_back.apply(fact)) is not None:
            self._talks.setdefault((fact.tenant_id, False), {})[over.operator_id] = Talk(fact.at, over.queue_id)
        self.moves += 1

    def _drop(self, key: tuple[str, str], at: datetime) -> None:
        if (call := self._calls.pop(key, None)) is None:
            return
        if call.queue is not None:
            self._served.get(call.tenant_id, {}).pop(call.call_id, None)
            self.moves += 1
        self._hold(call, at, held=False)
        if call.number is not None:
            of_number = call.tenant_id, call.number
            if (calls := self._by_number.get(of_number)) is not None:
                calls.pop(call.call_id, None)
                if not calls:
                    del self._by_number[of_number]

    def waiting_in(self, tenant_id: str, queue_id: str, *, booth: bool = False) -> list[WaitingCall]:
        """The calls that wait in a queue, in no particular order: real ones, or those from the booth."""
        return [
            call.waiting
            for call in self.served(tenant_id, booth=booth)
            if call.waiting is not None and call.waiting.queue_id == queue_id
        ]

    def places_in(self, tenant_id: str, queue_id: str, now: datetime, *, booth: bool = False) -> list[WaitingCall]:
        """Everybody whom a queue has not put through yet, in no particular order: those who wait, for whom somebody is rung,
        and who keep a place to be called back."""
        places = [call.queue.place for call in self.served(tenant_id, booth=booth) if call.queue is not None]
        kept = [] if booth else [one.place for one in self.calls_back.places(tenant_id, now)]
        return [one for one in (*places, *kept) if one is not None and one.queue_id == queue_id]

    def before(self, tenant_id: str, call_id: str, at: datetime, queue_id: str, *, booth: bool = False) -> int:
        """How many calls had come to a queue when this one came ``at`` that moment, and are served there still."""
        return sum(
            1
            for call in self.served(tenant_id, booth=booth)
            if call.call_id != call_id
            and call.queue is not None
            and call.queue.place is not None
            and call.queue.place.queue_id == queue_id
            and (call.queue.came_at, call.call_id) < (at, call_id)
        )

    def served(self, tenant_id: str, *, booth: bool = False) -> list[OpenCall]:
        """The calls that wait, for which somebody is rung, or which somebody has taken."""
        return [call for call in self._served.get(tenant_id, {}).values() if call.booth is booth]

    def tenants_with_callers(self) -> list[str]:
        """The companies whose callers wait, are offered to somebody, or talk."""
        return [tenant_id for tenant_id, calls in self._served.items() if calls]

    def last_talks(self, tenant_id: str, *, booth: bool = False) -> Mapping[str, Talk]:
        """The last talk of every operator (id) that has ended not long ago."""
        return self._talks.get((tenant_id, booth), {})

    def asides(self, tenant_id: str) -> list[Aside]:
        """Those who talk with each other without a caller."""
        return [one for (tenant, _), one in self._asides.items() if tenant == tenant_id] if self._asides else []

    def put_through(self, tenant_id: str, queue_id: str, *, booth: bool = False) -> Sequence[datetime]:
        """When callers of a queue were put through lately, as far as this worker has heard."""
        return [*self._put_through.get((tenant_id, queue_id, booth), ())]

    def of_call(self, tenant_id: str, call_id: str) -> OpenCall | None:
        """What is known of a call that has not ended."""
        return self._calls.get((tenant_id, call_id))

    def is_over(self, tenant_id: str, call_id: str) -> bool:
        """Whether the end of a call is known."""
        return (tenant_id, call_id) in self._ended

    def is_answered(self, tenant_id: str, call_id: str) -> bool:
        """Whether somebody has taken this call, as far as is known."""
        call = self._calls.get((tenant_id, call_id))
        return call is not None and call.answered_by is not None

    def ringing(self, tenant_id: str, call_id: str) -> Ringing:
        """What is done for a caller now, as far as is known."""
        call = self._calls.get((tenant_id, call_id))
        if call is None or call.answered_by is not None or call.queue is None:
            return Ringing(asked=call.word.move.target) if call is not None and call.word is not None else Ringing()
        return Ringing(call.queue.rings, call.queue.is_offered, call.waiting.since if call.waiting else None)

    def answer_to(self, tenant_id: str, call_id: str) -> bytes | None:
        """What this call was answered, if it was: the stored answer's JSON."""
        key = tenant_id, call_id
        return self._answers.get(key) or self._earlier_answers.get(key)

    def remember_answer(self, tenant_id: str, call_id: str, answer: bytes) -> None:
        """A repeated report gets the first answer again."""
        if (key := (tenant_id, call_id)) in self._answers or key in self._earlier_answers:
            return
        # What other workers answered comes as a copy each time, and is the same for most callers.
        self._answers[key] = self._copies.setdefault(answer, answer)
        if len(self._answers) >= _REMEMBERED_ANSWERS // 2:  # forgetting one with each call would cost that call more
            self._earlier_answers, self._answers, self._copies = self._answers, {}, {}

    def _remember_others(self, fact: CallFact, came_in: _CameIn) -> None:
        # Records of the version before hold the provider's document in place of the answer: such a call, should it be
        # reported again, is decided again.
        if answer := bytes(came_in.answer):
            self.remember_answer(fact.tenant_id, fact.call_id, answer)

    def forget_old(self, now: datetime) -> None:
        """Drop calls whose end was never heard of; the sweep closes them in the log."""
        self.calls_back.forget_old(now)
        for aside, one in list(self._asides.items()):
            if one.since < now - _FORGET_AFTER:
                del self._asides[aside]
        for key in _older(self._calls.items(), now - _FORGET_AFTER):
            self._drop(key, self._calls[key].heard)


def _name_who_talks(call: OpenCall) -> bool:
    """Of several who have picked up it is the first who has not hung up: the others were too late. Whether anybody is still
    there; whoever was the last to be there stays named."""
    over = call.sent.left_legs if call.sent is not None else frozenset()
    there = {leg: one for leg, one in call.taken.items() if leg not in over}
    if not there and call.answered_by is not None:
        return False
    leg, first = min((there or call.taken).items(), key=lambda one: (one[1].at, one[0]))
    call.answered_by, call.leg = first.operator_id, leg or call.leg
    return bool(there)


def _count_others(calls: dict[str, OpenCall], call_id: str, now: datetime, at_most: int) -> int:
    # The newest first, and not all: a number may have thousands of calls (a VIP's is never refused), and nearly all that
    # have ended without a word are old.
    found = 0
    for one in islice(reversed(calls.values()), at_most + _LOOKED_AT):
        found += one.call_id != call_id and _is_alive(one, now)
        if found >= at_most:
            break
    return found


def _is_alive(call: OpenCall, now: datetime) -> bool:
    return abs(now - call.heard) < _ALIVE  # the clock may have been put back


def _older(calls: Iterable[tuple[tuple[str, str], OpenCall]], limit: datetime) -> list[tuple[str, str]]:
    return [key for key, call in calls if call.at < limit]
