"""Where one call stands in a queue, folded from its facts: its place, which it keeps while somebody is rung for it, and who
was rung."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from app.event_log.records import CallFact, FactKind
from routing.call_queue import WaitingCall

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
MOVED: Final = "redirected"
"""How a provider says that a call has left its queue because somebody moved it (twilio.com/docs/voice/twiml/enqueue)."""

_KEEPS_ITS_PLACE: Final = frozenset({"offered", "not_offered"})
"""Results of ours: a call is offered to somebody, or to nobody any more and goes back into its queue."""


RUNG_SIGNS: Final = frozenset({"declined_by", "rung"})
"""What signs of life tell of people who are rung."""


_CLOCKS_DIFFER: Final = timedelta(minutes=1)


class Offer(NamedTuple):
    """An operator is rung for the call ``since`` then, and at most ``until`` then."""

    since: datetime
    until: datetime

    def holds(self, now: datetime) -> bool:
        """Whether they are still rung. What began long after ``now`` was said by a clock that has been put back since."""
        return self.since - _CLOCKS_DIFFER <= now < self.until


@dataclass(slots=True)
class InQueue:
    """``place`` is where the call waits, or waited before it was offered to somebody; ``is_waiting`` whether it is in the
    provider's queue, since ``moved_at``; ``came_at`` is when it first came to this queue. ``offers`` are the operators
    (ids) who are rung for it, out of the queue or in turn before it, ``rings`` those whose phones have begun to ring since
    it was last put back to wait. ``declined`` and ``missed`` have the last time of each. ``not_rung`` must not be rung for
    it.
    ``line`` (its number), ``language``, ``priority``, ``count`` and ``waited`` are the call's, as of
    :class:`routing.step.Step`, as it last waited. ``talked_until`` is when it was last taken out of a talk.
    ``doubted``: somebody is said to have taken it who was not rung for it at that moment, as far as is known. Perhaps that
    is late word of a ring that was in vain; if the call is heard of in the provider's queue again, it was."""

    place: WaitingCall | None = None
    is_waiting: bool = False
    moved_at: datetime = LONG_AGO
    came_at: datetime = LONG_AGO
    offers: dict[str, Offer] = field(default_factory=dict)
    rings: dict[str, datetime] = field(default_factory=dict)
    declined: dict[str, datetime] = field(default_factory=dict)
    missed: dict[str, datetime] = field(default_factory=dict)
    not_rung: frozenset[str] = frozenset()
    line: str = ""
    language: str = ""
    priority: int | None = None
    count: int = 0
    waited: int = 0
    talked_until: datetime | None = None
    doubted: bool = False
    _known: set[str] = field(default_factory=set)

    @property
    def has_waited(self) -> bool:
        """Whether the call has ever come to a queue."""
        return self.came_at > LONG_AGO

    @property
    def is_offered(self) -> bool:
        """Whether operators are rung for the call out of a queue."""
        return self.place is not None and bool(self.offers)

    def apply(self, fact: CallFact) -> None:
        """Take note of a fact. A fact that comes again, or after a later one, must not put the call back to where it was:
        every worker hears of its own facts twice."""
        if fact.event_id in self._known:
            return
        self._known.add(fact.event_id)
        match fact.kind:
            case FactKind.QUEUED if fact.at >= self.moved_at:
                self._wait(fact)
            case FactKind.LEFT_QUEUE if fact.at >= self.moved_at:
                self._leave(fact)
            case FactKind.RINGING:
                self.rings = self.rings | {fact.payload["operator_id"]: fact.at}
            case FactKind.SEEN if declined_by := fact.payload.get("declined_by"):
                self.declined = self.declined | {declined_by: fact.at}
                self.offers = {name: offer for name, offer in self.offers.items() if name != declined_by}
            case FactKind.SEEN if "rung" in fact.payload and fact.at >= self.moved_at:
                until = fact.at + timedelta(seconds=fact.payload["seconds"])
                self.moved_at, self.offers = fact.at, dict.fromkeys(fact.payload["rung"], Offer(fact.at, until))
            case FactKind.ANSWERED:
                self.doubted = self.is_waiting and fact.payload["operator_id"] not in self.offers
                self.place, self.is_waiting, self.offers = None, False, {}
            case _:
                pass

    def send(self, fact: CallFact) -> None:
        """Somebody has sent the call elsewhere: it waits no more, and whoever it is offered to there is rung."""
        until = fact.at + timedelta(seconds=fact.payload.get("seconds", 0))
        self.place, self.is_waiting, self.moved_at, self.rings, self.doubted = None, False, fact.at, {}, False
        self.offers = {name: Offer(fact.at, until) for name in fact.payload.get("offered_to", ())}

    def leave(self, at: datetime) -> None:
        """The call has been decided anew, and no longer for a queue: it waits nowhere, and nobody is rung for it."""
        if at >= self.moved_at:
            self.place, self.is_waiting, self.moved_at, self.offers, self.rings = None, False, at, {}, {}

    def _wait(self, fact: CallFact) -> None:
        payload = fact.payload
        since = self.place.since if self.place else datetime.fromisoformat(payload["since"])
        if self.place is None or self.place.queue_id != payload["queue_id"]:
            self.came_at = fact.at
        self.place = WaitingCall(fact.call_id, payload["queue_id"], payload["priority"], since)
        self.not_rung = frozenset(payload.get("not_rung", ()))
        self.line, self.language = payload.get("line", ""), payload.get("language", "")
        self.priority = payload["priority"]
        self.count, self.waited = max(self.count, payload.get("count", 0)), payload.get("waited", 0)
        self.missed = self.missed | dict.fromkeys(self.offers, fact.at)
        self.is_waiting, self.moved_at, self.offers, self.rings, self.doubted = True, fact.at, {}, {}, False

    def _leave(self, fact: CallFact) -> None:
        payload = fact.payload
        offered = payload.get("offered_to", ())
        if payload.get("result", "").startswith(MOVED) and not offered and self.offers:
            return  # it was moved in order to ring these
        until = fact.at + timedelta(seconds=payload.get("seconds", 0))
        self.offers = {name: self.offers.get(name, Offer(fact.at, until)) for name in offered}
        self.is_waiting, self.moved_at, self.doubted = bool(payload.get("waits")), fact.at, False
        self.count = max(self.count, payload.get("count", 0))
        if not offered and payload.get("result") not in _KEEPS_ITS_PLACE:
            self.place = None
