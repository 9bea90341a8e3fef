"""Who should ring for whom. Given who waits, who could take a call, and whose telephones ring already: the rings to begin
and those to end.

The rules, in the order in which they win:

- An operator rings for one caller at a time, over all queues.
- Callers choose in the order of :mod:`routing.call_queue`. Each gets one operator before anybody gets a second one; what is
  left goes to the callers of queues that ring everybody. A VIP of such a queue gets everybody who is free.
- A caller for whom somebody is rung already gets whoever has become free since, and nobody else: telephones that do not
  answer keep nobody waiting, and rings are not begun anew for the sake of it.
- A caller whose own operator can be rung, and has neither declined this call nor let it ring, has them rung alone: for one
  ring nobody is added. Where they cannot be rung, nobody waits for them.
- Who declines or lets it ring is left alone for a while, by this caller only.
- A VIP for whom nobody is rung takes an operator who is being rung for an ordinary caller. Anybody for whom nobody is rung
  takes one of several who have been rung in vain for one caller.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from routing.actions import QueuePriority
from routing.call_queue import RingStrategy, WaitingCall, in_order

MOST_RINGS: Final = 10
"""How many telephones ring for one caller at once: the most that a provider takes (twilio.com/docs/voice/twiml/dial)."""
PAUSE_AFTER_DECLINING: Final = timedelta(seconds=60)
"""How long an operator who has declined a call is not rung for it again."""
PAUSE_AFTER_MISSING: Final = timedelta(seconds=10)
"""The same for an operator who has let it ring."""
IN_VAIN_AFTER: Final = timedelta(seconds=6)
"""The length of a ring and a half: whoever has not answered then may do something better than to ring in a group."""

_NOBODY: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Asking:
    """A caller for whom somebody is to be rung, or is being rung. ``declined`` and ``missed`` are the operators (ids) who
    did not take this call, each with the last time; ``not_rung`` those who must not be rung for it at all. ``first`` is who
    looks after the caller and is rung before the others of the queue, if it is one of them; empty for nobody."""

    call: WaitingCall
    declined: Mapping[str, datetime] = field(default_factory=dict)
    missed: Mapping[str, datetime] = field(default_factory=dict)
    not_rung: frozenset[str] = _NOBODY
    first: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """An operator as far as ringing them goes. ``is_free`` is False for whoever is in a call or not at work;
    ``idle_since`` is when they became free, which lies ahead as long as they have after-call work to do."""

    operator_id: str
    queue_ids: frozenset[str]
    idle_since: datetime
    is_free: bool = True
    position: int = 0

    def can_be_rung(self, now: datetime) -> bool:
        """Whether their telephone may ring."""
        return self.is_free and self.idle_since <= now


@dataclass(frozen=True, slots=True)
class Ring:
    """The telephone of an operator that rings for a caller, ``since`` when, and at most ``until`` when."""

    call_id: str
    operator_id: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Offers:
    """What is to be done. ``make`` are the operators (ids) who are to be rung in addition, by the caller's call; what is in
    ``withdraw`` is ended first."""

    make: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    withdraw: tuple[Ring, ...] = ()


def decide_offers(
    asking: Collection[Asking], desks: Iterable[Desk], rings: Iterable[Ring], strategies: Mapping[str, RingStrategy],
    now: datetime, *, reachable: bool,
) -> Offers:  # fmt: skip
    """The rings to begin and to end at ``now``. ``strategies`` are the queues' by their ids.

    ``reachable`` is whether a call can be reached while operators are rung for it. If it cannot, these rings go on until
    they end by themselves: nothing is withdrawn and nobody is added to them.
    """
    if not asking:
        return Offers(withdraw=tuple(rings) if reachable else ())
    by_call = {one.call.call_id: one for one in asking}
    callers = [by_call[call.call_id] for call in in_order((one.call for one in asking), now)]
    board = _Board(desks, strategies, now)
    board.take_up(rings, callers, reachable=reachable)
    for caller in callers:
        board.serve(caller, reachable=reachable)
    board.share_out(callers, reachable=reachable)
    return board.offers()


class _Board:
    """Who rings for whom, while it is being decided."""

    def __init__(self, desks: Iterable[Desk], strategies: Mapping[str, RingStrategy], now: datetime) -> None:
        self._desks = {desk.operator_id: desk for desk in desks}
        self._strategies, self._now = strategies, now
        self._rings: dict[str, list[Ring]] = {}
        self._made: dict[str, list[str]] = {}
        self._void: list[Ring] = []
        self._taken: set[str] = set()
        self._pools: dict[str, list[Desk]] = {}
        self._groups: list[Asking] = []
        self._ordinary: list[Asking] = []
        self._left_to_first: set[str] = set()

    def take_up(self, rings: Iterable[Ring], callers: Collection[Asking], *, reachable: bool) -> None:
        """The rings under way. One that has lost its reason is void: the caller or the operator is gone, or the operator
        rings for a caller before this one as well."""
        of_call: dict[str, list[Ring]] = {}
        for ring in rings:
            of_call.setdefault(ring.call_id, []).append(ring)
        for caller in callers:
            for ring in of_call.pop(caller.call.call_id, ()):
                if reachable and (ring.operator_id in self._taken or not self._holds(ring, caller)):
                    self._void.append(ring)
                elif ring.until > self._now:
                    self._rings.setdefault(ring.call_id, []).append(ring)
                    self._taken.add(ring.operator_id)
        for left in of_call.values():
            if reachable:
                self._void += left
            else:
                self._taken |= {ring.operator_id for ring in left if ring.until > self._now}
        rung = [caller for caller in callers if caller.call.call_id in self._rings]
        self._groups = [one for one in rung if len(self._rings[one.call.call_id]) > 1 and not _is_vip(one)]
        self._ordinary = [one for one in rung if not _is_vip(one)]

    def _holds(self, ring: Ring, caller: Asking) -> bool:
        desk = self._desks.get(ring.operator_id)
        return (
            ring.until > self._now
            and desk is not None
            and desk.can_be_rung(self._now)
            and caller.call.queue_id in desk.queue_ids
            and ring.operator_id not in caller.not_rung
        )

    def serve(self, caller: Asking, *, reachable: bool) -> None:
        """Give ``caller`` an operator; a VIP everybody, where the queue rings everybody."""
        rings = self._rings.get(caller.call.call_id)
        if rings and not reachable:
            return
        if self._rings_first(caller):
            self._left_to_first.add(caller.call.call_id)
            return
        newer_than = max(ring.since for ring in rings) if rings else None
        wanted = self._room(caller) if _is_vip(caller) and self._rings_all(caller) else min(1, self._room(caller))
        given = self._give(caller, wanted, newer_than)
        if not given and not rings and reachable:
            self._take_from_others(caller)

    def share_out(self, callers: Iterable[Asking], *, reachable: bool) -> None:
        """Whoever is left is rung too, where the queue rings everybody."""
        for caller in callers:
            rings = self._rings.get(caller.call.call_id)
            if caller.call.call_id in self._left_to_first:
                continue
            if self._rings_all(caller) and (reachable or not rings):
                self._give(caller, self._room(caller), max(ring.since for ring in rings) if rings else None)

    def offers(self) -> Offers:
        """What has been decided."""
        return Offers({call_id: tuple(made) for call_id, made in self._made.items()}, tuple(self._void))

    def _give(self, caller: Asking, wanted: int, newer_than: datetime | None) -> int:
        """Ring up to ``wanted`` operators more: those first who have not been rung for this call in vain."""
        if wanted <= 0:
            return 0
        given, missed_before = 0, list[Desk]()
        for desk in self._pool(caller.call.queue_id):
            if not self._suits(desk.operator_id, caller) or (newer_than is not None and desk.idle_since <= newer_than):
                continue
            if desk.operator_id in caller.missed:
                missed_before.append(desk)
                continue
            self._make(caller, desk.operator_id)
            if (given := given + 1) == wanted:
                return given
        for desk in sorted(missed_before, key=lambda one: caller.missed[one.operator_id])[: wanted - given]:
            self._make(caller, desk.operator_id)
            given += 1
        return given

    def _rings_first(self, caller: Asking) -> bool:
        """Whether the caller's own operator is rung for them alone, or is to be from now on."""
        first = caller.first
        if not first or _is_vip(caller) or first in caller.missed or first in caller.declined:
            return False
        if rings := self._rings.get(caller.call.call_id):
            return all(ring.operator_id == first for ring in rings)
        desk = self._desks.get(first)
        if desk is None or not desk.can_be_rung(self._now) or caller.call.queue_id not in desk.queue_ids:
            return False
        if not self._suits(first, caller):
            return False
        self._make(caller, first)
        return True

    def _take_from_others(self, caller: Asking) -> None:
        """Somebody for whom nobody can be rung takes one of several who are rung for one caller in vain; a VIP takes whoever
        is rung for an ordinary caller, the last one first."""
        found = self._first_ring(reversed(self._groups), caller, timedelta(0) if _is_vip(caller) else IN_VAIN_AFTER)
        if found is None and _is_vip(caller):
            found = self._first_ring(reversed(self._ordinary), caller, timedelta(0))
        if found is None:
            return
        of_call = self._rings[found.call_id]
        of_call.remove(found)
        if len(of_call) < 2:
            self._groups = [one for one in self._groups if one.call.call_id != found.call_id]
        self._void.append(found)
        self._made.setdefault(caller.call.call_id, []).append(found.operator_id)

    def _first_ring(self, others: Iterator[Asking], caller: Asking, age: timedelta) -> Ring | None:
        for other in others:
            for ring in self._rings[other.call.call_id]:
                desk = self._desks.get(ring.operator_id)
                if (
                    desk is not None
                    and self._now - ring.since >= age
                    and caller.call.queue_id in desk.queue_ids
                    and self._is_asked(ring.operator_id, caller)
                ):
                    return ring
        return None

    def _make(self, caller: Asking, operator_id: str) -> None:
        self._made.setdefault(caller.call.call_id, []).append(operator_id)
        self._taken.add(operator_id)

    def _room(self, caller: Asking) -> int:
        call_id = caller.call.call_id
        return MOST_RINGS - len(self._rings.get(call_id, ())) - len(self._made.get(call_id, ()))

    def _rings_all(self, caller: Asking) -> bool:
        return self._strategies.get(caller.call.queue_id, RingStrategy.ALL) is RingStrategy.ALL

    def _suits(self, operator_id: str, caller: Asking) -> bool:
        return operator_id not in self._taken and self._is_asked(operator_id, caller)

    def _is_asked(self, operator_id: str, caller: Asking) -> bool:
        if operator_id in caller.not_rung:
            return False
        declined, missed = caller.declined.get(operator_id), caller.missed.get(operator_id)
        return not (
            (declined is not None and self._now - declined < PAUSE_AFTER_DECLINING)
            or (missed is not None and self._now - missed < PAUSE_AFTER_MISSING)
        )

    def _pool(self, queue_id: str) -> list[Desk]:
        """The operators of a queue who are free still, in the order in which they are rung."""
        if (pool := self._pools.get(queue_id)) is None:
            pool = [one for one in self._desks.values() if queue_id in one.queue_ids and one.can_be_rung(self._now)]
            if self._strategies.get(queue_id) is RingStrategy.LONGEST_IDLE:
                pool.sort(key=lambda one: (one.idle_since, one.position, one.operator_id))
            else:
                pool.sort(key=lambda one: (one.position, one.operator_id))
        if pool and pool[0].operator_id in self._taken:
            pool = [one for one in pool if one.operator_id not in self._taken]
        self._pools[queue_id] = pool
        return pool


def _is_vip(caller: Asking) -> bool:
    return caller.call.priority >= QueuePriority.VIP_UNCONFIRMED
