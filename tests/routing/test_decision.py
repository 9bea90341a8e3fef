"""Every question of the decision and every reason that it can give."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from filters.attestation import Attestation
from filters.caller import look_up
from filters.caller_id import read_caller_id
from filters.category import Category
from filters.clients import Client, Standing
from filters.entries import Treatment
from filters.pattern import PatternKind
from filters.vip import Doubt, VipPolicy
from routing.actions import (
    Action,
    Connect,
    FakeQueue,
    Menu,
    Message,
    Phrase,
    Queue,
    QueuePriority,
    Reject,
    RejectReason,
    RingOut,
    Voicemail,
)
from routing.call import IncomingCall
from routing.decision import QUESTIONS, decide
from routing.fake_queue import Caps
from routing.findings import Finding, Found, Question
from routing.hours import Opening, OpeningKind
from routing.inquiry import Decision
from routing.overflow import Overflow, Way
from routing.plan import ClosedTreatment, Treatments, WaitingQueue
from routing.questions.number import MAX_HOPS
from routing.reasons import Reason, ReasonCode
from tests import cast
from tests.routing.a_plan import (
    AWAY,
    CHRISTMAS_NIGHT,
    FRIDAY_MORNING,
    FRIDAY_NIGHT,
    LINE,
    MARTIN,
    OLGA,
    a_plan,
    asked,
    entry,
    found,
    treated,
)

MAIN = "q-main"


def test_the_questions_are_asked_in_the_documented_order() -> None:
    assert [question.value for question, _ in QUESTIONS] == [
        "line_is_unknown",
        "number_is_our_own",
        "number_is_protected",
        "caller_is_a_vip",
        "caller_calls_too_often_at_once",
        "caller_is_blacklisted",
        "category_says",
        "rule_says",
        "number_is_hidden",
        "line_is_closed",
        "line_has_a_menu",
        "line_has_a_queue",
        "nothing_matched",
    ]


def test_every_question_is_asked_by_one_function_of_its_own() -> None:
    assert [*[question for question, _ in QUESTIONS], Question.SERVED] == list(Question)
    assert len({ask for _, ask in QUESTIONS}) == len(QUESTIONS)
    assert {found.question for found in Found} == set(Question)


def test_every_question_asked_leaves_one_line_and_the_last_one_decides() -> None:
    decision = asked(cast.UMA)
    assert [one.found.question for one in decision.trace] == [question for question, _ in QUESTIONS[:12]]
    assert decision.trace[-1] == decision.reason.finding
    assert decision.reason.finding == Finding(Found.LINE_QUEUE, name="Accueil")
    assert decision.revision == 7


def test_what_is_found_about_a_stranger_has_no_effect_until_the_line_s_queue() -> None:
    found = [finding.found for finding in asked(cast.UMA).trace]
    assert [one for one in found if one.matched] == [Found.LINE_QUEUE]
    assert found == [
        Found.OUR_LINE, Found.OTHER_NUMBER, Found.NOT_PROTECTED, Found.NOT_ON_VIP_LIST, Found.FEW_CALLS,
        Found.NOT_BLACKLISTED, Found.NO_CATEGORY, Found.NO_RULE, Found.NUMBER_SHOWN, Found.OPEN, Found.NO_MENU,
        Found.LINE_QUEUE,
    ]  # fmt: skip


def test_the_codes_of_questions_and_findings_are_the_public_ones() -> None:
    """Scripts rely on them: a code that changes here has to be in CHANGELOG.md."""
    assert {found.value for found in Found} == {
        "our_line", "unknown_line", "other_number", "our_number", "call_loop", "not_protected", "protected",
        "emergency_service", "not_on_vip_list", "outranked", "vip_rings", "vip_queued", "vip_unserved",
        "vip_unconfirmed", "vip_unconfirmed_unserved", "not_blacklisted", "blacklisted", "blacklisted_toll_free",
        "blacklisted_but_protected", "blacklisted_but_vip", "exception", "blacklisted_without_rules",
        "no_category", "several_clients", "category_decides", "category_priority", "category_closed",
        "category_hours", "category_target_gone",
        "number_shown", "number_withheld", "number_unavailable", "no_hours", "open", "closed", "closed_but_received",
        "no_menu", "line_menu", "no_queue", "line_queue", "company_queue", "no_queue_at_all", "rules_failed",
        "emergency_doubted", "vip_unconfirmed_too_often", "few_calls", "too_many_calls", "blacklisted_held_enough",
        "all_away", "nobody_serves", "sent_to_queue", "sent_to_number", "blacklisted_but_released",
        "blacklisted_number_used_up", "blacklisted_line_used_up", "blacklisted_month_used_up", "not_recorded",
        "vip_asked_if_urgent", "vip_asked_for_pin", "vip_pin_right", "vip_pin_wrong", "vip_pin_not_keyed", "vip_pin_locked",
        "vip_not_recorded",
        "no_rule", "not_by_rules", "rule_shadow", "rule_but_protected", "rule_target_gone", "rule_decides",
        "rule_stepped_down", "would_be_blacklisted",
    }  # fmt: skip
    assert {code.value for code in ReasonCode} == {
        "vip", "vip_unconfirmed", "blacklisted", "category", "withheld", "own_number", "protected", "closed", "menu",
        "queue", "default", "unknown_line", "too_many_calls", "nobody_serves", "not_recorded", "rule",
    }  # fmt: skip


def test_a_number_that_is_not_ours_gets_a_polite_sentence() -> None:
    decision = asked(cast.VERA, to="+33199999999")
    assert decision.action == Message(Phrase.UNKNOWN_LINE)
    assert decision.reason.code is ReasonCode.UNKNOWN_LINE
    assert (decision.line, decision.language) == (None, "en")


# --- our own number ---


def test_our_own_number_is_received_like_everybody_else_and_never_as_a_vip() -> None:
    plan = a_plan(vip=[entry(cast.SECOND_LINE)])
    decision = asked(cast.SECOND_LINE, plan)
    assert decision.action == Queue(MAIN)
    assert decision.reason == Reason(ReasonCode.OWN_NUMBER, Finding(Found.OUR_NUMBER))
    assert asked(cast.SECOND_LINE, plan, FRIDAY_NIGHT).action == Message(Phrase.CLOSED)
    assert [one.found.question for one in decision.trace] == [
        Question.WHOSE_LINE, Question.OWN_NUMBER, Question.HIDDEN_NUMBER, Question.HOURS, Question.MENU, Question.QUEUE,
    ]  # fmt: skip


@pytest.mark.parametrize(("hops", "refused"), [(0, False), (1, False), (2, False), (3, True), (4, True), (50, True)])
def test_a_loop_is_refused_at_the_third_hop(hops: int, refused: bool) -> None:
    assert MAX_HOPS == 3
    decision = asked(cast.SECOND_LINE, recent_hops=hops)
    assert (decision.action == Reject(RejectReason.BUSY)) is refused
    assert decision.reason.code is ReasonCode.OWN_NUMBER


def test_a_line_that_calls_itself_is_refused_at_once() -> None:
    decision = asked(cast.LINE)
    assert decision.action == Reject(RejectReason.BUSY)
    assert decision.reason.code is ReasonCode.OWN_NUMBER


def test_our_number_as_a_sip_user_is_a_loop_too() -> None:
    assert asked(f"sip:{cast.LINE}@evil.example").reason.code is ReasonCode.OWN_NUMBER


@pytest.mark.parametrize("policy", VipPolicy)
def test_no_policy_makes_a_vip_of_an_oddly_spelled_number(policy: VipPolicy) -> None:
    plan = a_plan(treatments=Treatments(vip_policy=policy))
    for spelled in (f"sip:{cast.VERA}@h.example", f"{cast.VERA}#", f"<tel:{cast.VERA}>"):
        decision = asked(spelled, plan)
        assert decision.reason.code is ReasonCode.VIP_UNCONFIRMED
        assert decision.reason.finding.doubt is Doubt.ODD_SPELLING


# --- protected numbers ---


@pytest.mark.parametrize("emergency", ["112", "15", "17", "18"])
def test_an_emergency_service_gets_past_hours_and_menu(emergency: str) -> None:
    plan = a_plan(line=replace(LINE, menu_id="m-main"))
    decision = asked(emergency, plan, CHRISTMAS_NIGHT)
    assert decision.action == Queue(MAIN, QueuePriority.EMERGENCY)
    assert decision.reason == Reason(ReasonCode.PROTECTED, Finding(Found.EMERGENCY_SERVICE))


def test_an_emergency_service_without_any_queue_is_received_like_everybody() -> None:
    assert asked("112", a_plan(queues={})).reason.code is ReasonCode.DEFAULT


def test_an_ordinary_short_code_is_received_like_everybody() -> None:
    assert asked("3949").reason.code is ReasonCode.QUEUE


@pytest.mark.parametrize(
    "blocked", [entry(cast.OLGA), entry("+33639", PatternKind.PREFIX), entry("FR", PatternKind.COUNTRY)]
)
def test_a_protected_number_cannot_be_blocked(blocked: object) -> None:
    decision = asked(cast.OLGA, a_plan(blacklist=[blocked]))  # type: ignore[list-item]
    assert decision.reason.code is ReasonCode.QUEUE
    assert found(decision, Question.PROTECTED_NUMBER).found is Found.PROTECTED
    spared = found(decision, Question.BLACKLIST)
    assert (spared.found, spared.entry) == (Found.BLACKLISTED_BUT_PROTECTED, decision.caller.blacklist)


# --- VIP ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [FRIDAY_MORNING, FRIDAY_NIGHT, CHRISTMAS_NIGHT])
def test_vera_reaches_management_at_any_hour_past_any_menu(at: object) -> None:
    plan = a_plan(line=replace(LINE, menu_id="m-main"))
    decision = asked(cast.VERA, plan, at)  # type: ignore[arg-type]
    assert decision.action == Connect((MARTIN.leg,), MAIN)
    assert decision.reason.code is ReasonCode.VIP
    assert decision.reason.finding == Finding(Found.VIP_RINGS, decision.caller.vip, name="Martin")
    assert {one.found.question for one in decision.trace}.isdisjoint({Question.HOURS, Question.MENU})


def test_the_vip_chain_rings_managers_in_their_order_and_those_last_who_are_away() -> None:
    first = replace(MARTIN, leg=replace(MARTIN.leg, operator_id="alma"), position=-2)
    assert asked(cast.VERA, a_plan(operators={"m": MARTIN, "a": first})).action == Connect(
        (first.leg, MARTIN.leg), MAIN
    )
    second = replace(MARTIN, leg=replace(MARTIN.leg, operator_id="nadia"), position=-1, presence=AWAY)
    plan = a_plan(operators={"z": second, "m": MARTIN, "o": OLGA})
    action = asked(cast.VERA, plan, CHRISTMAS_NIGHT).action
    assert action == Connect((MARTIN.leg, second.leg), MAIN)


def test_without_managers_the_available_operators_are_rung_for_a_vip() -> None:
    away = replace(OLGA, leg=replace(OLGA.leg, operator_id="away"), presence=AWAY)
    assert asked(cast.VERA, a_plan(operators={"o": OLGA, "a": away})).action == Connect((OLGA.leg,), MAIN)


@pytest.mark.parametrize(
    ("operators", "found_last"), [({}, Found.NOBODY_SERVES), ({"o": replace(OLGA, presence=AWAY)}, Found.ALL_AWAY)]
)
def test_a_vip_with_nobody_to_ring_hears_so_and_stays_a_vip(operators: Any, found_last: Found) -> None:
    decision = asked(cast.VERA, a_plan(operators=operators))
    assert decision.action == Message(Phrase.NOBODY_SERVES)
    assert decision.reason == Reason(ReasonCode.VIP, Finding(found_last, name="Accueil"))
    assert found(decision, Question.VIP) == Finding(Found.VIP_QUEUED, decision.caller.vip)


def test_a_vip_of_a_company_without_anything_hears_an_apology() -> None:
    decision = asked(cast.VERA, a_plan(operators={}, queues={}))
    assert decision.action == Message(Phrase.APOLOGY)
    assert decision.reason == Reason(ReasonCode.VIP, Finding(Found.VIP_UNSERVED, decision.caller.vip))


def test_a_vip_client_is_a_vip_from_every_number_of_theirs() -> None:
    vip = Client("c", "Clara", frozenset({cast.CLARA, cast.UMA}), standing=Standing.VIP)
    for number in (cast.CLARA, cast.UMA):
        assert asked(number, a_plan(clients=[vip])).reason.code is ReasonCode.VIP


# --- blacklist ---


@pytest.mark.parametrize(
    ("treatment", "action"),
    [
        (None, FakeQueue(1800)),
        (Treatment.FAKE_QUEUE, FakeQueue(1800)),
        (Treatment.RING_OUT, RingOut()),
        (Treatment.BUSY, Reject(RejectReason.BUSY)),
        (Treatment.REJECT, Reject(RejectReason.REJECTED)),
        (Treatment.NOT_IN_SERVICE, Message(Phrase.NOT_IN_SERVICE)),
        (Treatment.VOICEMAIL, Voicemail()),
    ],
)
def test_boris_gets_the_treatment_of_his_entry(treatment: Treatment | None, action: Action) -> None:
    decision = asked(cast.BORIS, treated(treatment))
    assert decision.action == action
    assert decision.reason == Reason(ReasonCode.BLACKLISTED, Finding(Found.BLACKLISTED, decision.caller.blacklist))
    assert decision.caller.blacklist is not None
    assert (decision.caller.blacklist.label, decision.caller.blacklist.treatment) == ("Boris", treatment)


def test_every_treatment_has_an_action() -> None:
    for treatment in set(Treatment) - {Treatment.ALLOW}:
        assert asked(cast.BORIS, treated(treatment)).reason.code is ReasonCode.BLACKLISTED


def test_an_exception_is_received_like_everybody_else_and_the_trace_says_so() -> None:
    decision = asked(cast.BORIS, treated(Treatment.ALLOW))
    assert decision.reason.code is asked(cast.UMA).reason.code
    assert Found.EXCEPTION in [finding.found for finding in decision.trace]


def test_the_company_s_default_treatment_applies_where_the_entry_says_nothing() -> None:
    plan = replace(treated(None), treatments=Treatments(Treatment.BUSY))
    assert asked(cast.BORIS, plan).action == Reject(RejectReason.BUSY)
    assert (
        asked(cast.BORIS, replace(treated(Treatment.RING_OUT), treatments=Treatments(Treatment.BUSY))).action
        == RingOut()
    )


def test_the_cap_of_the_fake_queue_is_the_company_s() -> None:
    plan = a_plan(treatments=Treatments(caps=Caps(call_seconds=90)))
    assert asked(cast.BORIS, plan).action == FakeQueue(90)


def test_a_toll_free_line_refuses_where_others_hold() -> None:
    toll_free = replace(LINE, toll_free=True)
    refused = asked(cast.BORIS, treated(None, toll_free))
    assert isinstance(refused.action, Reject)
    assert refused.reason.finding.found is Found.BLACKLISTED_TOLL_FREE
    assert asked(cast.BORIS, treated(Treatment.RING_OUT, toll_free)).action == RingOut()


def test_a_blacklisted_client_is_blocked_whatever_the_category_says() -> None:
    boris = Client("b", "Boris", frozenset({cast.UMA}), category_id="gold", standing=Standing.BLACKLISTED)
    plan = a_plan(clients=[boris], categories=[Category("gold", "Gold", queue_id="q-gold", ignores_hours=True)])
    assert asked(cast.UMA, plan).action == FakeQueue(1800)


@pytest.mark.parametrize(("held", "refused"), [(0, False), (19, False), (20, True), (200, True)])
def test_the_fake_queue_holds_so_many_and_refuses_the_rest_unbilled(held: int, refused: bool) -> None:
    decision = asked(cast.BORIS, held_at_once=held)
    assert (decision.action == Reject()) is refused
    assert decision.reason.code is ReasonCode.BLACKLISTED
    assert (decision.reason.finding.found is Found.BLACKLISTED_HELD_ENOUGH) is refused


# --- calls at once ---


@pytest.mark.parametrize(("calls", "refused"), [(1, False), (3, False), (4, True), (150, True)])
@pytest.mark.parametrize("caller", [cast.UMA, cast.BORIS])
def test_more_than_three_calls_of_one_number_are_refused_unbilled(caller: str, calls: int, refused: bool) -> None:
    decision = asked(caller, calls_at_once=calls)
    assert (decision.reason.code is ReasonCode.TOO_MANY_CALLS) is refused
    assert (decision.action == Reject(RejectReason.BUSY)) is refused


@pytest.mark.parametrize("caller", [cast.VERA, cast.OLGA, cast.LINE, cast.SECOND_LINE, "112"])
def test_vips_protected_numbers_and_our_own_may_call_as_often_as_they_like(caller: str) -> None:
    assert asked(caller, calls_at_once=150) == asked(caller)


def test_a_forged_vip_does_not_fill_the_front_of_the_queue() -> None:
    forged = asked(cast.VERA, attestation=Attestation.FAILED, calls_at_once=4)
    assert forged.reason.code is ReasonCode.TOO_MANY_CALLS
    for trusted in (Attestation.GATEWAY, Attestation.NONE):
        assert asked(cast.VERA, attestation=trusted, calls_at_once=4).reason.code is not ReasonCode.TOO_MANY_CALLS


@pytest.mark.parametrize("at", [FRIDAY_MORNING, FRIDAY_NIGHT])
def test_a_forged_112_is_received_like_everybody(at: datetime) -> None:
    forged, stranger = asked("112", at=at, attestation=Attestation.FAILED), asked("3949", at=at)
    assert (forged.action, forged.reason) == (stranger.action, stranger.reason)
    assert found(forged, Question.PROTECTED_NUMBER).found is Found.EMERGENCY_DOUBTED


# --- nobody serves ---


@pytest.mark.parametrize("caller", [cast.UMA, cast.CLARA, "anonymous", cast.SECOND_LINE, "112", cast.OLGA])
def test_whoever_comes_to_a_queue_that_nobody_serves_hears_so_at_once(caller: str) -> None:
    clara = Client("c", "Clara", frozenset({cast.CLARA}), category_id="gold")
    gold = Category("gold", "Gold", queue_id="q-gold")
    for operators, last in (({}, Found.NOBODY_SERVES), ({"o": replace(OLGA, presence=AWAY)}, Found.ALL_AWAY)):
        decision = asked(caller, a_plan(operators=operators, clients=[clara], categories=[gold]))
        assert decision.action == Message(Phrase.NOBODY_SERVES)
        assert decision.reason.code is ReasonCode.NOBODY_SERVES
        assert decision.reason.finding == decision.trace[-1]
        assert decision.trace[-1].found is last


def test_a_queue_that_nobody_serves_sends_its_callers_where_it_says() -> None:
    gold = WaitingQueue("q-gold", "Gold")
    only_gold = {"o": replace(OLGA, queue_ids=frozenset({"q-gold"}))}

    def ways(otherwise: Overflow, **more: Any) -> Decision:
        main = WaitingQueue("q-main", "Accueil", otherwise=otherwise)
        return asked(cast.UMA, a_plan(queues={"q-main": main, "q-gold": gold}, operators=only_gold, **more))

    sent = ways(Overflow(Way.QUEUE, "q-gold"))
    assert sent.action == Queue("q-gold", 0, "", "")
    assert (sent.reason.code, sent.trace[-1].found) == (ReasonCode.QUEUE, Found.SENT_TO_QUEUE)
    rung = ways(Overflow(Way.NUMBER, number=cast.OSCAR))
    assert (rung.action, rung.trace[-1].name) == (Queue(MAIN, 0, "", ""), cast.OSCAR)
    told = ways(Overflow(text={"fr": "Écrivez-nous."}))
    assert told.action == Message(Phrase.NOBODY_SERVES, "Écrivez-nous.", "")
    for nowhere in (
        Overflow(Way.QUEUE, "q-none"), Overflow(Way.QUEUE, "q-main"), Overflow(Way.NUMBER, number="+870773111632"),
        Overflow(Way.NUMBER, number=cast.LINE),
    ):  # fmt: skip
        assert ways(nowhere).action == Message(Phrase.NOBODY_SERVES)
    called_back = ways(Overflow(Way.CALLBACK))
    assert (called_back.action, called_back.reason.code) == (Message(Phrase.WILL_CALL_BACK), ReasonCode.NOBODY_SERVES)
    recorded = ways(Overflow(Way.VOICEMAIL, text={"fr": "Parlez."}))
    assert (recorded.action, recorded.reason.code) == (Voicemail("Parlez.", ""), ReasonCode.NOBODY_SERVES)


def test_queues_that_send_callers_to_each_other_end_with_a_message() -> None:
    queues = {
        one: WaitingQueue(one, one, otherwise=Overflow(Way.QUEUE, other))
        for one, other in (("q-main", "q-gold"), ("q-gold", "q-main"))
    }
    assert asked(cast.UMA, a_plan(queues=queues, operators={})).action == Message(Phrase.NOBODY_SERVES)


def test_management_is_rung_for_a_vip_whoever_serves_the_queue() -> None:
    assert asked(cast.VERA, a_plan(operators={"m": MARTIN}), CHRISTMAS_NIGHT).action == Connect((MARTIN.leg,), MAIN)


# --- the line ---


def test_a_closed_line_says_so_in_its_own_words() -> None:
    decision = asked(cast.UMA, a_plan(line=replace(LINE, closed_text={"fr": "A demain."})), FRIDAY_NIGHT)
    assert decision.action == Message(Phrase.CLOSED, "A demain.")
    assert decision.reason.code is ReasonCode.CLOSED
    assert decision.reason.finding == Finding(Found.CLOSED, opening=Opening(OpeningKind.OUTSIDE_HOURS, 4, 23 * 60))
    holiday = asked(cast.UMA, at=CHRISTMAS_NIGHT).reason.finding.opening
    assert holiday == Opening(OpeningKind.HOLIDAY, 4, 3 * 60, "Noël")
    assert holiday is not None
    assert holiday.opens_at == datetime(2026, 12, 28, 8, tzinfo=UTC)


def test_a_closed_line_may_take_messages_of_everybody_but_those_who_were_decided_before() -> None:
    line = replace(LINE, closed_text={"fr": "A demain."}, closed_treatment=ClosedTreatment.VOICEMAIL)
    plan = a_plan(line=line)
    decision = asked(cast.UMA, plan, FRIDAY_NIGHT)
    assert (decision.action, decision.reason.code) == (Voicemail("A demain.", closed=True), ReasonCode.CLOSED)
    assert asked(cast.UMA, plan).action == Queue(MAIN)
    assert asked(cast.VERA, plan, FRIDAY_NIGHT).reason.code is ReasonCode.VIP
    assert asked(cast.BORIS, plan, FRIDAY_NIGHT).action == FakeQueue(plan.treatments.caps.call_seconds)


@pytest.mark.parametrize("hours_id", [None, "deleted"])
def test_a_line_without_hours_is_always_open(hours_id: str | None) -> None:
    assert asked(cast.UMA, a_plan(line=replace(LINE, hours_id=hours_id)), CHRISTMAS_NIGHT).action == Queue(MAIN)


def test_an_open_line_plays_its_menu_with_its_greeting() -> None:
    decision = asked(cast.UMA, a_plan(line=replace(LINE, menu_id="m-main", greeting={"fr": "Bonjour."})))
    assert decision.action == Menu("m-main", "Bonjour.")
    assert decision.reason.code is ReasonCode.MENU


def test_a_line_whose_menu_is_gone_goes_to_its_queue() -> None:
    decision = asked(cast.UMA, a_plan(line=replace(LINE, menu_id="deleted", greeting={"fr": "Bonjour."})))
    assert decision.action == Queue(MAIN, greeting="Bonjour.")
    assert decision.reason.code is ReasonCode.QUEUE


@pytest.mark.parametrize("queue_id", [None, "deleted"])
def test_a_line_without_a_queue_uses_the_company_s_first(queue_id: str | None) -> None:
    decision = asked(cast.UMA, a_plan(line=replace(LINE, queue_id=queue_id)))
    assert decision.action == Queue("q-gold")
    assert decision.reason.code is ReasonCode.DEFAULT


def test_a_company_without_a_queue_apologises() -> None:
    decision = asked(cast.UMA, a_plan(queues={}))
    assert decision.action == Message(Phrase.APOLOGY)
    assert decision.reason.code is ReasonCode.DEFAULT


def test_a_client_hears_their_own_language() -> None:
    russian = Client("c", "Clara", frozenset({cast.CLARA}), language="ru")
    assert asked(cast.CLARA, a_plan(clients=[russian])).language == "ru"
    assert asked(cast.UMA).language == "fr"


@pytest.mark.parametrize("at", [FRIDAY_MORNING, FRIDAY_NIGHT, CHRISTMAS_NIGHT])
@pytest.mark.parametrize("caller", [cast.UMA, cast.VERA, cast.BORIS, cast.OLGA, cast.LINE, "anonymous", "112"])
def test_the_same_question_has_the_same_answer(caller: str, at: datetime) -> None:
    assert asked(caller, at=at) == asked(caller, at=at)


@pytest.mark.parametrize("caller", [cast.UMA, cast.VERA, cast.BORIS, cast.OLGA, cast.LINE, "anonymous", "112"])
def test_a_caller_who_was_looked_up_already_is_decided_the_same(caller: str) -> None:
    plan = a_plan()
    call = IncomingCall("CA" + "0" * 32, cast.LINE, read_caller_id(caller, "FR"))
    looked_up = look_up(call.caller, plan.lists, plan.lines[cast.LINE].id, FRIDAY_NIGHT)
    assert decide(call, plan, FRIDAY_NIGHT, looked_up) == decide(call, plan, FRIDAY_NIGHT)
