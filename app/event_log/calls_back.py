"""Call-backs as far as they concern who is rung now, folded from their facts: the places that callers keep in a queue who
have asked to be called back, and the operators who are calling somebody back."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from app.event_log.records import CallFact, FactKind
from routing.call_queue import WaitingCall

KEPT_FOR: Final = timedelta(hours=4)
"""How long a place is kept: as long as the call-back is not overdue. After that people see to it, whom the list tells."""
_REMEMBERED: Final = 2_000


@dataclass(slots=True)
class KeptPlace:
    """``place`` is that of the call in which it was asked for, and is kept at ``number`` (E.164) since ``asked_at``.
    ``line`` is the called number, ``language`` the caller's. ``declined`` and ``missed`` are the operators (ids) who did
    not pick up, each with the last time. ``callback_id`` is empty until it is known."""

    place: WaitingCall
    number: str
    line: str
    language: str
    asked_at: datetime
    callback_id: str = ""
    declined: dict[str, datetime] = field(default_factory=dict)
    missed: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class CallingBack:
    """An operator (id) whose telephone rings for a call-back since ``since`` and at most ``until``, or who has picked up.
    ``leg`` is their call, as far as it is known; ``queue_id`` the queue in which it was asked for, if it was."""

    callback_id: str
    call_id: str
    operator_id: str
    since: datetime
    until: datetime
    leg: str = ""
    picked_up: bool = False
    queue_id: str | None = None

    def goes_on(self, now: datetime) -> bool:
        """Whether it keeps the operator from other calls."""
        return self.picked_up or now < self.until


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
        if operator_id := told.get("rings"):
            until = fact.at + timedelta(seconds=told["seconds"])
            began = CallingBack(callback_id, fact.call_id, operator_id, fact.at, until)
            self._calling.setdefault(fact.tenant_id, {})[callback_id] = began
        return self._go_on(fact, told, callback_id)

    def places(self, tenant_id: str, now: datetime) -> list[KeptPlace]:
        """The places for which nobody is rung at this moment."""
        calling = self._calling.get(tenant_id, {})
        places = []
        for kept in self._places.get(tenant_id, {}).values():
            ring = calling.get(kept.callback_id)
            if ring is not None and not ring.goes_on(now):
                kept.missed.setdefault(ring.operator_id, ring.until)
            elif ring is not None:
                continue
            if kept.callback_id and now - kept.asked_at < KEPT_FOR:
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
        """Drop places that are kept no longer."""
        for places in self._places.values():
            for call_id in [one for one, kept in places.items() if now - kept.asked_at >= KEPT_FOR]:
                del places[call_id]

    def _keep(self, fact: CallFact, told: Mapping[str, Any]) -> None:
        place = WaitingCall(fact.call_id, told["queue_id"], told["priority"], datetime.fromisoformat(told["since"]))
        kept = KeptPlace(place, told["number"], told["line"], told["language"], fact.at)
        self._of_tenant(fact).setdefault(fact.call_id, kept)

    def _of_tenant(self, fact: CallFact) -> dict[str, KeptPlace]:
        return self._places.setdefault(fact.tenant_id, {})

    def _give_up(self, tenant_id: str, callback_id: str) -> KeptPlace | None:
        places = self._places.get(tenant_id, {})
        for call_id, kept in places.items():
            if kept.callback_id == callback_id:
                return places.pop(call_id)
        return None

    def _go_on(self, fact: CallFact, told: Mapping[str, Any], callback_id: str) -> Over | None:
        calling = self._calling.get(fact.tenant_id, {})
        one = calling.get(callback_id)
        if one is None:
            return None
        one.leg = told.get("leg") or one.leg
        if told.get("picked_up"):
            one.picked_up = True
            kept = self._give_up(fact.tenant_id, callback_id)
            one.queue_id = kept.place.queue_id if kept is not None else one.queue_id
        if "over" not in told:
            return None
        del calling[callback_id]
        if one.picked_up:
            return Over(one.operator_id, one.queue_id)
        kept = next((kept for kept in self._of_tenant(fact).values() if kept.callback_id == callback_id), None)
        if kept is not None and told["over"]:  # empty: the provider has not rung anybody
            (kept.declined if told["over"] == "busy" else kept.missed)[one.operator_id] = fact.at
        return None
