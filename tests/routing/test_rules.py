"""A company's own rules: their order decides, those in shadow or off change nothing, and no rule meets a VIP, a blacklisted
caller or a protected number."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.strangers import Strangers
from filters.attestation import Attestation
from filters.caller_id import CallerKind, read_caller_id
from filters.category import Category
from filters.clients import Client
from routing.actions import Connect, FakeQueue, Menu, Message, Phrase, Queue, Reject, RejectReason, RingOut, Voicemail
from routing.call import IncomingCall
from routing.decision import decide
from routing.findings import Found, Question
from routing.inquiry import Decision
from routing.plan import RoutingPlan
from routing.reasons import ReasonCode
from routing.rules import Repeated, Rule, RuleAction, Rules, RuleState, When
from tests import cast
from tests.routing.a_plan import FRIDAY_MORNING, FRIDAY_NIGHT, LINE, MARTIN, OLGA, a_plan, asked

SPAIN = "+34912345678"
CLARA = Client("c", "Clara", frozenset({cast.CLARA}), category_id="regular")
REGULAR = Category("regular", "Regulars", priority=20)
CALLERS = [cast.VERA, cast.BORIS, cast.UMA, cast.CLARA, cast.MARTIN, cast.LINE, SPAIN, "anonymous", "", "112", "3949",
           "sip:uma@example.org", "nonsense"]  # fmt: skip

whens = st.builds(
    When, st.sampled_from(["", "FR", "ES"]), st.sampled_from(["", "+336", "+3363998000"]),
    st.sampled_from([None, CallerKind.WITHHELD, CallerKind.SIP, CallerKind.SHORT_CODE]),
    st.frozensets(st.sampled_from(Attestation), max_size=2), st.sampled_from(["", "ann"]), st.sampled_from(["", "regular"]),
    st.sampled_from(["", "main", "second"]), st.sampled_from([None, True, False]),
    st.sampled_from([None, Repeated(2, 10), Repeated(3, 60)]),
)  # fmt: skip
rules = st.builds(
    Rule, st.sampled_from(["r1", "r2"]), st.sampled_from(["First", "Second"]), whens, st.sampled_from(RuleAction),
    st.sampled_from(["", "q-main", "q-gold", "q-none"]), st.sampled_from(["m-main", "m-none"]),
    st.sampled_from([{}, {"fr": "Bonjour."}]), st.sampled_from(RuleState),
)  # fmt: skip
rule_sets = st.lists(rules, max_size=5)
calls = st.tuples(
    st.sampled_from(CALLERS), st.sampled_from([FRIDAY_MORNING, FRIDAY_NIGHT]), st.sampled_from(Attestation),
    st.sampled_from(["", "ANN Smith"]), st.sampled_from([(), (30.0,), (30.0, 900.0)]), st.sampled_from([1, 9]),
)  # fmt: skip


def a_company(of: list[Rule], **fields: Any) -> RoutingPlan:
    return a_plan(rules=Rules.of(of), clients=[CLARA], categories=[REGULAR], **fields)


def received(plan: RoutingPlan, call: Any, **more: Any) -> Decision:
    caller, at, attestation, name, earlier, at_once = call
    return asked(
        caller,
        plan,
        at,
        attestation=attestation,
        caller_name=name,
        earlier_calls=earlier,
        calls_at_once=at_once,
        **more,
    )


def outcome(decision: Decision) -> object:
    return decision.action, decision.reason


@given(rule_sets, calls)
def test_order_decides(of: list[Rule], call: Any) -> None:
    """With several rules the call goes where the first of them that decides alone would send it."""
    active = [one for one in of if one.state is RuleState.ACTIVE]
    alone = [
        decision for one in active if (decision := received(a_company([one]), call)).reason.code is ReasonCode.RULE
    ]
    together = received(a_company(active), call)
    expected = alone[0] if alone else received(a_company([]), call)
    if together.reason.code is ReasonCode.NOBODY_SERVES:
        return  # the queue of the first is not served, and the reason says so
    assert outcome(together) == outcome(expected)


@given(rule_sets, calls)
def test_what_is_in_shadow_or_off_changes_nothing_but_the_trace(of: list[Rule], call: Any) -> None:
    without = received(a_company([]), call)
    for state in (RuleState.SHADOW, RuleState.OFF):
        watched = received(a_company([replace(one, state=state) for one in of]), call)
        assert outcome(watched) == outcome(without)
        left = tuple(one for one in watched.trace if one.found is not Found.RULE_SHADOW)
        assert left == without.trace or Found.NOT_BY_RULES in {one.found for one in left}
        if state is RuleState.OFF:
            assert watched == without


@given(rule_sets, calls)
def test_no_rule_touches_a_vip_or_a_blacklisted_caller(of: list[Rule], call: Any) -> None:
    for caller in (cast.VERA, cast.BORIS):
        with_rules, without = (received(a_company(one), (caller, *call[1:])) for one in (of, []))
        assert outcome(with_rules) == outcome(without)


@given(rule_sets, calls, st.booleans(), st.integers(0, 40))
def test_no_rule_refuses_whom_nobody_may_refuse(of: list[Rule], call: Any, toll_free: bool, held: int) -> None:
    plan = a_company(of, line=replace(LINE, toll_free=toll_free))
    for caller, more in ((cast.MARTIN, {}), (cast.UMA, {"released": True})):
        decision = received(plan, (caller, *call[1:]), **more)
        assert decision.reason.code is not ReasonCode.RULE or not isinstance(
            decision.action, FakeQueue | RingOut | Reject
        )
    decision = received(plan, call, held_at_once=held)
    if isinstance(decision.action, FakeQueue):
        assert not toll_free
        assert held < plan.treatments.caps.at_once


@given(rule_sets, calls)
def test_no_rule_rings_management(of: list[Rule], call: Any) -> None:
    manager = replace(MARTIN, queue_ids=frozenset({"q-main", "q-gold"}))
    decision = received(a_company(of, operators={"martin": manager, "olga": OLGA}), call)
    if decision.reason.code is ReasonCode.RULE and isinstance(decision.action, Connect):
        assert [leg.operator_id for leg in decision.action.legs] == ["olga"]
        assert decision.action.at_desk


@given(rule_sets, st.lists(calls, min_size=1, max_size=6))
def test_strangers_are_decided_as_if_nobody_had_called_before(of: list[Rule], placed: list[Any]) -> None:
    plan, strangers = a_company(of), Strangers()
    for caller, at, attestation, name, earlier, at_once in placed:
        call = IncomingCall(
            "CA" + "0" * 32, cast.LINE, read_caller_id(caller, "FR"), attestation, calls_at_once=at_once,
            caller_name=name, earlier_calls=earlier,
        )  # fmt: skip
        assert strangers.decide(call, plan, at) == decide(call, plan, at)


@pytest.mark.parametrize(
    ("when", "caller", "facts", "fits"),
    [
        (When(country="ES"), SPAIN, {}, True),
        (When(country="ES"), cast.UMA, {}, False),
        (When(country="ES"), "anonymous", {}, False),
        (When(prefix="+3491"), SPAIN, {}, True),
        (When(prefix="+3491"), f"sip:{SPAIN}@example.org", {}, True),
        (When(kind=CallerKind.WITHHELD), "anonymous", {}, True),
        (When(kind=CallerKind.UNAVAILABLE), "", {}, True),
        (When(kind=CallerKind.SIP), "sip:uma@example.org", {}, True),
        (When(kind=CallerKind.SHORT_CODE), "3949", {}, True),
        (When(attestation=frozenset({Attestation.FAILED})), cast.UMA, {"attestation": Attestation.FAILED}, True),
        (When(attestation=frozenset({Attestation.FAILED})), cast.UMA, {}, False),
        (When(name="survey"), cast.UMA, {"caller_name": "Best  SURVEYS Ltd"}, True),
        (When(name="best survey"), cast.UMA, {"caller_name": "Best\u200b  ＳURVEY"}, True),
        (When(name="survey"), cast.UMA, {}, False),
        (When(category_id="regular"), cast.CLARA, {}, True),
        (When(category_id="regular"), cast.UMA, {}, False),
        (When(line_id="main"), cast.UMA, {}, True),
        (When(line_id="second"), cast.UMA, {}, False),
        (When(open=True), cast.UMA, {}, True),
        (When(open=False), cast.UMA, {"at": FRIDAY_NIGHT}, True),
        (When(open=False), cast.UMA, {}, False),
        (When(calls=Repeated(3, 10)), cast.UMA, {"earlier_calls": (10.0, 600.0)}, True),
        (When(calls=Repeated(3, 10)), cast.UMA, {"earlier_calls": (10.0, 601.0)}, False),
        (When(country="ES", open=False), SPAIN, {}, False),
    ],
)
def test_a_condition_holds_for_whom_it_says(when: When, caller: str, facts: dict[str, Any], fits: bool) -> None:
    decision = asked(caller, a_company([Rule("r", "R", when, RuleAction.VOICEMAIL)]), **facts)
    assert (decision.reason.code is ReasonCode.RULE) is fits


@pytest.mark.parametrize(
    ("action", "wanted"),
    [
        (RuleAction.QUEUE, Queue("q-gold", greeting="Bonjour.")),
        (RuleAction.MENU, Menu("m-main", "Bonjour.")),
        (RuleAction.MESSAGE, Message(Phrase.APOLOGY, "Bonjour.")),
        (RuleAction.VOICEMAIL, Voicemail("Bonjour.")),
        (RuleAction.REJECT, Reject(RejectReason.REJECTED)),
        (RuleAction.RING_OUT, RingOut()),
        (RuleAction.FAKE_QUEUE, FakeQueue(1800, "r")),
        (RuleAction.CONNECT, Connect((OLGA.leg,), "q-gold", 0, at_desk=True)),
    ],
)
def test_a_rule_does_what_it_says_and_is_named(action: RuleAction, wanted: object) -> None:
    rule = Rule("r", "France", When(country="FR"), action, "q-gold", "m-main", {"fr": "Bonjour."})
    decision = asked(cast.UMA, a_company([rule]))
    assert decision.action == wanted
    assert decision.reason.code is ReasonCode.RULE
    assert decision.reason.finding.name == "France"
    assert decision.trace[-1].found.question is Question.RULES


def test_a_category_that_decides_comes_before_the_rules_and_its_priority_is_kept_by_them() -> None:
    rule = Rule("r", "France", When(country="FR"), RuleAction.QUEUE, "q-main")
    trade = replace(REGULAR, queue_id="q-gold")
    plan = a_plan(rules=Rules.of([rule]), clients=[CLARA], categories=[trade])
    assert asked(cast.CLARA, plan).reason.code is ReasonCode.CATEGORY
    assert asked(cast.CLARA, a_company([rule])).action == Queue("q-main", 20)


def test_our_own_number_is_received_without_rules() -> None:
    rule = Rule("r", "All", When(line_id="main"), RuleAction.VOICEMAIL)
    decision = asked(cast.SECOND_LINE, a_company([rule]))
    assert decision.reason.code is ReasonCode.OWN_NUMBER
    assert isinstance(decision.action, Queue)


def test_an_emergency_service_that_calls_back_is_never_refused() -> None:
    rule = Rule("r", "Short codes", When(kind=CallerKind.SHORT_CODE), RuleAction.REJECT)
    assert asked("112", a_company([rule], queues={})).action == Message(Phrase.APOLOGY)
    assert asked("3949", a_company([rule], queues={})).action == Reject(RejectReason.REJECTED)
