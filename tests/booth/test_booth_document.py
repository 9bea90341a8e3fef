"""How the booth shows what a call was answered."""

import base64
import xml.etree.ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from app.answering.answers import Answer, Nothing, Reject
from app.answering.given import Given
from app.base.language import speak
from app.booth.booth_document import for_reading, told_of
from app.providers.addresses import Addresses
from routing.actions import RejectReason
from routing.plan import Line, RoutingPlan, WaitingQueue
from routing.step import Step, StepKind
from simulator import Document
from tests import cast

KEY = b"k" * 32
PLAN = RoutingPlan(
    "t", "Atelier Nord", 1,
    lines={cast.LINE: Line("l", cast.LINE, "Main", "FR", ZoneInfo("Europe/Paris"), "fr")},
    queues={"q": WaitingQueue("q", "Orders")},
)  # fmt: skip
WAITING = Addresses(cast.BASE_URL, "signalwire", KEY).step(Step(StepKind.WAIT, cast.LINE, 0, "q"))


@pytest.fixture(autouse=True)
def in_english() -> None:
    """Whatever language another test spoke."""
    speak("en")


def document(url: str, answer: Answer | None = None, leg: str = "caller", **parameters: str) -> Document:
    """As the telephone company got it."""
    headers = {"x-antichambre-answer": base64.b64encode(Given.of(answer).json).decode()} if answer else {}
    bare = Document(url, "<Response/>", ET.Element("Response"), leg, 0.0, "CA", "POST", parameters, 0.0123)
    return bare._replace(headers=headers)


def test_what_the_answer_does_is_told_by_the_answer_itself() -> None:
    told = told_of(document(f"{cast.BASE_URL}/twilio/voice", Reject(RejectReason.BUSY)), PLAN, KEY)
    assert told["title"] == "The call comes in"
    assert told["steps"] == ["Rejects the call: busy"]
    assert told["ms"] == 12.3


def test_a_step_is_known_whichever_provider_asks() -> None:
    assert told_of(document(WAITING, Nothing()), PLAN, KEY)["title"] == "Waiting in the queue “Orders”"
    fallback = told_of(document(f"{cast.BASE_URL}/telnyx/fallback", Nothing()), PLAN, KEY)
    assert fallback["title"] == "The first answer failed; fallback"


@pytest.mark.parametrize("header", [{}, {"x-antichambre-answer": "!"}, {"x-antichambre-answer": "W10="}])
def test_a_document_without_its_answer_is_still_shown(header: dict[str, str]) -> None:
    told = told_of(document(f"{cast.BASE_URL}/twilio/voice")._replace(headers=header), PLAN, KEY)
    assert (told["steps"], told["document"]) == ([], "<Response/>")


def test_a_document_for_reading_says_the_same_with_line_breaks() -> None:
    shown = for_reading('<Response><Say language="fr-FR">&lt;b&gt; &amp; “é”</Say><Hangup/></Response>')
    assert shown.count("\n") == 3
    assert "".join(ET.fromstring(shown).itertext()).strip() == "<b> & “é”"
    assert for_reading("no XML") == "no XML"
