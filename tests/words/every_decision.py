"""Decisions of every kind: whatever a question can find is among them."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.answering.answer_call import decide_neutrally
from app.answering.fill_gaps import as_filled_in
from filters.attestation import Attestation
from filters.caller import CallerLists
from filters.caller_id import read_caller_id
from filters.category import Category
from filters.clients import Client, ClientIndex, Standing
from filters.entries import EntryIndex, Treatment
from filters.pattern import Pattern, PatternKind
from filters.subscribed_numbers import SubscribedNumbers, packed_numbers
from filters.subscription import Subscription, SubscriptionState
from filters.vip import VipPolicy
from filters.vip_pin import PinOutcome
from routing.call import IncomingCall
from routing.decision import decide
from routing.fake_queue import Caps, HeldSoFar
from routing.hours import Calendar, WeekHours
from routing.inquiry import Decision
from routing.overflow import Overflow, Way
from routing.plan import HiddenTreatment, RoutingPlan, Treatments, WaitingQueue
from routing.quiet_hours import QuietHours
from routing.rules import Rule, RuleAction, Rules, RuleState, When
from tests import cast
from tests.routing.a_plan import (
    AWAY,
    CHRISTMAS_NIGHT,
    FRIDAY_MORNING,
    FRIDAY_NIGHT,
    LINE,
    MARTIN,
    OLGA,
    PARIS,
    a_plan,
    asked,
    entry,
)

REGULAR, TRADE, GONE, NIGHT, DESK = "Regular", "Trade", "Gone", "Night", "Desk"
CATEGORIES = [
    Category("regular", REGULAR, priority=20),
    Category("trade", TRADE, queue_id="q-gold"),
    Category("gone", GONE, queue_id="q-none"),
    Category("night", NIGHT, priority=5, ignores_hours=True),
    Category("desk", DESK, queue_id="q-gold", hours_id="office"),
]
CLIENTS = [
    Client("c1", "Clara", frozenset({cast.CLARA}), category_id="regular"),
    Client("c2", "Tom", frozenset({"+33639980020"}), category_id="trade"),
    Client("c3", "Gus", frozenset({"+33639980021"}), category_id="gone"),
    Client("c4", "Nora", frozenset({"+33639980022"}), category_id="night"),
    Client("c5", "Ann", frozenset({"+33639980023"}), category_id="regular"),
    Client("c6", "Bea", frozenset({"+33639980023"}), category_id="trade"),
    Client("c7", "Viktor", frozenset({"+33639980024"}), standing=Standing.VIP),
    Client("c9", "Dan", frozenset({"+33639980026"}), category_id="desk"),
    Client("c8", "Bob", frozenset({"+33639980025"}), frozenset({"+33639980025"}), standing=Standing.BLACKLISTED),
]
ENTRIES_MADE: dict[str, Any] = {
    "vip": [
        entry("+3363998003", PatternKind.PREFIX, label="Hotel, 4th floor"),
        entry("+33639980040", PatternKind.RANGE, "+33639980049"),
        entry("+33639980050", label="Old", expires_at=FRIDAY_MORNING - timedelta(days=9)),
        entry("BE", PatternKind.COUNTRY, label="Belgium"),
        entry(cast.OLGA, label="Olga"),
    ],
    "blacklist": [
        entry("+33639980031", label="Room 1"),
        entry("+336399803", PatternKind.PREFIX, label="village"),
        entry("+33639980302", label="the mayor", treatment=Treatment.ALLOW),
        entry("+33639980060", lines=frozenset({"second"})),
        entry(cast.VERA, label="tie", id="tie"),
        entry("DE", PatternKind.COUNTRY),
        entry(cast.MARTIN, label="protected"),
    ],
}
OTHERS = SubscribedNumbers(packed_numbers((), [Pattern(PatternKind.PREFIX, "+336399800")]))
CALLERS = [
    cast.VERA, cast.BORIS, cast.UMA, cast.CLARA, cast.OLGA, cast.MARTIN, cast.LINE, cast.SECOND_LINE,
    "+33639980301", "+33639980302", f"sip:{cast.VERA}@h.example", "anonymous", "",
    "112", "3949", "sip:uma@example.org", "client:uma", "nonsense", "+33639980031", "+33639980032", "+33639980041",
    "+33639980050", "+33639980060", "+4915112345678", "+3225551212", *(f"+336399800{place}" for place in range(20, 27)),
]  # fmt: skip


def plans() -> Iterator[RoutingPlan]:
    """Companies that are set up in every way that a question looks at."""
    no_operators: dict[str, Any] = {"operators": {}}
    for policy, hidden in zip(itertools.cycle(VipPolicy), HiddenTreatment, strict=False):
        treatments = Treatments(vip_policy=policy, withheld=hidden, unavailable=hidden)
        lines: list[tuple[Any, dict[str, Any]]] = [
            (LINE, {}),
            (replace(LINE, menu_id="m-main", label="Ligne, principale"), no_operators),
            (replace(LINE, hours_id=None, queue_id=None), {}),
            (replace(LINE, hours_id=None, queue_id=None), no_operators | {"queues": {}}),
            (LINE, {"calendar": Calendar(closed_days={CHRISTMAS_NIGHT.date(): "Pont"})}),
            (LINE, {"hours": {"office": WeekHours("office", (((1200, 420),),) * 7)}}),
            (replace(LINE, toll_free=True, hours_id=None), {}),
        ]
        for line, fields in lines:
            yield a_plan(
                line=line, treatments=treatments, clients=CLIENTS, categories=CATEGORIES, **ENTRIES_MADE, **fields
            )
    yield a_plan(operators={"olga": replace(OLGA, presence=AWAY)})
    yield a_plan(operators={"martin": replace(MARTIN, quiet=QuietHours((0, 1440), PARIS, unless_urgent=True))})
    for otherwise in (Overflow(Way.QUEUE, "q-gold"), Overflow(Way.NUMBER, number=cast.OSCAR)):
        queues = {
            "q-main": WaitingQueue("q-main", "Accueil", otherwise=otherwise),
            "q-gold": WaitingQueue("q-gold", "Gold"),
        }
        yield a_plan(queues=queues, operators={"olga": replace(OLGA, queue_ids=frozenset({"q-gold"}))})
    yield a_plan(lists=CallerLists(blacklist=EntryIndex.of([entry(cast.BORIS, treatment=Treatment.BUSY)])))
    others = (Subscription("s1", "Others", SubscriptionState.SHADOW, OTHERS),)
    yield a_plan(lists=CallerLists(subscriptions=others))
    standings = [replace(one, standing=Standing.BLACKLISTED) for one in CLIENTS]
    yield a_plan(lists=CallerLists(clients=ClientIndex.of(standings)))


def _by_rules(plan: RoutingPlan) -> Iterator[Decision]:
    """Of a company whose rules do everything that a rule can do."""
    for action in RuleAction:
        for state, target in ((RuleState.ACTIVE, "q-gold"), (RuleState.SHADOW, "q-gold"), (RuleState.ACTIVE, "q-none")):
            menu_id = "m-main" if target == "q-gold" else "m-none"
            rule = Rule("r1", "France", When(country="FR"), action, target, menu_id, {"fr": "Bonjour."}, state)
            for caller in (cast.UMA, cast.VERA):
                by_rule = replace(plan, rules=Rules.of([rule]))
                yield asked(caller, by_rule)
                yield asked(caller, by_rule, held_at_once=99)
                yield asked(caller, by_rule, released=True)
                yield asked(caller, replace(by_rule, operators={}, queues={}))


def decisions() -> Iterator[Decision]:
    """Some two thousand."""
    for plan in plans():
        for caller, at in itertools.product(CALLERS, (FRIDAY_MORNING, FRIDAY_NIGHT, CHRISTMAS_NIGHT)):
            yield asked(caller, plan, at)
        with_pin = replace(plan, pins={f"e-{cast.VERA}": "sealed"})
        forged: dict[str, Any] = {"attestation": Attestation.FAILED, "pin_of": f"e-{cast.VERA}"}
        for outcome in (None, *PinOutcome):
            yield asked(cast.VERA, with_pin, pin=outcome, **forged)
        yield asked(cast.VERA, with_pin, locked_pins=frozenset(with_pin.pins), **forged)
        for attestation in Attestation:
            yield asked(cast.VERA, plan, attestation=attestation)
            yield asked(cast.VERA, plan, attestation=attestation, calls_at_once=9)
            yield asked("112", plan, attestation=attestation)
        yield asked(cast.UMA, plan, calls_at_once=9)
        yield asked(cast.BORIS, plan, held_at_once=99)
        yield asked(cast.BORIS, plan, released=True)
        for held in (HeldSoFar(of_number=9e9), HeldSoFar(on_line=9e9), HeldSoFar(in_all=9e9)):
            caps = Caps(number_minutes=1, line_minutes=1, month_minutes=1)
            capped = replace(plan, treatments=replace(plan.treatments, caps=caps))
            yield asked(cast.BORIS, capped, held_so_far=held)
        yield from _by_rules(plan)
        yield asked(cast.SECOND_LINE, plan, recent_hops=9)
        yield asked(cast.UMA, plan, to="+33199009999")
        for caller in (cast.BORIS, cast.UMA, cast.VERA):
            call = IncomingCall("CA" + "0" * 32, cast.LINE, read_caller_id(caller, "FR"))
            yield decide_neutrally(call, plan, FRIDAY_MORNING)
            yield as_filled_in(
                decide_neutrally(call, plan, FRIDAY_MORNING), decide(call, plan, FRIDAY_MORNING).reason.code
            )
