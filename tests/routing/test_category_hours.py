"""A category with opening hours of its own: for its clients they count in the place of the line's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.category import Category
from filters.clients import Client
from routing.actions import Message, Phrase, Queue, Voicemail
from routing.findings import Found, Question
from routing.hours import ByHand, Calendar, WeekHours
from routing.inquiry import Decision
from routing.reasons import ReasonCode
from routing.rules import Rule, RuleAction, Rules, RuleState, When
from tests import cast
from tests.routing.a_plan import CHRISTMAS, FRIDAY_MORNING, FRIDAY_NIGHT, LINE, OFFICE, a_plan, asked, found

CLARA = Client("c", "Clara", frozenset({cast.CLARA}), category_id="gold")
ALWAYS = WeekHours("always", (((0, 1440),),) * 7, observes_holidays=False)
EVENING = WeekHours("evening", (((1200, 1440),),) * 7)
HOURS = {"office": OFFICE, "always": ALWAYS, "evening": EVENING}


def gold(**fields: object) -> Category:
    return Category("gold", "Gold", **fields)  # type: ignore[arg-type]


def told(decision: Decision) -> list[Found]:
    """What is said of the category and of the hours."""
    return [one.found for one in decision.trace if one.found.question in {Question.CATEGORY, Question.HOURS}]


@pytest.mark.parametrize(
    ("category", "morning", "night"),
    [
        (gold(hours_id="always"), Queue("q-main"), Queue("q-main")),
        (gold(hours_id="always", queue_id="q-gold"), Queue("q-gold"), Queue("q-gold")),
        (gold(hours_id="evening"), Message(Phrase.CLOSED), Queue("q-main")),
        (gold(hours_id="evening", queue_id="q-gold", priority=9), Message(Phrase.CLOSED), Queue("q-gold", 9)),
        (gold(hours_id="evening", treatment="voicemail"), Message(Phrase.CLOSED), Voicemail()),
        (gold(hours_id="evening", ignores_hours=True), Queue("q-main"), Queue("q-main")),
        (gold(hours_id="deleted"), Queue("q-main"), Message(Phrase.CLOSED)),
    ],
)
def test_its_clients_are_received_by_its_hours(category: Category, morning: object, night: object) -> None:
    plan = a_plan(clients=[CLARA], categories=[category], hours=HOURS)
    assert asked(cast.CLARA, plan, FRIDAY_MORNING).action == morning
    assert asked(cast.CLARA, plan, FRIDAY_NIGHT).action == night


def test_the_trace_names_the_hours_that_count() -> None:
    plan = a_plan(clients=[CLARA], categories=[gold(hours_id="evening", queue_id="q-gold")], hours=HOURS)
    night = asked(cast.CLARA, plan, FRIDAY_NIGHT)
    assert told(night) == [Found.CATEGORY_HOURS, Found.CATEGORY_DECIDES]
    assert night.reason.code is ReasonCode.CATEGORY
    morning = asked(cast.CLARA, plan)
    assert told(morning) == [Found.CATEGORY_HOURS, Found.CATEGORY_CLOSED, Found.CLOSED]
    assert morning.reason.code is ReasonCode.CLOSED
    said = morning.trace[[one.found for one in morning.trace].index(Found.CATEGORY_HOURS)]
    assert (said.name, said.opening) == ("Gold", morning.reason.finding.opening)
    assert said.opening is not None
    assert said.opening.opens_at == datetime(2026, 7, 24, 18, tzinfo=UTC), "its own next opening, 20:00 in Paris"


def test_a_line_without_hours_is_open_by_those_of_the_category_alone() -> None:
    line = replace(LINE, hours_id=None)
    plan = a_plan(line=line, clients=[CLARA], categories=[gold(hours_id="evening")], hours=HOURS)
    assert asked(cast.CLARA, plan).action == Message(Phrase.CLOSED)
    assert asked(cast.UMA, plan).action == Queue("q-main")


@pytest.mark.parametrize(("is_open", "action"), [(False, Message(Phrase.CLOSED)), (True, Queue("q-main"))])
def test_by_hand_is_by_hand_for_everybody(is_open: bool, action: object) -> None:
    line = replace(LINE, by_hand=ByHand(is_open, FRIDAY_NIGHT + timedelta(hours=1)))
    plan = a_plan(line=line, clients=[CLARA], categories=[gold(hours_id="always")], hours=HOURS)
    decision = asked(cast.CLARA, plan, FRIDAY_NIGHT)
    assert decision.action == asked(cast.UMA, plan, FRIDAY_NIGHT).action == action
    assert Found.CATEGORY_HOURS not in told(decision)


def test_rules_about_hours_ask_the_same_hours() -> None:
    rule = Rule("r", "Night", When(open=False), RuleAction.VOICEMAIL, "", "", {}, RuleState.ACTIVE)
    plan = a_plan(clients=[CLARA], categories=[gold(hours_id="always")], hours=HOURS, rules=Rules.of([rule]))
    assert asked(cast.CLARA, plan, FRIDAY_NIGHT).action == Queue("q-main")
    assert asked(cast.UMA, plan, FRIDAY_NIGHT).action == Voicemail()


def test_clients_of_several_categories_on_one_number_keep_the_line_s_hours() -> None:
    twin = Client("d", "Dora", frozenset({cast.CLARA}), category_id="silver")
    categories = [gold(hours_id="always"), Category("silver", "Silver", hours_id="always")]
    plan = a_plan(clients=[CLARA, twin], categories=categories, hours=HOURS)
    assert asked(cast.CLARA, plan, FRIDAY_NIGHT).action == Message(Phrase.CLOSED)


INTERVALS = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda one: one[0] != one[1])
DAYS = st.lists(st.lists(INTERVALS, max_size=2).map(tuple), min_size=7, max_size=7).map(tuple)
MOMENTS = st.one_of(
    st.integers(0, 525_600).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.sampled_from([FRIDAY_MORNING, FRIDAY_NIGHT, datetime(2026, 12, 25, 10, tzinfo=UTC)]),
)
BY_HAND = st.one_of(st.none(), st.builds(ByHand, st.booleans(), st.one_of(st.none(), MOMENTS)))
CATEGORIES = st.builds(
    gold, queue_id=st.sampled_from([None, "q-gold", "deleted"]), treatment=st.sampled_from([None, "voicemail"]),
    ignores_hours=st.booleans(), priority=st.integers(0, 100),
)  # fmt: skip


@given(st.data())
def test_its_clients_are_decided_as_on_a_line_that_keeps_its_hours(data: st.DataObject) -> None:
    ours, theirs = WeekHours("ours", data.draw(DAYS)), WeekHours("theirs", data.draw(DAYS), data.draw(st.booleans()))
    category, at = data.draw(CATEGORIES), data.draw(MOMENTS)
    line = replace(LINE, hours_id=data.draw(st.sampled_from([None, "ours"])), by_hand=data.draw(BY_HAND))
    calendar = Calendar({CHRISTMAS: "Noël"}, open_days={FRIDAY_NIGHT.date(): ((1320, 1400),)})
    company = {"clients": [CLARA], "hours": {"ours": ours, "theirs": theirs}, "calendar": calendar}
    own = a_plan(line=line, categories=[replace(category, hours_id="theirs")], **company)  # type: ignore[arg-type]
    without = a_plan(line=line, categories=[category], **company)  # type: ignore[arg-type]
    as_if = a_plan(line=replace(line, hours_id="theirs"), categories=[category], **company)  # type: ignore[arg-type]
    decided = asked(cast.CLARA, own, at)
    like = asked(cast.CLARA, without if category.ignores_hours else as_if, at)
    assert (decided.action, decided.reason) == (like.action, like.reason)
    assert [one for one in decided.trace if one.found is not Found.CATEGORY_HOURS] == list(like.trace)
    assert own.receives(decided.caller, line, at) is (decided.reason.code is not ReasonCode.CLOSED)
    for stranger in (cast.UMA, cast.VERA, cast.BORIS):
        alone = asked(stranger, own, at)
        assert alone == asked(stranger, without, at)._replace(line=alone.line)
    assert found(asked(cast.UMA, own, at), Question.CATEGORY).found is Found.NO_CATEGORY
