"""What a client's category does to a call."""

from dataclasses import replace

import pytest

from filters.category import Category
from filters.clients import Client
from routing.actions import Action, Menu, Message, Phrase, Queue, Voicemail
from routing.findings import Found, Question
from routing.reasons import ReasonCode
from tests import cast
from tests.routing.a_plan import FRIDAY_MORNING, FRIDAY_NIGHT, LINE, a_plan, asked, found

CLARA = Client("c", "Clara", frozenset({cast.CLARA}), category_id="gold")


def gold(**fields: object) -> Category:
    return Category("gold", "Gold", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("category", "action"),
    [
        (gold(queue_id="q-gold"), Queue("q-gold")),
        (
            gold(queue_id="q-gold", priority=40, greeting={"fr": "Bonjour Clara."}),
            Queue("q-gold", 40, "Bonjour Clara."),
        ),
        (gold(menu_id="m-main", priority=5), Menu("m-main", priority=5)),
        (gold(menu_id="m-main", queue_id="q-gold"), Menu("m-main")),
        (gold(treatment="message", greeting={"fr": "Merci."}), Message(Phrase.APOLOGY, "Merci.")),
        (gold(treatment="voicemail"), Voicemail()),
        (gold(treatment="message", queue_id="q-gold"), Message(Phrase.APOLOGY)),
    ],
)
def test_a_rule_decides(category: Category, action: Action) -> None:
    decision = asked(cast.CLARA, a_plan(clients=[CLARA], categories=[category]))
    assert decision.action == action
    assert decision.reason.code is ReasonCode.CATEGORY
    assert (decision.reason.finding.found, decision.reason.finding.name) == (Found.CATEGORY_DECIDES, "Gold")


def test_a_mere_priority_goes_the_line_s_way_with_it() -> None:
    plan = a_plan(clients=[CLARA], categories=[gold(priority=70, greeting={"fr": "Bonjour Clara."})])
    decision = asked(cast.CLARA, plan)
    assert decision.action == Queue("q-main", 70, "Bonjour Clara.")
    assert decision.reason.code is ReasonCode.QUEUE
    said = found(decision, Question.CATEGORY)
    assert (said.found, said.name, said.priority) == (Found.CATEGORY_PRIORITY, "Gold", 70)


def test_priority_and_greeting_reach_the_line_s_menu() -> None:
    line = replace(LINE, menu_id="m-main", greeting={"fr": "Bonjour."})
    plan = a_plan(line=line, clients=[CLARA], categories=[gold(priority=70)])
    assert asked(cast.CLARA, plan).action == Menu("m-main", "Bonjour.", 70)


@pytest.mark.parametrize(
    ("category", "morning", "night"),
    [
        (gold(queue_id="q-gold"), Queue("q-gold"), Message(Phrase.CLOSED)),
        (gold(queue_id="q-gold", ignores_hours=True), Queue("q-gold"), Queue("q-gold")),
        (gold(treatment="voicemail"), Voicemail(), Message(Phrase.CLOSED)),
        (gold(treatment="voicemail", ignores_hours=True), Voicemail(), Voicemail()),
        (gold(priority=9), Queue("q-main", 9), Message(Phrase.CLOSED)),
        (gold(priority=9, ignores_hours=True), Queue("q-main", 9), Queue("q-main", 9)),
        (gold(ignores_hours=True), Queue("q-main"), Queue("q-main")),
        (gold(queue_id="deleted", ignores_hours=True), Queue("q-main"), Queue("q-main")),
    ],
)
def test_only_a_category_that_ignores_hours_is_received_at_night(
    category: Category, morning: Action, night: Action
) -> None:
    plan = a_plan(clients=[CLARA], categories=[category])
    assert asked(cast.CLARA, plan, FRIDAY_MORNING).action == morning
    assert asked(cast.CLARA, plan, FRIDAY_NIGHT).action == night


def test_the_reason_at_night_is_that_the_line_is_closed() -> None:
    decision = asked(cast.CLARA, a_plan(clients=[CLARA], categories=[gold(queue_id="q-gold")]), FRIDAY_NIGHT)
    assert decision.reason.code is ReasonCode.CLOSED
    said = found(decision, Question.CATEGORY)
    assert (said.found, said.name, said.found.matched) == (Found.CATEGORY_CLOSED, "Gold", True)
    assert said.opening == decision.reason.finding.opening


@pytest.mark.parametrize("category", [gold(queue_id="deleted"), gold(menu_id="deleted")])
def test_a_rule_whose_queue_or_menu_is_gone_falls_back_to_the_line(category: Category) -> None:
    decision = asked(cast.CLARA, a_plan(clients=[CLARA], categories=[category]))
    assert decision.action == Queue("q-main")
    assert decision.reason.code is ReasonCode.QUEUE
    assert found(decision, Question.CATEGORY).found is Found.CATEGORY_TARGET_GONE


def test_a_category_that_was_deleted_is_no_category() -> None:
    assert asked(cast.CLARA, a_plan(clients=[CLARA])).action == Queue("q-main")


def test_clients_of_different_categories_on_one_number_get_neither() -> None:
    twin = Client("d", "Dora", frozenset({cast.CLARA}), category_id="silver")
    categories = [gold(queue_id="q-gold"), Category("silver", "Silver", priority=90)]
    decision = asked(cast.CLARA, a_plan(clients=[CLARA, twin], categories=categories))
    assert decision.action == Queue("q-main")
    assert found(decision, Question.CATEGORY).found is Found.SEVERAL_CLIENTS


def test_clients_of_one_category_on_one_number_get_its_rule() -> None:
    twin = Client("d", "Dora", frozenset({cast.CLARA}), category_id="gold")
    decision = asked(cast.CLARA, a_plan(clients=[CLARA, twin], categories=[gold(queue_id="q-gold")]))
    assert decision.action == Queue("q-gold")


def test_a_category_never_reaches_an_unknown_caller() -> None:
    assert asked(cast.UMA, a_plan(clients=[CLARA], categories=[gold(queue_id="q-gold")])).action == Queue("q-main")


def test_a_greeting_is_said_in_the_client_s_language_or_by_a_voice_of_its_own() -> None:
    """French text that a Russian voice reads is not understood."""
    russian = replace(CLARA, language="ru")
    both = gold(queue_id="q-gold", greeting={"fr": "Bonjour Clara.", "ru": "Здравствуйте, Клара."})
    decision = asked(cast.CLARA, a_plan(clients=[russian], categories=[both]))
    assert decision.action == Queue("q-gold", 0, "Здравствуйте, Клара.")
    french_only = gold(queue_id="q-gold", greeting={"fr": "Bonjour Clara."})
    decision = asked(cast.CLARA, a_plan(clients=[russian], categories=[french_only]))
    assert decision.action == Queue("q-gold", 0, "Bonjour Clara.", "fr")
