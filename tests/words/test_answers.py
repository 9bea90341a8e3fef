"""What the service answers, as people read it."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from app.answering.answers import (
    Answer,
    Fetch,
    GoOn,
    HangUp,
    Hold,
    HoldBy,
    Leave,
    Nothing,
    Reject,
    Say,
    Speech,
)
from app.answering.build_answers import AnswerBuilder
from app.base.language import speak
from app.words.answers import AnswerReader
from app.words.why_asked import why_asked
from routing.actions import FakeQueue, Leg, RejectReason
from routing.menu import MenuTree
from routing.plan import Line, Operator, RoutingPlan, WaitingQueue
from routing.step import Chain, Step, StepKind
from tests import cast
from tests.answering.any_answer import answers

MARTIN = Leg("m", "Martin", cast.MARTIN, 18, confirm=True)
OSCAR = Leg("o", "Oscar", cast.OSCAR, 20)
PLAN = RoutingPlan(
    "t", "Atelier Nord", 1,
    lines={cast.LINE: Line("l", cast.LINE, "Main", "FR", ZoneInfo("Europe/Paris"), "fr")},
    operators={"m": Operator(MARTIN, management=True), "o": Operator(OSCAR, frozenset({"q"}))},
    queues={"q": WaitingQueue("q", "Orders")},
    menus={"menu": MenuTree("menu", "Main", {"fr": "Tapez 1."})},
)  # fmt: skip
READER = AnswerReader(PLAN)
BUILD = AnswerBuilder(PLAN, cast.LINE, 0, "fr", cast.UMA)
ROUND = Step(StepKind.FAKE_QUEUE, cast.LINE, 0, count=1)


@pytest.fixture(autouse=True)
def in_english() -> None:
    """Whatever language another test spoke."""
    speak("en")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (BUILD.leg((MARTIN,), 0, "q", 0, Chain.VIP), ["Rings Martin for 18 seconds and asks for a key press"]),
        (BUILD.operators([OSCAR], ROUND), ["Rings Oscar for 20 seconds"]),
        (BUILD.queue("q", 0), ["Puts the call into the queue “Orders”"]),
        (
            BUILD.menu("menu"),
            [
                "Says “Tapez 1.” in French",
                "Waits 5 seconds for a key",
                "No key pressed: asks what to do next",
            ],
        ),
        (
            BUILD.confirm("m"),
            [
                "Says “Un appel pour vous. Tapez 1 pour le prendre.” in French",
                "Waits 8 seconds for a key",
                "If no key is pressed:",
                "Says “Merci, l'appel continue sans vous.” in French",
                "Hangs up",
            ],
        ),
        (Hold(None, 1), ["Plays the hold music"]),
        (Hold(None, again=ROUND, by=HoldBy.EARLY_MEDIA), ["Plays the hold music, without picking up", "Again: round 2"]),
        (
            Hold(None, again=ROUND, by=HoldBy.UNATTENDED),
            ["Leaves the call in a queue that nobody serves", "Again: round 2"],
        ),
        (Reject(RejectReason.BUSY), ["Rejects the call: busy"]),
        (Reject(RejectReason.REJECTED), ["Rejects the call"]),
        (Reject(RejectReason.BUSY, 45), ["Waits 45 seconds", "Rejects the call: busy"]),
        (Say((Speech("Bonjour.", "fr"),)), ["Says “Bonjour.” in French", "Hangs up"]),
        (HangUp(), ["Hangs up"]),
        (Nothing(), ["Nothing more to do"]),
        (GoOn(Step(StepKind.LEG_DONE, cast.LINE, 0)), ["Asks what to do next"]),
        (Fetch("held-1", 10, ROUND), ["Connects with whoever waits in “held-1”"]),
        (Leave(), ["Takes the call out of the queue to ring an operator"]),
    ],
)  # fmt: skip
def test_every_answer_has_its_steps(answer: Answer, words: list[str]) -> None:
    assert READER.steps(answer) == words


@given(answers())
def test_no_answer_is_without_words(answer: Answer) -> None:
    assert all(READER.steps(answer))
    assert READER.steps(answer)


def test_the_rounds_of_the_fake_queue_are_counted() -> None:
    assert READER.steps(BUILD.action(FakeQueue(1800)))[-1] == "Again: round 2"
    assert why_asked(ROUND, PLAN, "", over=False) == "Fake queue, round 2"


@pytest.mark.parametrize(
    ("kind", "target", "keys", "over", "why"),
    [
        (StepKind.MENU_KEY, "menu", "1", False, "Key 1 in the menu “Main”"),
        (StepKind.MENU_SILENCE, "menu", "", False, "No key in the menu “Main”"),
        (StepKind.CONFIRM, "m", "", False, "Martin answers and is asked to confirm"),
        (StepKind.CONFIRM_KEY, "m", "1", False, "Martin pressed 1"),
        (StepKind.WAIT, "q", "", False, "Waiting in the queue “Orders”"),
        (StepKind.LEFT_QUEUE, "q", "", False, "First in the queue, and an operator is free"),
        (StepKind.LEFT_QUEUE, "q", "", True, "The call leaves the queue “Orders”"),
        (StepKind.LEG_DONE, "q", "", False, "Nobody answered"),
        (StepKind.OPERATOR_DONE, "q", "", True, "The conversation has ended"),
    ],
)
def test_it_is_told_why_the_service_was_asked(kind: StepKind, target: str, keys: str, over: bool, why: str) -> None:
    assert why_asked(Step(kind, cast.LINE, 0, target), PLAN, keys, over=over) == why
