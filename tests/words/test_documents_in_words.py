"""What the service answers, as people read it."""

import xml.etree.ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from app.answering.render import Renderer
from app.base.language import speak
from app.providers import twiml
from app.providers.twiml import Speech
from app.words.documents_in_words import DocumentReader, twiml_for_reading
from routing.actions import FakeQueue, Leg, Reject, RejectReason
from routing.plan import Line, Operator, RoutingPlan, WaitingQueue
from routing.step import Step, StepKind
from simulator import Document
from tests import cast

KEY = b"k" * 32
MARTIN = Leg("m", "Martin", cast.MARTIN, 18, confirm=True)
PLAN = RoutingPlan(
    "t", "Atelier Nord", 1,
    lines={cast.LINE: Line("l", cast.LINE, "Main", "FR", ZoneInfo("Europe/Paris"), "fr")},
    operators={"m": Operator(MARTIN, management=True)}, queues={"q": WaitingQueue("q", "Orders")},
)  # fmt: skip
READER = DocumentReader(PLAN, KEY)
RENDER = Renderer(PLAN, cast.BASE_URL, KEY, cast.LINE, 0, "fr", cast.UMA)


@pytest.fixture(autouse=True)
def in_english() -> None:
    """Whatever language another test spoke."""
    speak("en")


def answer(text: str, url: str = "/twilio/voice", leg: str = "caller", **parameters: str) -> Document:
    """A document as the telephone company got it."""
    return Document(cast.BASE_URL + url, text, ET.fromstring(text), leg, 0.0, "CA", "POST", parameters, 0.01)


def asked_at(step: Step) -> str:
    """The path of a step."""
    return RENDER.url(step).removeprefix(cast.BASE_URL)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (RENDER.leg((MARTIN,), 0, "q", 0), ["Rings Martin for 18 seconds and asks for a key press"]),
        (RENDER.queue("q", 0), ["Puts the call into the queue “Orders”"]),
        (RENDER.action(Reject(RejectReason.BUSY)), ["Refuses the call: busy"]),
        (twiml.message(Speech("Bonjour.", "fr")), ["Says “Bonjour.” in French", "Hangs up"]),
        (twiml.empty(), ["Nothing more to do"]),
        (twiml.leave(), ["Takes the call out of the queue, to ring somebody"]),
    ],
)
def test_every_answer_has_its_steps(text: str, words: list[str]) -> None:
    assert READER.steps(answer(text)) == words


def test_the_rounds_of_the_fake_queue_are_counted() -> None:
    first = answer(RENDER.action(FakeQueue(1800)))
    assert READER.title(first) == "The call comes in"
    assert READER.steps(first)[-1] == "And again: round 2"
    second = answer(RENDER.fake_queue(1, 20, 1800), asked_at(Step(StepKind.FAKE_QUEUE, cast.LINE, 0, count=1)))
    assert READER.title(second) == "Fake queue, round 2"


@pytest.mark.parametrize(
    ("step", "parameters", "title"),
    [
        (Step(StepKind.CONFIRM, cast.LINE, 0, "m"), {}, "Martin picks up and is asked"),
        (Step(StepKind.CONFIRM_KEY, cast.LINE, 0, "m"), {"Digits": "1"}, "Martin pressed 1"),
        (Step(StepKind.WAIT, cast.LINE, 0, "q"), {}, "Waiting in the queue “Orders”"),
        (Step(StepKind.LEG_DONE, cast.LINE, 0, "q"), {"DialBridged": "false"}, "Nobody took the call"),
        (Step(StepKind.LEG_DONE, cast.LINE, 0, "q"), {"DialBridged": "true"}, "The talk is over"),
    ],
)
def test_the_title_says_why_the_service_was_asked(step: Step, parameters: dict[str, str], title: str) -> None:
    assert READER.title(answer(twiml.empty(), asked_at(step), **parameters)) == title


def test_a_document_for_reading_says_the_same_with_line_breaks() -> None:
    text = twiml.message(Speech("<b> & “é”", "fr"))
    shown = twiml_for_reading(text)
    assert shown.count("\n") == 3
    assert "".join(ET.fromstring(shown).itertext()).strip() == "<b> & “é”"
    assert twiml_for_reading("no XML") == "no XML"
