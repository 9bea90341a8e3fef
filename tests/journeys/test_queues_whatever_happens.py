"""Queues hold their promise whatever comes: random companies, callers, call-backs, operators, breaks, restarts of the
worker that offers, and failures of the provider's API, second by second, against one model of the provider."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.answering.offering import Picture
from app.event_log.open_calls import OpenCalls
from app.event_log.records import FactKind, fact
from routing.actions import Leg, QueuePriority
from routing.call_queue import RingStrategy
from routing.plan import Operator, WaitingQueue
from routing.presence import Presence, PresenceState
from tests.routing.a_plan import a_plan

START = datetime(2026, 7, 24, 8, tzinfo=UTC)
QUEUES = ("q-main", "q-gold")
RING_SECONDS = 20
NAMES = ("ada", "ben", "cleo", "dan")
AWAY = Presence(PresenceState.BREAK)


class Queues(RuleBasedStateMachine):
    """What is decided is carried out by a provider that rings for as long as it was told to; ``books`` are what workers know
    of it, one of them always read anew from the log."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.log: list[tuple[str, FactKind, dict[str, object], datetime, int]] = []
        self.calls = OpenCalls()
        self.waiting: dict[str, datetime] = {}
        self.ringing: dict[str, dict[str, datetime]] = {}
        self.talking: dict[str, str] = {}
        self.kept: set[str] = set()
        self.called_back: dict[str, tuple[str, datetime | None]] = {}
        self.came = 0
        self.plan = a_plan(operators={})

    @initialize(
        queues=st.lists(st.sampled_from(RingStrategy), min_size=2, max_size=2),
        wrap_up=st.sampled_from([0, 15]),
        served=st.lists(st.sets(st.sampled_from(QUEUES), min_size=1), min_size=1, max_size=4),
    )
    def a_company(self, queues: list[RingStrategy], wrap_up: int, served: list[set[str]]) -> None:
        self.plan = a_plan(
            queues={
                name: WaitingQueue(name, name, ring=how, wrap_up_seconds=wrap_up)
                for name, how in zip(QUEUES, queues, strict=True)
            },
            operators={
                name: Operator(Leg(name, name, f"client:{name}", RING_SECONDS), frozenset(of))
                for name, of in zip(NAMES, served, strict=False)
            },
        )

    def tell(self, call_id: str, kind: FactKind, **payload: object) -> None:
        told = fact(self.plan.tenant_id, call_id, kind, self.now, dict(payload), len(self.log))
        self.log.append((call_id, kind, dict(payload), self.now, len(self.log)))
        self.calls.apply(told)

    def queue_again(self, call_id: str) -> None:
        place = self.places[call_id]
        self.waiting[call_id] = self.now
        self.tell(call_id, FactKind.QUEUED, queue_id=place[0], priority=place[1], since=place[2].isoformat())

    @property
    def places(self) -> dict[str, tuple[str, int, datetime]]:
        found: dict[str, tuple[str, int, datetime]] = {}
        for call_id, kind, payload, at, _ in self.log:
            if kind is FactKind.QUEUED:
                found.setdefault(call_id, (str(payload["queue_id"]), int(str(payload["priority"])), at))
        return found

    @rule(queue=st.sampled_from(QUEUES), priority=st.sampled_from([0, 0, 10, 100, QueuePriority.VIP]))
    def somebody_calls(self, queue: str, priority: int) -> None:
        self.came += 1
        call_id = f"CA{self.came}"
        self.waiting[call_id] = self.now
        self.tell(call_id, FactKind.QUEUED, queue_id=queue, priority=priority, since=self.now.isoformat())

    @rule(reachable=st.booleans())
    def calls_are_offered(self, reachable: bool) -> None:
        """By the worker that offers, or by the queues' ticks; what is withdrawn is carried out first."""
        kept = self.calls.calls_back.places(self.plan.tenant_id, self.now) if reachable else []
        picture = Picture.of(self.plan, self.calls, self.now, kept=kept)
        offers = picture.decide(reachable=reachable)
        ringing = {ring.operator_id for ring in picture.rings}
        for place in kept:
            meant = [name for name in offers.make.get(place.place.call_id, ()) if name not in ringing]
            if meant:
                self.call_back(place.place.call_id, meant[0])
        for ring in offers.withdraw:
            self.ringing.get(ring.call_id, {}).pop(ring.operator_id, None)
        for call_id in ({ring.call_id for ring in offers.withdraw} | set(offers.make)) - self.kept:
            rung = self.ringing.setdefault(call_id, {})
            for name in offers.make.get(call_id, ()):
                assert not [one for one, others in self.ringing.items() if name in others], "two rings"
                assert name not in self.talking.values(), "rung while talking"
                assert name not in [one for one, _ in self.called_back.values()], "rung while calling somebody back"
                rung[name] = self.now + timedelta(seconds=RING_SECONDS)
            self.waiting.pop(call_id, None)
            if rung:
                names = list(rung)
                self.tell(
                    call_id, FactKind.LEFT_QUEUE, queue_id=self.places[call_id][0], result="offered", offered_to=names,
                    seconds=RING_SECONDS + 30,
                )  # fmt: skip
            else:
                del self.ringing[call_id]
                self.tell(call_id, FactKind.LEFT_QUEUE, queue_id=self.places[call_id][0], result="offered")
                self.queue_again(call_id)

    def call_back(self, call_id: str, name: str) -> None:
        assert name not in self.engaged, "rung for a call-back while rung or talking"
        self.called_back[call_id] = name, self.now + timedelta(seconds=RING_SECONDS)
        self.tell(call_id, FactKind.CALLBACK_CHANGED, callback_id=call_id, rings=name, seconds=RING_SECONDS)
        self.tell(call_id, FactKind.CALLBACK_CHANGED, callback_id=call_id, leg=f"leg {call_id}")

    @property
    def engaged(self) -> list[str]:
        """Whose telephone rings, or who talks, each as often as they do."""
        rung = [name for names in self.ringing.values() for name in names]
        return [*rung, *self.talking.values(), *(name for name, _ in self.called_back.values())]

    @rule(data=st.data())
    @precondition(lambda self: any(self.places[one][1] < QueuePriority.VIP_UNCONFIRMED for one in self.waiting))
    def somebody_would_rather_be_called_back(self, data: st.DataObject) -> None:
        ordinary = sorted(one for one in self.waiting if self.places[one][1] < QueuePriority.VIP_UNCONFIRMED)
        call_id = data.draw(st.sampled_from(ordinary))
        queue_id, priority, since = self.places[call_id]
        asked = {"queue_id": queue_id, "priority": priority, "since": since.isoformat()}
        self.tell(
            call_id,
            FactKind.CALLBACK_OPENED,
            **asked,
            number=f"+33644{call_id[2:]:0>6}",
            line="+33199001000",
            language="fr",
        )
        del self.waiting[call_id]
        self.tell(call_id, FactKind.ENDED, outcome="completed")
        self.tell(call_id, FactKind.CALLBACK_CHANGED, callback_id=call_id)
        self.kept.add(call_id)

    @rule(data=st.data(), how=st.sampled_from(["picked up", "busy", "no-answer", "refused", "over"]))
    @precondition(lambda self: self.called_back)
    def a_call_back_goes_on(self, data: st.DataObject, how: str) -> None:
        """Whoever is rung takes it or not; whoever has taken it is done with it, whether the caller was reached or not."""
        call_id = data.draw(st.sampled_from(sorted(self.called_back)))
        name, until = self.called_back[call_id]
        if until is not None and how == "picked up":
            self.called_back[call_id] = name, None
            self.kept.discard(call_id)
            self.tell(call_id, FactKind.CALLBACK_CHANGED, callback_id=call_id, picked_up=True)
        elif until is None or how != "over":
            del self.called_back[call_id]
            over = "" if how == "refused" and until is not None else how
            self.tell(call_id, FactKind.CALLBACK_CHANGED, callback_id=call_id, over=over)

    @rule(data=st.data())
    @precondition(lambda self: self.kept - {*self.called_back})
    def somebody_sees_to_a_call_back(self, data: st.DataObject) -> None:
        call_id = data.draw(st.sampled_from(sorted(self.kept - {*self.called_back})))
        self.kept.discard(call_id)
        self.tell(call_id, FactKind.CALLBACK_CHANGED, callback_id=call_id, taken=True)

    @rule(data=st.data())
    @precondition(lambda self: any(self.ringing.values()))
    def somebody_picks_up(self, data: st.DataObject) -> None:
        call_id = data.draw(st.sampled_from(sorted(one for one, rung in self.ringing.items() if rung)))
        name = data.draw(st.sampled_from(sorted(self.ringing.pop(call_id))))
        self.talking[call_id] = name
        self.tell(call_id, FactKind.ANSWERED, operator_id=name)

    @rule(data=st.data())
    @precondition(lambda self: any(self.ringing.values()))
    def somebody_declines(self, data: st.DataObject) -> None:
        call_id = data.draw(st.sampled_from(sorted(one for one, rung in self.ringing.items() if rung)))
        name = data.draw(st.sampled_from(sorted(self.ringing[call_id])))
        del self.ringing[call_id][name]
        self.tell(call_id, FactKind.SEEN, declined_by=name)
        if not self.ringing[call_id]:
            del self.ringing[call_id]
            self.queue_again(call_id)

    @rule(data=st.data())
    @precondition(lambda self: self.talking)
    def a_talk_is_over(self, data: st.DataObject) -> None:
        call_id = data.draw(st.sampled_from(sorted(self.talking)))
        del self.talking[call_id]
        self.tell(call_id, FactKind.ENDED, outcome="completed")

    @rule(data=st.data())
    @precondition(lambda self: self.waiting or self.ringing)
    def somebody_gives_up(self, data: st.DataObject) -> None:
        call_id = data.draw(st.sampled_from(sorted({*self.waiting, *self.ringing})))
        self.waiting.pop(call_id, None)
        self.ringing.pop(call_id, None)
        self.tell(call_id, FactKind.ENDED, outcome="canceled")

    @rule(name=st.sampled_from(NAMES), away=st.booleans())
    def somebody_comes_or_goes(self, name: str, away: bool) -> None:
        if name in self.plan.operators:
            one = self.plan.operators[name]
            presence = AWAY if away else Presence(since=self.now)
            changed = Operator(one.leg, one.queue_ids, presence=presence)
            self.plan = a_plan(queues=self.plan.queues, operators={**self.plan.operators, name: changed})

    @rule()
    def a_worker_is_killed(self) -> None:
        """The next one knows what the log says, and hears some of it twice."""
        self.calls = OpenCalls()
        for call_id, kind, payload, at, number in [*self.log, *self.log[-3:]]:
            self.calls.apply(fact(self.plan.tenant_id, call_id, kind, at, dict(payload), number))

    @rule(seconds=st.sampled_from([1, 1, 5, 11, 25, 70]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        for call_id, rung in list(self.ringing.items()):
            if rung and max(rung.values()) <= self.now:
                del self.ringing[call_id]
                self.queue_again(call_id)
        for call_id, (_, until) in list(self.called_back.items()):
            if until is not None and until <= self.now:  # the provider has told nobody
                del self.called_back[call_id]

    @invariant()
    def nobody_has_two_telephones_or_two_calls(self) -> None:
        assert len(self.engaged) == len(set(self.engaged))

    @invariant()
    def no_caller_is_lost(self) -> None:
        """Whoever has not hung up waits, is offered or talks, and every worker knows so."""
        known = {one.call_id for one in self.calls.served(self.plan.tenant_id)}
        assert {*self.waiting, *self.ringing, *self.talking} == known
        places = {
            one.call_id: one.queue.place
            for one in self.calls.served(self.plan.tenant_id)
            if one.queue is not None and one.queue.place is not None
        }
        assert set(places) == {*self.waiting, *self.ringing}
        for call_id, place in places.items():
            assert (place.queue_id, place.priority, place.since) == self.places[call_id], "a place is kept"

    @invariant()
    def no_call_back_is_lost(self) -> None:
        """Whoever keeps a place has it still, unless somebody is rung for it at this moment."""
        kept = {one.place.call_id: one.place for one in self.calls.calls_back.places(self.plan.tenant_id, self.now)}
        if self.now - START < timedelta(hours=4):
            assert set(kept) == self.kept - {*self.called_back}
        for call_id, place in kept.items():
            assert (place.queue_id, place.priority, place.since) == self.places[call_id], "a place is kept"
        calling = self.calls.calls_back.calling(self.plan.tenant_id, self.now)
        assert set(calling) == {name for name, _ in self.called_back.values()}

    @invariant()
    def whoever_is_first_is_not_passed_over(self) -> None:
        """After every round nobody waits while somebody behind has a telephone ringing that could ring for them."""
        offers = Picture.of(self.plan, self.calls, self.now).decide(reachable=True)
        vips = [one for one, place in self.places.items() if place[1] == QueuePriority.VIP and one in self.waiting]
        for call_id in vips:
            if call_id not in offers.make:
                rung_for_others = {
                    name
                    for other, names in self.ringing.items()
                    if self.places[other][1] < QueuePriority.VIP_UNCONFIRMED
                    for name in names
                } - {ring.operator_id for ring in offers.withdraw}
                mine = self.calls.of_call(self.plan.tenant_id, call_id)
                assert mine is not None
                assert mine.queue is not None
                tried = {*mine.queue.declined, *mine.queue.missed}
                can = {one.leg.operator_id for one in self.plan.operators_of(self.places[call_id][0])} - tried
                assert not rung_for_others & can


Queues.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
test_queues_hold_whatever_happens = Queues.TestCase
