"""Call-backs as far as they concern who is rung now, folded from their facts: the places that callers keep in a queue who
have asked to be called back, and the operators who are calling somebody back."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.event_log.records import CallFact, FactKind, Payload, callback_fact
from routing.actions import LONGEST_TALK_SECONDS
from routing.call_queue import WaitingCall

KEPT_FOR: Final = timedelta(hours=4)
"""How long a place is kept: as long as the call-back is not overdue. After that people see to it, whom the list tells."""
MOST_VAIN_RINGS: Final = 10
"""After so many rings that no operator has picked up a place is the list's as well."""
HEARD_OF_FOR: Final = KEPT_FOR + timedelta(seconds=LONGEST_TALK_SECONDS)
"""Facts that are older tell nothing of who keeps a place, or who calls back."""
REFUSED: Final = "refused"
"""How a ring ends that the provider has refused."""
_REMEMBERED: Final = 2_000
_LONGEST: Final = timedelta(seconds=LONGEST_TALK_SECONDS + 120)
"""A talk whose end nobody has told of is over by then: the provider ends it."""


@dataclass(slots=True)
class KeptPlace:
    """``place`` is that of the call in which it was asked for, and is kept at ``number`` (E.164) since ``asked_at``.
    ``line`` is the called number. ``not_rung`` are the operators (ids) who must not be rung for
    it; ``declined`` and ``missed`` those who did not pick up, each with the last time, and ``vain`` how often that was.
    ``callback_id`` is empty until it is known."""

    place: WaitingCall
    number: str
    line: str
    asked_at: datetime
    not_rung: frozenset[str] = frozenset()
    callback_id: str = ""
    vain: int = 0
    declined: dict[str, datetime] = field(default_factory=dict)
    missed: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class CallingBack:
    """An operator (id) whose telephone rings for a call-back since ``since`` and at most ``until``, or who has picked up.
    ``leg`` is their call, as far as it is known; ``queue_id`` the queue in which it was asked for, if it was; ``by_queue``
    tells that it was the caller's turn. A ring is ``void`` once somebody has seen to the call-back otherwise: whoever picks
    up calls nobody."""

    callback_id: str
    call_id: str
    operator_id: str
    since: datetime
    until: datetime
    leg: str = ""
    picked_up: bool = False
    queue_id: str | None = None
    by_queue: bool = False
    void: bool = False

    def goes_on(self, now: datetime) -> bool:
        """Whether it keeps the operator from other calls."""
        until = self.since + _LONGEST if self.picked_up else self.until
        return now < until


def over_fact(tenant_id: str, callback_id: str, call_id: str, leg: str, at: datetime, how: str) -> CallFact:
    """The operator's call ``leg`` is over: ``how`` is what became of it, or empty for a ring that was taken back. Whoever
    reports it, the step behind it or the call's own status, it is the same fact."""
    told = {"over": how, "leg": leg}
    return callback_fact(tenant_id, callback_id, call_id, FactKind.CALLBACK_CHANGED, at, told, "over", leg)


class Over(NamedTuple):
    """An operator has hung up who had called somebody back, for the queue (id) where it had been asked for in one."""

    operator_id: str
    queue_id: str | None


@dataclass(slots=True)
class CallsBack:
    """Fed with every fact about call-backs, whoever recorded it, any number of times."""

    _places: dict[str, dict[str, KeptPlace]] = field(default_factory=dict)
    _calling: dict[str, dict[str, CallingBack]] = field(default_factory=dict)
    _known: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def apply(self, fact: CallFact) -> Over | None:
        """Take note of a fact; tells when an operator has done with calling somebody back."""
        if fact.event_id in self._known:
            return None
        self._known[fact.event_id] = None
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        told, callback_id = fact.payload, fact.payload.get("callback_id", "")
        if fact.kind is FactKind.CALLBACK_OPENED and "since" in told:
            self._keep(fact, told)
        if fact.kind is FactKind.CALLBACK_CHANGED and (kept := self._of_tenant(fact).get(fact.call_id)) is not None:
            kept.callback_id = kept.callback_id or callback_id
        if fact.kind is FactKind.CALLBACK_DONE or "taken" in told:
            self._give_up(fact.tenant_id, callback_id)
            one = self.of_callback(fact.tenant_id, callback_id)
            if one is not None and (fact.kind is FactKind.CALLBACK_DONE or one.by_queue):
                one.void = True
        if operator_id := told.get("rings"):
            self._ring(fact, callback_id, operator_id)
        return self._go_on(fact, told, callback_id)

    def places(self, tenant_id: str, now: datetime) -> list[KeptPlace]:
        """The places for which nobody is rung at this moment."""
        calling = self._calling.get(tenant_id, {})
        places = []
        for kept in self._places.get(tenant_id, {}).values():
            ring = calling.get(kept.callback_id)
            if ring is not None and ring.goes_on(now):
                continue
            if ring is not None:
                kept.missed[ring.operator_id] = max(kept.missed.get(ring.operator_id, ring.until), ring.until)
            if kept.callback_id and kept.vain < MOST_VAIN_RINGS and now - kept.asked_at < KEPT_FOR:
                places.append(kept)
        return places

    def tenants(self) -> list[str]:
        """The companies at which somebody keeps a place."""
        return [tenant_id for tenant_id, places in self._places.items() if places]

    def calling(self, tenant_id: str, now: datetime) -> Mapping[str, CallingBack]:
        """The operators (ids) who are calling somebody back, or are rung for it."""
        return {one.operator_id: one for one in self._calling.get(tenant_id, {}).values() if one.goes_on(now)}

    def of_callback(self, tenant_id: str, callback_id: str) -> CallingBack | None:
        """Who calls back for it, or is rung in order to."""
        return self._calling.get(tenant_id, {}).get(callback_id)

    def of_leg(self, tenant_id: str, leg: str) -> CallingBack | None:
        """What the call ``leg`` was placed for."""
        return next((one for one in self._calling.get(tenant_id, {}).values() if one.leg == leg), None)

    def forget_old(self, now: datetime) -> None:
        """Drop places that are kept no longer, and rings and talks that are over though nobody said so."""
        for places in self._places.values():
            for call_id in [one for one, kept in places.items() if now - kept.asked_at >= KEPT_FOR]:
                del places[call_id]
        for calling in self._calling.values():
            for callback_id in [one for one, ring in calling.items() if now - ring.since >= HEARD_OF_FOR]:
                del calling[callback_id]

    def _keep(self, fact: CallFact, told: Payload) -> None:
        place = WaitingCall(fact.call_id, told["queue_id"], told["priority"], datetime.fromisoformat(told["since"]))
        not_rung = frozenset(told.get("not_rung", ()))
        kept = KeptPlace(place, told["number"], told["line"], fact.at, not_rung)
        places = self._of_tenant(fact)
        if not any(one.number == kept.number for one in places.values()):  # whoever asks twice has the place they had
            places[fact.call_id] = kept

    def _ring(self, fact: CallFact, callback_id: str, operator_id: str) -> None:
        """Of two who are rung for the same at once, it is the first one's."""
        there = self.of_callback(fact.tenant_id, callback_id)
        if there is not None and there.goes_on(fact.at):
            return
        kept = self.place_of(fact.tenant_id, callback_id)
        if kept is not None:
            kept.vain += 1
        self._calling.setdefault(fact.tenant_id, {})[callback_id] = CallingBack(
            callback_id, fact.call_id, operator_id, fact.at, fact.at + timedelta(seconds=fact.payload["seconds"]),
            queue_id=kept.place.queue_id if kept is not None else None, by_queue=bool(fact.payload.get("by_queue")),
        )  # fmt: skip

    def place_of(self, tenant_id: str, callback_id: str) -> KeptPlace | None:
        """The place that is kept for it, whoever is rung at this moment."""
        of_tenant = self._places.get(tenant_id, {}).values()
        return next((kept for kept in of_tenant if kept.callback_id == callback_id), None)

    def _of_tenant(self, fact: CallFact) -> dict[str, KeptPlace]:
        return self._places.setdefault(fact.tenant_id, {})

    def _give_up(self, tenant_id: str, callback_id: str) -> None:
        if (kept := self.place_of(tenant_id, callback_id)) is not None:
            del self._places[tenant_id][kept.place.call_id]

    def _go_on(self, fact: CallFact, told: Payload, callback_id: str) -> Over | None:
        calling = self._calling.setdefault(fact.tenant_id, {})
        if operator_id := told.get("picked_up"):
            self._give_up(fact.tenant_id, callback_id)
            if callback_id not in calling:  # the ring was not heard of here
                calling[callback_id] = CallingBack(callback_id, fact.call_id, operator_id, fact.at, fact.at)
            calling[callback_id].picked_up = True
        if (one := calling.get(callback_id)) is None:
            return None
        leg = told.get("leg", "")
        if told.get("of", one.operator_id) != one.operator_id or (leg and one.leg and leg != one.leg):
            return None  # of somebody who was rung for it before, or besides
        one.leg = one.leg or leg
        if "over" not in told:
            return None
        del calling[callback_id]
        if one.picked_up:
            return Over(one.operator_id, one.queue_id)
        kept = self.place_of(fact.tenant_id, callback_id)
        if kept is not None and told["over"]:  # empty: nobody was rung, and it was not for the operator's sake
            passed_over = kept.missed if told["over"] not in ("busy", REFUSED) else kept.declined
            passed_over[one.operator_id] = fact.at
        return None
