"""The routing plan of one tenant: everything a decision needs, frozen, with the revision it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from filters.caller import Caller, CallerLists
from filters.category import Category
from filters.entries import Treatment
from filters.vip import VipPolicy
from routing.actions import Leg, Phrase
from routing.hours import Calendar, WeekHours
from routing.menu import MenuTree


class HiddenTreatment(StrEnum):
    """What callers without a number get. Hospitals, police and old exchanges withhold theirs, so the default is the
    ordinary way."""

    ORDINARY = "ordinary"
    QUEUE = "queue"
    MESSAGE = "message"
    VOICEMAIL = "voicemail"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Line:
    """A number of ours (DID) and how its calls are received. What is None is simply skipped.
    ``provider`` is the name of who carries it."""

    id: str
    number: str
    label: str
    country: str
    zone: ZoneInfo
    language: str
    hours_id: str | None = None
    menu_id: str | None = None
    queue_id: str | None = None
    greeting: str = ""
    closed_text: str = ""
    toll_free: bool = False
    provider: str = "twilio"


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who takes calls. ``management`` people form the VIP chain in the order of ``position``."""

    leg: Leg
    queue_ids: frozenset[str] = frozenset()
    management: bool = False
    position: int = 0
    available: bool = True


@dataclass(frozen=True, slots=True)
class WaitingQueue:
    """A queue for operators; ``name`` is also its name at the provider (at most 64 characters there)."""

    id: str
    name: str
    announcement: str = ""


@dataclass(frozen=True, slots=True)
class Treatments:
    """The tenant's choices where a caller is not received in the ordinary way."""

    blacklist: Treatment = Treatment.FAKE_QUEUE
    fake_queue_cap_seconds: int = 1800
    withheld: HiddenTreatment = HiddenTreatment.ORDINARY
    unavailable: HiddenTreatment = HiddenTreatment.ORDINARY
    vip_policy: VipPolicy = VipPolicy.UNLESS_DOUBTFUL


@dataclass(frozen=True, slots=True)
class RoutingPlan:
    """One tenant's rules as of ``revision``. Mappings are keyed by id, except ``lines`` (by E.164 number). ``calendars`` are
    those of lines with days of their own, by the line's id; all others keep ``calendar``."""

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

    def operators_of(self, queue_id: str) -> list[Operator]:
        """The available operators of a queue, in their order."""
        members = [one for one in self.operators.values() if queue_id in one.queue_ids and one.available]
        return sorted(members, key=lambda one: (one.position, one.leg.operator_id))

    def vip_chain(self) -> tuple[Leg, ...]:
        """Who is rung for a VIP, one after the other: management, at any hour; without any, the available operators."""
        ordered = sorted(self.operators.values(), key=lambda one: (one.position, one.leg.operator_id))
        management = tuple(one.leg for one in ordered if one.management)
        return management or tuple(one.leg for one in ordered if one.available)

    def calendar_of(self, line: Line) -> Calendar:
        """The days on which the line differs from its week."""
        return self.calendars.get(line.id, self.calendar)

    def blocks(self, caller: Caller) -> bool:
        """Whether the blacklist decides about ``caller``. A protected number and a line of our own are never blocked."""
        entry, number = caller.blacklist, caller.caller_id.number
        return (
            entry is not None and caller.winner is entry and number not in self.protected and number not in self.lines
        )

    def default_queue_id(self, line: Line) -> str | None:
        """The line's queue, or the tenant's first one."""
        return line.queue_id if line.queue_id in self.queues else next(iter(sorted(self.queues)), None)
