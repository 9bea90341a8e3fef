"""The routing plan of one tenant: everything a decision needs, frozen, with the revision it stands for."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from filters.caller import Caller, CallerLists
from filters.caller_id import CallerId, CallerKind
from filters.category import Category, category_id_of
from filters.clients import Client
from filters.entries import Treatment
from filters.texts import Recording, Texts
from filters.vip import VipPolicy
from routing.actions import Leg, Phrase
from routing.call_queue import RingStrategy
from routing.carriers import ANY, RINGS, Rings
from routing.dialling import may_be_rung, telephone_at
from routing.fake_queue import LADDER, Caps
from routing.hours import ByHand, Calendar, Opening, WeekHours, opening_at, opening_by_hand
from routing.menu import MenuTree
from routing.overflow import Overflow, Way
from routing.presence import Presence
from routing.quiet_hours import QuietHours
from routing.rules import Rules

_NOBODY: Final[frozenset[str]] = frozenset()


class HiddenTreatment(StrEnum):
    """What callers without a number get. Hospitals, police and old exchanges withhold theirs, so the default is the
    ordinary way."""

    ORDINARY = "ordinary"
    QUEUE = "queue"
    MESSAGE = "message"
    VOICEMAIL = "voicemail"
    REJECT = "reject"


class ClosedTreatment(StrEnum):
    """What callers of a closed line get: a message and no more, or a mailbox behind it."""

    MESSAGE = "message"
    VOICEMAIL = "voicemail"


@dataclass(frozen=True, slots=True)
class Line:
    """A number of ours (DID) and how its calls are received. What is None is simply skipped.
    ``provider`` is the name of who carries it; ``by_hand`` says that it is open or closed now, whatever its hours say.
    ``closed_text`` is said while it is closed, whatever ``closed_treatment``
    follows."""

    id: str
    number: str
    label: str
    country: str
    zone: ZoneInfo
    language: str
    hours_id: str | None = None
    menu_id: str | None = None
    queue_id: str | None = None
    greeting: Texts = field(default_factory=dict)
    closed_text: Texts = field(default_factory=dict)
    closed_treatment: ClosedTreatment = ClosedTreatment.MESSAGE
    toll_free: bool = False
    provider: str = "twilio"
    by_hand: ByHand | None = None

    @property
    def rings(self) -> Rings:
        """How its provider rings people."""
        return RINGS.get(self.provider, ANY)


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who takes calls. ``management`` people form the VIP chain in the order of ``position``, each outside of the
    own ``quiet`` hours."""

    leg: Leg
    queue_ids: frozenset[str] = frozenset()
    management: bool = False
    position: int = 0
    presence: Presence = field(default_factory=Presence)
    quiet: QuietHours | None = None

    @property
    def available(self) -> bool:
        """Whether calls may come to them now."""
        return self.presence.may_be_rung

    def is_quiet(self, at: datetime) -> bool:
        """Whether it is one of their quiet hours."""
        return self.quiet is not None and self.quiet.cover(at)


@dataclass(frozen=True, slots=True)
class WaitingQueue:
    """A queue for operators; ``name`` is also its name at the provider (at most 64 characters there). ``ring_seconds`` is
    how long an operator is rung, at most; ``wrap_up_seconds`` how long one is left alone after a talk;
    ``offer_callback_after_seconds`` after which wait a caller may ask to be called back in turn. What is None has no limit
    of the queue's own, and offers none. ``asks_satisfaction``: after a talk the caller is asked for a mark."""

    id: str
    name: str
    announcement: Texts = field(default_factory=dict)
    ring: RingStrategy = RingStrategy.ALL
    ring_seconds: int | None = None
    wrap_up_seconds: int = 0
    max_wait_seconds: int | None = None
    max_waiting: int | None = None
    offer_callback_after_seconds: int | None = None
    asks_satisfaction: bool = False
    otherwise: Overflow = field(default_factory=Overflow)


class Service(StrEnum):
    """Whether somebody serves a queue, or why nobody does: ``beyond`` where the line's provider cannot ring those who do."""

    SERVED = "served"
    ALL_AWAY = "all_away"
    BEYOND = "beyond"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Treatments:
    """The tenant's choices where a caller is not received in the ordinary way. ``caps`` are the fake queue's and ``ladder``
    what is given instead, see :mod:`routing.fake_queue`; ``longest_wait_seconds`` is how long anybody waits for an
    operator, ``voicemail_days`` how long messages are kept. ``countries`` (ISO 3166 alpha-2) are those, besides the lines'
    own, whose numbers may be rung."""

    blacklist: Treatment = Treatment.FAKE_QUEUE
    caps: Caps = field(default_factory=Caps)
    ladder: tuple[Treatment, ...] = LADDER
    longest_wait_seconds: int = 1800
    voicemail_days: int = 30
    countries: tuple[str, ...] = ()
    withheld: HiddenTreatment = HiddenTreatment.ORDINARY
    unavailable: HiddenTreatment = HiddenTreatment.ORDINARY
    vip_policy: VipPolicy = VipPolicy.UNLESS_DOUBTFUL


@dataclass(frozen=True, slots=True)
class RoutingPlan:
    """One tenant's rules as of ``revision``. Mappings are keyed by id, except ``lines`` (by E.164 number). ``calendars`` are
    those of lines with days of their own, by the line's id; all others keep ``calendar``. ``countries`` are all whose
    numbers may be rung: :func:`countries_of`. ``pins`` are those of VIP entries, sealed (:mod:`filters.vip_pin`).
    ``recordings`` are what may be played where a text names one. ``language`` and ``zone`` are the company's."""

    tenant_id: str
    company: str
    revision: int
    lines: Mapping[str, Line] = field(default_factory=dict)
    lists: CallerLists = field(default_factory=CallerLists)
    categories: Mapping[str, Category] = field(default_factory=dict)
    hours: Mapping[str, WeekHours] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    menus: Mapping[str, MenuTree] = field(default_factory=dict)
    queues: Mapping[str, WaitingQueue] = field(default_factory=dict)
    operators: Mapping[str, Operator] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    treatments: Treatments = field(default_factory=Treatments)
    phrases: Mapping[tuple[Phrase, str], str] = field(default_factory=dict)
    pins: Mapping[str, str] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    recordings: Mapping[str, Recording] = field(default_factory=dict)
    countries: frozenset[str] = frozenset()
    language: str = "en"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def operators_of(self, queue_id: str, not_rung: Set[str] = frozenset()) -> list[Operator]:
        """The available operators of a queue who may be rung, in their order."""
        members = [one for one in self.operators.values() if queue_id in one.queue_ids and one.available]
        return self._to_ring(members, not_rung)

    def desk_of(self, queue_id: str, not_rung: Set[str] = frozenset()) -> tuple[Leg, ...]:
        """Who is rung one after the other for a rule that connects: those who serve the queue, and never management."""
        return tuple(one.leg for one in self.operators_of(queue_id, not_rung) if not one.management)

    def rung_first_for(self, clients: Sequence[Client]) -> str:
        """The operator (id) who is rung before the others for whoever uses a number: the one who looks after all of them,
        where their category says so. Empty for nobody."""
        category = self.categories.get(category_id_of(clients) or "")
        if category is None or not category.responsible_first:
            return ""
        responsible = {one.responsible_id for one in clients}
        (only,) = responsible if len(responsible) == 1 else (None,)
        return only if only is not None and only in self.operators else ""

    def operators_at_work(self) -> list[Operator]:
        """The available operators of all queues who may be rung."""
        return self._to_ring((one for one in self.operators.values() if one.queue_ids and one.available), frozenset())

    def vip_chain(self, not_rung: Set[str] = frozenset(), at: datetime | None = None) -> tuple[Leg, ...]:
        """Who is rung one after the other for a VIP who called ``at`` that moment: management, those last who are away, and
        not those whose quiet hours it is; without any, the available operators. Without a moment nobody is quiet."""
        everybody = self._to_ring(self.operators.values(), not_rung)
        management = tuple(one.leg for one in _management(everybody) if at is None or not one.is_quiet(at))
        if management:
            return management
        return tuple(one.leg for one in everybody if one.available and not one.management)

    def urgent_chain(self, not_rung: Set[str], at: datetime) -> tuple[Leg, ...]:
        """Who is rung one after the other for a VIP who called ``at`` that moment and has said that it is urgent: those of
        management whose quiet hours allow it, then :meth:`vip_chain`. Empty while somebody of management is not quiet, and
        where nobody allows it."""
        managers = _management(self._to_ring(self.operators.values(), not_rung))
        if not all(one.is_quiet(at) for one in managers):
            return ()
        woken = tuple(one.leg for one in managers if one.quiet is not None and one.quiet.unless_urgent)
        return (*woken, *self.vip_chain(not_rung, at)) if woken else ()

    def leg_behind_key(self, operator_id: str | None, not_rung: Set[str] = frozenset()) -> Leg | None:
        """Whom a menu rings that names this operator: never management, which is rung for VIPs only."""
        named = self.operators.get(operator_id or "")
        if named is None or named.management:
            return None
        return next((one.leg for one in self._to_ring((named,), not_rung)), None)

    def service_of(self, queue_id: str, not_rung: Set[str] = frozenset()) -> Service:
        """Whether somebody serves a queue: who is talking or being rung serves it too."""
        if self.operators_of(queue_id, not_rung):
            return Service.SERVED
        members = [one for one in self.operators.values() if queue_id in one.queue_ids]
        return Service.ALL_AWAY if any(one.leg.operator_id not in not_rung for one in members) else Service.NOBODY

    def overflow_of(self, queue_id: str, not_rung: Set[str] = frozenset()) -> Overflow:
        """Where the queue's callers go whom it cannot serve. A queue that nobody serves either sends them on by its own
        rule; a way that leads nowhere ends with a message."""
        seen = {queue_id}
        while True:
            queue = self.queues.get(queue_id)
            over = queue.otherwise if queue is not None else Overflow()
            match over.way:
                case Way.QUEUE if over.queue_id in self.queues and over.queue_id not in seen:
                    if self.service_of(over.queue_id, not_rung) is Service.SERVED:
                        return over
                    seen.add(over.queue_id)
                    queue_id = over.queue_id
                case Way.NUMBER if self.may_ring(over.number) and over.number not in self.lines:
                    return over
                case Way.QUEUE | Way.NUMBER:
                    return Overflow()
                case _:
                    return over

    def longest_wait_in(self, queue_id: str) -> int:
        """The seconds after which a caller of this queue is sent elsewhere."""
        queue = self.queues.get(queue_id)
        own = queue.max_wait_seconds if queue is not None else None
        return self.treatments.longest_wait_seconds if own is None else own

    def may_ring(self, address: str | None) -> bool:
        """Whether somebody has this address, and it may be rung: see :mod:`routing.dialling`."""
        return address is not None and may_be_rung(address, self.countries)

    def rings_on(self, line_number: str) -> Rings:
        """How people are rung for a call to ``line_number``."""
        line = self.lines.get(line_number)
        return line.rings if line is not None else ANY

    def beyond(self, line_number: str) -> frozenset[str]:
        """The operators (ids) whom the provider of the line cannot ring: calls to it are not theirs."""
        rings = self.rings_on(line_number)
        if rings.browser_phones:
            return _NOBODY
        return frozenset(one.leg.operator_id for one in self.operators.values() if not rings.can_ring(one.leg.address))

    def operators_at(self, addresses: Collection[CallerId]) -> frozenset[str]:
        """The operators (ids) whose telephones have one of these addresses."""
        wanted = {telephone_at(address_of(one)) for one in addresses}
        return frozenset(
            one.leg.operator_id for one in self.operators.values() if telephone_at(one.leg.address) in wanted
        )

    def operator_at(self, address: str) -> Operator | None:
        """Whose telephone has this address, however a provider spells it."""
        operators = self.operators.values()
        if (exactly := next((one for one in operators if one.leg.address == address), None)) is not None:
            return exactly
        wanted = telephone_at(address)
        return next((one for one in operators if telephone_at(one.leg.address) == wanted), None)

    def _to_ring(self, operators: Iterable[Operator], not_rung: Set[str]) -> list[Operator]:
        there = [one for one in operators if one.leg.operator_id not in not_rung and self.may_ring(one.leg.address)]
        return sorted(there, key=lambda one: (one.position, one.leg.operator_id))

    def calendar_of(self, line: Line) -> Calendar:
        """The days on which the line differs from its week."""
        return self.calendars.get(line.id, self.calendar)

    def opening_of(self, line: Line, now: datetime, hours_id: str | None = None) -> Opening | None:
        """Whether the line is open, by the hours ``hours_id`` if there are such, else by its own; None without any, unless
        somebody has closed it. What was said by hand goes before all hours."""
        week = self.hours.get(hours_id or "") or self.hours.get(line.hours_id or "")
        if line.by_hand is not None and line.by_hand.counts(now):
            return opening_by_hand(line.by_hand, now, line.zone, week, self.calendar_of(line))
        return None if week is None else opening_at(now, line.zone, week, self.calendar_of(line))

    def receives(self, caller: Caller, line: Line, now: datetime) -> bool:
        """Whether it is an hour at which ``caller`` is received on ``line``: by the hours of a known client's category if it
        has any, else by the line's."""
        category = self.categories.get(caller.category_id or "")
        if category is not None and category.ignores_hours:
            return True
        opening = self.opening_of(line, now, category.hours_id if category is not None else None)
        return opening is None or opening.open

    def blocks(self, caller: Caller) -> bool:
        """Whether the blacklist decides about ``caller``. A protected number and a line of our own are never blocked."""
        entry, number = caller.blacklist, caller.caller_id.number
        return (
            entry is not None and caller.winner is entry and number not in self.protected and number not in self.lines
        )

    def default_queue_id(self, line: Line) -> str | None:
        """The line's queue, or the tenant's first one."""
        return line.queue_id if line.queue_id in self.queues else next(iter(sorted(self.queues)), None)


def _management(operators: Iterable[Operator]) -> list[Operator]:
    """Those of management, in the order in which VIPs ring them: who is away comes last."""
    return sorted((one for one in operators if one.management), key=lambda one: not one.available)


def countries_of(lines: Iterable[Line], treatments: Treatments) -> frozenset[str]:
    """The countries whose numbers a company may ring: those of its lines, and those that an admin has named."""
    return frozenset(line.country for line in lines) | frozenset(treatments.countries)


def address_of(caller: CallerId) -> str:
    """Where the caller would be rung, in lower case; empty for whoever has no address."""
    match caller.kind:
        case CallerKind.NUMBER:
            return caller.value
        case CallerKind.SIP:
            return f"sip:{caller.value}".lower()
        case CallerKind.CLIENT:
            return f"client:{caller.value}".lower()
        case _:
            return ""
