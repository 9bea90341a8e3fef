"""Callers without a number: withheld by themselves, or unknown to the network."""

from dataclasses import replace

import pytest

from filters.pattern import PatternKind
from routing.actions import Action, Menu, Message, Phrase, Queue, Reject, RejectReason, Voicemail
from routing.findings import Found, Question
from routing.plan import HiddenTreatment, Treatments
from routing.reasons import ReasonCode
from tests.routing.a_plan import FRIDAY_NIGHT, LINE, a_plan, asked, entry, found

MAIN = "q-main"


@pytest.mark.parametrize(
    ("treatment", "action"),
    [
        (HiddenTreatment.ORDINARY, Queue(MAIN)),
        (HiddenTreatment.QUEUE, Queue(MAIN)),
        (HiddenTreatment.MESSAGE, Message(Phrase.APOLOGY)),
        (HiddenTreatment.VOICEMAIL, Voicemail()),
        (HiddenTreatment.REJECT, Reject(RejectReason.REJECTED)),
    ],
)
@pytest.mark.parametrize(
    ("caller", "setting", "other", "finding"),
    [
        ("anonymous", "withheld", "", Found.NUMBER_WITHHELD),
        ("", "unavailable", "anonymous", Found.NUMBER_UNAVAILABLE),
    ],
)
def test_withheld_and_unavailable_callers_have_a_treatment_each(
    treatment: HiddenTreatment, action: Action, caller: str, setting: str, other: str, finding: Found
) -> None:
    plan = a_plan(treatments=Treatments(**{setting: treatment}))  # type: ignore[arg-type]
    decision = asked(caller, plan)
    assert decision.action == action
    assert decision.reason.code is ReasonCode.WITHHELD
    assert decision.reason.finding.found is found(decision, Question.HIDDEN_NUMBER).found is finding
    assert asked(other, plan).action == Queue(MAIN)


def test_by_default_hidden_callers_keep_to_the_hours_and_hear_the_menu() -> None:
    plan = a_plan(line=replace(LINE, menu_id="m-main"))
    assert asked("anonymous", plan).action == Menu("m-main")
    assert asked("anonymous", plan, FRIDAY_NIGHT).action == Message(Phrase.CLOSED)
    assert asked("anonymous", a_plan(queues={})).action == Message(Phrase.APOLOGY)
    assert found(asked("anonymous"), Question.QUEUE).found is Found.LINE_QUEUE


def test_a_hidden_caller_is_on_no_list_even_of_a_whole_country() -> None:
    plan = a_plan(blacklist=[entry("FR", PatternKind.COUNTRY), entry("LS", PatternKind.COUNTRY)])
    assert asked("+266696687", plan).reason.code is ReasonCode.WITHHELD
