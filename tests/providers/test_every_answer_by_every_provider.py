"""Whatever is answered, and whoever carries the call: the document is one that the provider can carry out, and a blacklisted
caller is no nearer to a person than with Twilio. The grammars are the simulator's, which was written apart from us."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings

from app.answering.answers import Answer, Ask, Hold, Say
from app.providers.addresses import Addresses
from app.providers.capabilities import degrade
from app.providers.last_resort import APOLOGY
from app.providers.provider import Provider
from app.providers.registry import PROVIDERS
from app.providers.twilio import TWILIO
from simulator import SignalWire, Telnyx, Twilio
from simulator.documents import MAX_BODY, read_document
from simulator.grammar import Grammar
from tests.answering.any_answer import FILES, answers, that_reach_nobody

GRAMMARS: dict[str, Grammar] = {
    one.name: one.grammar for one in (Twilio(), SignalWire("key"), Telnyx(ignores={"sequential", "answerOnBridge"}))
}
"""Telnyx as an account has it that lacks what was documented last; unknown attributes are counted, not forgiven."""
WAYS_TO_A_PERSON = {"Dial", "Enqueue", "Gather", "Leave"}
IN_A_QUEUE = {"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"}
EVERY_PROVIDER = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=list(PROVIDERS))


def written(answer: Answer, provider: Provider) -> ET.Element:
    """The document, read as strictly as the provider's own documentation allows."""
    degraded = degrade(answer, provider.capabilities)
    text = provider.write(degraded, Addresses("https://pbx.example.org", provider.name, b"k" * 32, FILES[:1]))
    assert len(text.encode()) <= MAX_BODY
    reading = read_document(text.encode(), "https://pbx.example.org/", GRAMMARS[provider.name])
    assert [one for one in reading.ignored if one.attribute != "answerOnBridge"] == []
    return reading.root


def verbs(root: ET.Element) -> set[str]:
    return {element.tag for element in root.iter()}


@EVERY_PROVIDER
@settings(max_examples=300)
@given(answers())
def test_every_answer_is_a_document_that_the_provider_can_carry_out(provider: Provider, answer: Answer) -> None:
    root = written(answer, provider)
    top = {verb.tag for verb in root}
    if isinstance(answer, Hold) and answer.again is None:
        assert top <= IN_A_QUEUE
    if isinstance(answer, Ask) and isinstance(answer.silence, Say) and "callee" in GRAMMARS[provider.name].places:
        assert top <= GRAMMARS[provider.name].places["callee"], "this is what a callee hears"


@EVERY_PROVIDER
@settings(max_examples=300)
@given(that_reach_nobody())
def test_a_blacklisted_caller_is_never_nearer_to_a_person_than_with_twilio(provider: Provider, answer: Answer) -> None:
    assert not WAYS_TO_A_PERSON & verbs(written(answer, provider))
    if verbs(written(answer, TWILIO)) == {"Response", "Reject"}:
        assert verbs(written(answer, provider)) == {"Response", "Reject"}, "who was refused unheard stays unheard"


@EVERY_PROVIDER
def test_the_last_resort_can_be_said_by_every_provider(provider: Provider) -> None:
    assert [verb.tag for verb in written(APOLOGY, provider)] == ["Say", "Hangup"]


@EVERY_PROVIDER
def test_a_provider_says_what_it_cannot_do(provider: Provider) -> None:
    assert provider.name == provider.title.lower()
    assert provider.is_account(provider.account_example)
    assert provider.key_name
    assert len(set(provider.lacks())) == len(provider.lacks())
