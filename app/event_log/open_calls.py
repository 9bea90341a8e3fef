"""The calls that go on now, as this worker knows them from the event log: who waits where, who is being rung, who talks.

It is a picture for ordering queues and for answering repeated webhooks, never the truth; it may be some milliseconds
behind the other workers."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct

from app.event_log.records import BOOTH, CallFact, FactKind
from routing.call_queue import WaitingCall

_REMEMBERED_ANSWERS: Final = 20_000
"""At most, and half as many at least."""
_REMEMBERED_ENDS: Final = 20_000
_FORGET_AFTER: Final = timedelta(hours=6)


class _Call(Struct):
    provider: str


class _CameIn(Struct):
    """What is looked at in the record of a call that came in, and no more: there are many."""

    call: _Call
    answer: msgspec.Raw = msgspec.Raw()


_CAME_IN: Final = msgspec.json.Decoder(_CameIn)


@dataclass(frozen=True, slots=True)
class Ringing:
    """What is done for a caller at this moment. ``phones`` are the operators whose phones ring, and since when;
    ``is_offered`` is whether a queue has operators rung for the call; ``waits_since`` is when it came to the queue in
    which it waits."""

    phones: dict[str, datetime] = field(default_factory=dict)
    is_offered: bool = False
    waits_since: datetime | None = None


@dataclass(slots=True)
class OpenCall:
    """``offered`` is the queue whose operators are being rung for this call; ``rings`` are the operators whose phones began
    to ring since it was last put back to wait, and when. A call from the phone booth (``booth``) neither waits in front of a
    real one nor keeps an operator from it."""

    tenant_id: str
    call_id: str
    at: datetime
    waiting: WaitingCall | None = None
    offered: str | None = None
    answered_by: str | None = None
    booth: bool = False
    rings: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class OpenCalls:
    """Fed by :meth:`apply` with every fact, whoever recorded it, in any order and any number of times."""

    _calls: dict[tuple[str, str], OpenCall] = field(default_factory=dict)
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
        if fact.kind is FactKind.ENDED:
            self._calls.pop(key, None)
            self._ended[key] = True
            if len(self._ended) > _REMEMBERED_ENDS:
                self._ended.popitem(last=False)
        if key in self._ended or fact.kind is FactKind.NOTED:
            return
        call = self._calls.setdefault(key, OpenCall(fact.tenant_id, fact.call_id, fact.at))
        call.booth = call.booth or (came_in.call.provider == BOOTH if came_in else "booth" in fact.payload)
        match fact.kind:
            case FactKind.QUEUED:
                since = call.waiting.since if call.waiting else datetime.fromisoformat(fact.payload["since"])
                queue_id, priority = fact.payload["queue_id"], fact.payload["priority"]
                call.waiting, call.offered = WaitingCall(fact.call_id, queue_id, priority, since), None
                call.rings = {}
            case FactKind.LEFT_QUEUE:
                call.offered = fact.payload["queue_id"] if fact.payload["result"] == "leave" else None
                call.waiting = None
            case FactKind.RINGING:
                call.rings = call.rings | {fact.payload["operator_id"]: fact.at}
            case FactKind.ANSWERED:
                call.answered_by, call.waiting, call.offered = fact.payload["operator_id"], None, None
            case _:
                pass

    def waiting_in(self, tenant_id: str, queue_id: str, *, booth: bool = False) -> list[WaitingCall]:
        """The calls that wait in a queue, in no particular order: real ones, or those from the booth."""
        return [
            call.waiting
            for call in self._calls.values()
            if call.tenant_id == tenant_id
            and call.booth is booth
            and call.waiting is not None
            and call.waiting.queue_id == queue_id
        ]

    def offered_from(self, tenant_id: str, queue_id: str, *, booth: bool = False) -> int:
        """How many calls of a queue ring operators right now."""
        calls = self._calls.values()
        return sum(call.tenant_id == tenant_id and call.offered == queue_id and call.booth is booth for call in calls)

    def busy_operators(self, tenant_id: str, *, booth: bool = False) -> set[str]:
        """The operators who are in a call."""
        calls = [call for call in self._calls.values() if call.tenant_id == tenant_id and call.booth is booth]
        return {call.answered_by for call in calls if call.answered_by}

    def is_answered(self, tenant_id: str, call_id: str) -> bool:
        """Whether somebody has taken this call, as far as is known."""
        call = self._calls.get((tenant_id, call_id))
        return call is not None and call.answered_by is not None

    def rings(self, tenant_id: str, call_id: str) -> dict[str, datetime]:
        """The operators whose phones ring for a call, as far as is known, and since when."""
        call = self._calls.get((tenant_id, call_id))
        return call.rings if call is not None and call.answered_by is None else {}

    def ringing(self, tenant_id: str, call_id: str) -> Ringing:
        """What is done for a caller now, as far as is known."""
        call = self._calls.get((tenant_id, call_id))
        if call is None or call.answered_by is not None:
            return Ringing()
        return Ringing(call.rings, call.offered is not None, call.waiting.since if call.waiting else None)

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
        for key in _older(self._calls.items(), now - _FORGET_AFTER):
            del self._calls[key]


def _older(calls: Iterable[tuple[tuple[str, str], OpenCall]], limit: datetime) -> list[tuple[str, str]]:
    return [key for key, call in calls if call.at < limit]
