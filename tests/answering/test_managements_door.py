"""Whole calls through companies set up at random: whom the documents ring, whatever callers press and whoever does not
answer."""

import asyncio
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.answer_call import builder, not_rung_for
from app.answering.answers import Answer, Ask, GoOn, Hold, Leave, Ring, Wait
from app.answering.continue_call import continue_call
from app.answering.report import CallReport
from app.event_log.open_calls import OpenCalls
from app.providers.addresses import Addresses
from app.providers.capabilities import degrade
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from filters.attestation import Attestation
from filters.caller_id import read_caller_id
from filters.category import Category
from filters.clients import Client
from routing.actions import Leg
from routing.call import IncomingCall
from routing.decision import decide
from routing.dialling import fault_of
from routing.menu import MenuTarget, MenuTree, TargetKind
from routing.plan import Operator, RoutingPlan
from routing.presence import Presence
from routing.quiet_hours import QuietHours
from routing.reasons import ReasonCode
from routing.step import Step, StepKind
from tests import cast
from tests.routing.a_plan import AWAY, CHRISTMAS_NIGHT, FRIDAY_MORNING, LINE, PARIS, a_plan

CALL = "CA" + "0" * 32
MOST_STEPS = 25
NIGHT = QuietHours((22 * 60, 7 * 60), PARIS)
ADDRESSES = [
    cast.MARTIN, cast.OLGA, cast.OSCAR, "sip:sam@pbx.example.org", "+4915112345678", "+881612345678",
    "sip:+4915112345678@trunk.example.org", "sip:a@127.0.0.1",
]  # fmt: skip
IDS = [f"o{place}" for place in range(len(ADDRESSES))]
CALLERS = [
    cast.VERA, cast.BORIS, cast.UMA, cast.CLARA, cast.MARTIN, cast.OLGA, "client:oscar", "sip:sam@pbx.example.org",
    "anonymous", "112",
]  # fmt: skip
FORWARDED_FROM = ["", cast.MARTIN, cast.OLGA, "06 39 98 00 10", "sip:sam@pbx.example.org", "client:oscar"]
TARGETS = st.one_of(
    st.builds(MenuTarget, st.just(TargetKind.OPERATOR), st.sampled_from(IDS)),
    st.builds(MenuTarget, st.just(TargetKind.QUEUE), st.sampled_from(["q-main", "q-gold"])),
    st.builds(MenuTarget, st.just(TargetKind.MENU), st.sampled_from(["m-main", "m-other"])),
    st.builds(MenuTarget, st.just(TargetKind.REPEAT)),
)
KEYS = st.dictionaries(st.sampled_from(["1", "2", "10", "12"]), TARGETS, min_size=1)


@st.composite
def plans(draw: st.DrawFn) -> RoutingPlan:
    """A company whose operators, menus and categories are anything that can be stored, and some that cannot."""
    operators = {
        one: Operator(
            Leg(one, one, address, 15, draw(st.booleans())),
            draw(st.sets(st.sampled_from(["q-main", "q-gold"])).map(frozenset)),
            draw(st.booleans()),
            draw(st.integers(0, 2)),
            draw(st.sampled_from([Presence(), AWAY])),
            draw(st.sampled_from([None, NIGHT, replace(NIGHT, unless_urgent=True)])),
        )
        for one, address in zip(IDS, ADDRESSES, strict=True)
        if draw(st.booleans())
    }
    menus = {name: MenuTree(name, name, {"fr": "."}, draw(KEYS), otherwise=None) for name in ("m-main", "m-other")}
    category = Category(
        "c", "Gold", draw(st.sampled_from([None, "q-gold"])), draw(st.sampled_from([None, "m-other"])),
        draw(st.sampled_from([0, 10, 100, 500, 1000, 5000])),
    )  # fmt: skip
    line = replace(
        LINE, menu_id=draw(st.sampled_from([None, "m-main"])), queue_id=draw(st.sampled_from([None, "q-main"]))
    )
    return a_plan(
        line=line, operators=operators, menus=menus, categories=[category],
        clients=[Client("clara", "Clara", frozenset({cast.CLARA}), category_id="c")],
        countries=draw(st.sampled_from([frozenset({"FR"}), frozenset({"FR", "DE"})])),
    )  # fmt: skip


class _Journal:
    async def append(self, *facts: object) -> None:
        """Nothing is kept."""


def a_board(plan: RoutingPlan, now: datetime) -> Any:
    """As much of a switchboard as a running call looks at."""
    board: Any = SimpleNamespace(
        clock=lambda: now,
        live_plan=SimpleNamespace(plan_of=lambda _: plan),
        open_calls=OpenCalls(),
        journal=_Journal(),
        offers_turn=SimpleNamespace(is_taken=False),
        feed=SimpleNamespace(unread_since=None),
    )
    board.record = partial(Switchboard.record, board)
    return board


def next_step(answer: Answer, data: st.DataObject) -> tuple[Step, dict[str, Any]] | None:
    """Where the provider asks next and what it says there; None when the call is over."""
    match answer:
        case Ring(then=Step() as then):
            return then, {"ring_result": data.draw(st.sampled_from(["no-answer", "busy", "failed"]))}
        case Ask(keys=keys, silence=Step() as silence):
            pressed = data.draw(st.sampled_from(["", "1", "2", "10", "12", "0", "9", "1#"]))
            return (keys, {"keys": pressed}) if pressed else (silence, {})
        case Wait(step=step):
            return step, {"queue_seconds": 0}
        case GoOn(step=step):
            return step, {}
        case _:
            return None


def check_rung(
    answer: Answer,
    plan: RoutingPlan,
    not_rung: frozenset[str],
    began: datetime,
    *,
    vip: bool,
    queued: bool,
    urgent: bool,
) -> None:
    """The promises about one answer. Whoever is management may serve a queue as well, and then is rung like all who do."""
    if not isinstance(answer, Ring):
        return
    for provider in PROVIDERS.values():
        document = provider.write(
            degrade(answer, provider.capabilities), Addresses("http://x", provider.name, b"k" * 32)
        )
        assert all(dial.get("timeLimit") for dial in ET.fromstring(document).iter("Dial"))
    by_address = {one.leg.address: one for one in plan.operators.values()}
    for callee in answer.callees:
        operator = by_address[callee.address]
        assert operator.leg.operator_id not in not_rung
        assert fault_of(callee.address, plan.countries) is None
        assert vip or queued or not operator.management
        if operator.management and not queued and operator.quiet is not None and operator.is_quiet(began):
            assert urgent
            assert operator.quiet.unless_urgent


@settings(max_examples=100, deadline=None)
@given(
    plans(), st.sampled_from(CALLERS), st.sampled_from(FORWARDED_FROM), st.sampled_from(Attestation),
    st.sampled_from([FRIDAY_MORNING, CHRISTMAS_NIGHT]), st.data(),
)  # fmt: skip
def test_only_a_vip_reaches_management_and_nobody_is_rung_who_must_not_be(
    plan: RoutingPlan, said: str, forwarded_from: str, attestation: Attestation, now: datetime, data: st.DataObject
) -> None:
    caller = read_caller_id(said, "FR")
    not_rung = not_rung_for(plan, caller, forwarded_from, cast.LINE)
    assert {plan.operators[one].leg.address for one in not_rung} <= {said, forwarded_from, cast.MARTIN}
    call = IncomingCall(CALL, cast.LINE, caller, attestation, not_rung=not_rung)
    decision = decide(call, plan, now)
    vip, queued, urgent, began = decision.reason.code is ReasonCode.VIP, False, False, now
    answer = builder(plan, call, decision.language, int(now.timestamp())).action(decision.action)
    board = a_board(plan, now)
    for _ in range(MOST_STEPS):
        check_rung(answer, plan, not_rung, began, vip=vip, queued=queued, urgent=urgent)
        queued = queued or isinstance(answer, Wait)
        going_on = next_step(answer, data)
        if going_on is None:
            break
        step, told = going_on
        urgent = urgent or (step.kind is StepKind.URGENT_KEY and told["keys"] == "1")
        report = CallReport("twilio", "AC", CALL, "", "in-progress", said, cast.LINE, attestation=attestation, **told)
        answer = asyncio.run(continue_call(board, "tenant", report, step))
        if isinstance(answer, Leave):
            left = replace(step, kind=StepKind.LEFT_QUEUE)
            answer = asyncio.run(continue_call(board, "tenant", report._replace(queue_result="leave"), left))
        elif isinstance(answer, Hold):
            break
        now += timedelta(seconds=20)
        board.clock = lambda now=now: now


def test_a_client_of_high_priority_whose_operator_does_not_answer_comes_into_the_queue() -> None:
    menu = MenuTree("m-main", "Accueil", {"fr": "."}, {"1": MenuTarget(TargetKind.OPERATOR, "olga")})
    plan = a_plan(
        menus={"m-main": menu}, line=replace(LINE, menu_id="m-main"), categories=[Category("c", "Gold", priority=10)],
        clients=[Client("clara", "Clara", frozenset({cast.CLARA}), category_id="c")],
    )  # fmt: skip
    call = IncomingCall(CALL, cast.LINE, read_caller_id(cast.CLARA, "FR"))
    board = a_board(plan, FRIDAY_MORNING)
    asking = builder(plan, call, "fr", int(FRIDAY_MORNING.timestamp())).action(
        decide(call, plan, FRIDAY_MORNING).action
    )
    assert isinstance(asking, Ask)
    report = CallReport("twilio", "AC", CALL, "", "in-progress", cast.CLARA, cast.LINE)
    ringing = asyncio.run(continue_call(board, "tenant", report._replace(keys="1"), asking.keys))
    assert isinstance(ringing, Ring)
    assert [one.address for one in ringing.callees] == [cast.OLGA]
    assert ringing.then is not None
    then = asyncio.run(continue_call(board, "tenant", report._replace(ring_result="no-answer"), ringing.then))
    assert isinstance(then, Wait)
    assert then.step.priority == 10


def test_a_key_that_leads_to_management_leads_to_the_queue() -> None:
    menu = MenuTree("m-main", "Accueil", {"fr": "."}, {"1": MenuTarget(TargetKind.OPERATOR, "martin")})
    plan = a_plan(menus={"m-main": menu}, line=replace(LINE, menu_id="m-main"))
    step = Step(StepKind.MENU_KEY, cast.LINE, int(FRIDAY_MORNING.timestamp()), "m-main", language="fr")
    report = CallReport("twilio", "AC", CALL, "", "in-progress", cast.UMA, cast.LINE, keys="1")
    assert isinstance(asyncio.run(continue_call(a_board(plan, FRIDAY_MORNING), "tenant", report, step)), Wait)
