"""A company's plan for tests: two lines, two queues, a menu, office hours, a manager, an operator, and the cast."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from filters.attestation import Attestation
from filters.caller import CallerLists
from filters.caller_id import read_caller_id
from filters.category import Category
from filters.clients import Client, ClientIndex
from filters.entries import EntryIndex, ListEntry, Treatment
from filters.pattern import PatternKind, read_pattern
from routing.actions import Leg
from routing.call import IncomingCall
from routing.decision import decide
from routing.findings import Finding, Question
from routing.hours import Calendar, WeekHours
from routing.inquiry import Decision
from routing.menu import MenuTarget, MenuTree, TargetKind
from routing.plan import Line, Operator, RoutingPlan, Treatments, WaitingQueue
from routing.presence import Presence, PresenceState
from tests import cast

PARIS = ZoneInfo("Europe/Paris")
FRIDAY_MORNING = datetime(2026, 7, 24, 8, tzinfo=UTC)  # 10:00 in Paris
FRIDAY_NIGHT = datetime(2026, 7, 24, 21, tzinfo=UTC)  # 23:00 in Paris
CHRISTMAS_NIGHT = datetime(2026, 12, 25, 2, tzinfo=UTC)  # 3:00 in Paris
CHRISTMAS = CHRISTMAS_NIGHT.date()
OFFICE = WeekHours("office", (((540, 1080),),) * 5 + ((), ()))
LINE = Line("main", cast.LINE, "Accueil", "FR", PARIS, "fr", hours_id="office", queue_id="q-main")
MARTIN = Operator(Leg("martin", "Martin", cast.MARTIN, 15, confirm=True), management=True)
OLGA = Operator(Leg("olga", "Olga", cast.OLGA), frozenset({"q-main", "q-gold"}))
AWAY = Presence(PresenceState.BREAK)
MENU = MenuTree("m-main", "Accueil", {"fr": "Tapez 1."}, {"1": MenuTarget(TargetKind.QUEUE, "q-main")})


def entry(number: str, kind: PatternKind = PatternKind.EXACT, to: str | None = None, **fields: Any) -> ListEntry:
    """A list entry as typed by somebody in France."""
    return ListEntry(fields.pop("id", f"e-{number}"), read_pattern(kind, number, to, "FR"), **fields)


def a_plan(
    *,
    vip: Iterable[ListEntry] = (),
    blacklist: Iterable[ListEntry] = (),
    clients: Iterable[Client] = (),
    categories: Iterable[Category] = (),
    line: Line = LINE,
    **fields: Any,
) -> RoutingPlan:
    """A plan in which Vera is a VIP and Boris is blacklisted, whatever else is asked for."""
    defaults: dict[str, Any] = {
        "lines": {line.number: line, cast.SECOND_LINE: replace(line, id="second", number=cast.SECOND_LINE)},
        "lists": CallerLists(
            EntryIndex.of([entry(cast.VERA, label="Vera"), *vip]),
            EntryIndex.of([entry(cast.BORIS, label="Boris"), *blacklist]),
            ClientIndex.of(clients),
        ),
        "categories": {category.id: category for category in categories},
        "hours": {"office": OFFICE},
        "calendar": Calendar({CHRISTMAS: "Noël"}),
        "menus": {"m-main": MENU},
        "queues": {"q-main": WaitingQueue("q-main", "Accueil"), "q-gold": WaitingQueue("q-gold", "Gold")},
        "operators": {"martin": MARTIN, "olga": OLGA},
        "protected": frozenset({cast.MARTIN, cast.OLGA, cast.LINE, cast.SECOND_LINE}),
        "treatments": Treatments(),
        "countries": frozenset({"FR"}),
    }
    return RoutingPlan("tenant", "Maison Vera", 7, **(defaults | fields))


def treated(treatment: Treatment | None, line: Line = LINE) -> RoutingPlan:
    """A plan whose entry for Boris asks for ``treatment``."""
    lists = CallerLists(blacklist=EntryIndex.of([entry(cast.BORIS, label="Boris", treatment=treatment)]))
    return a_plan(lists=lists, line=line)


def asked(
    caller: str,
    plan: RoutingPlan | None = None,
    at: datetime = FRIDAY_MORNING,
    *,
    to: str = cast.LINE,
    attestation: Attestation = Attestation.NONE,
    recent_hops: int = 0,
    **more: Any,
) -> Decision:
    """What happens to a call."""
    call = IncomingCall("CA" + "0" * 32, to, read_caller_id(caller, "FR"), attestation, recent_hops, **more)
    return decide(call, plan or a_plan(), at)


def found(decision: Decision, question: Question) -> Finding:
    """What ``question`` found, which must have been asked."""
    (finding,) = [one for one in decision.trace if one.found.question is question]
    return finding
