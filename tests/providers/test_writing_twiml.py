"""Every document is well-formed, small, and has the same shape whatever text is in it."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import VoiceResponse

from app.answering.answers import (
    Answer,
    Ask,
    Callee,
    GoOn,
    HangUp,
    Hold,
    HoldBy,
    Leave,
    Nothing,
    Reject,
    Ring,
    Say,
    Speech,
    Wait,
)
from app.base.xml_text import MAX_SPOKEN_CHARACTERS, xml_text
from app.providers.addresses import Addresses
from app.providers.last_resort import APOLOGY
from app.providers.twiml.dialect import Dialect
from app.providers.twiml.document import MAX_BYTES, DocumentRefused, document
from app.providers.twiml.write import write
from routing.actions import RejectReason
from routing.step import Step, StepKind
from tests import cast
from tests.filters.test_real_data import HOSTILE

NOT_XML = ["A\x00B", "A\x1b[31mB", "A\ufffeB", "A\uffffB", "A\x08B", "A\x0bB", "A\ud800B"]
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def well_formed(text: str) -> bool:
    try:
        expat.ParserCreate().Parse(text.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError:
        return False
    return True


# --- fact 1 of promises.md ---


@pytest.mark.parametrize("name", NOT_XML[:6])
def test_the_standard_library_writes_what_no_parser_reads(name: str) -> None:
    say = ET.Element("Say")
    say.text = name
    assert not well_formed(ET.tostring(say, encoding="unicode"))


@pytest.mark.parametrize("name", NOT_XML[:6])
def test_the_provider_s_own_builder_writes_what_no_parser_reads(name: str) -> None:
    response = VoiceResponse()
    response.say(name)
    assert not well_formed(response.to_xml())
    with pytest.raises(DocumentRefused, match="not well-formed"):
        document(response)


@pytest.mark.parametrize("name", NOT_XML)
def test_ours_is_read_by_every_parser(name: str) -> None:
    document = written(Say((Speech(name, "en"),)))
    assert well_formed(document)
    assert "".join(ET.fromstring(document).itertext()).startswith("A")


# --- any text, any document ---

HERE = Addresses("https://pbx.example.org", "twilio", b"k" * 32)
CALL = Step(StepKind.LEG_DONE, cast.LINE, 1, "q1", 2)
WAIT, KEYS, SILENCE, CONFIRM = (
    replace(CALL, kind=kind) for kind in (StepKind.WAIT, StepKind.MENU_KEY, StepKind.MENU_SILENCE, StepKind.CONFIRM)
)
MUSIC, NEXT = "https://pbx.example.org/audio/hold-music.wav", HERE.step(CALL)


def written(answer: Answer) -> str:
    return write(answer, HERE, Dialect())


def ring(*callees: Callee, shown: str = cast.LINE, in_turn: bool = False) -> Ring:
    return Ring(callees, shown, 20, CALL, in_turn)


ANSWERS: dict[str, Callable[[str], Answer]] = {
    "say": lambda text: Say((Speech(text, "fr"),)),
    "say in no language of ours": lambda text: Say((Speech(text, text),)),
    "hold": lambda text: Hold(Speech(text, "en"), again=CALL),
    "hold in a queue": lambda text: Hold(Speech(text, "en"), 1),
    "ask": lambda text: Ask((Speech(text, "en"), Speech(text, "ru")), 5, 1, KEYS, SILENCE),
    "confirm": lambda text: Ask((Speech(text, "en"),), 8, 1, KEYS, Say((Speech(text, "fr"),))),
    "wait": lambda text: Wait("q-main", WAIT, Speech(text, "es")),
    "queue name": lambda text: Wait("q" + text, WAIT),
    "ring": lambda text: ring(Callee(cast.OLGA, CONFIRM), Callee(cast.OSCAR), Callee("sip:a@pbx.example.org")),
    "ring once": lambda text: Ring(
        (Callee(cast.OLGA),), cast.LINE, 20, None, before=(Speech(text, "fr"),), after=(Speech(text, "fr"),)
    ),
}


def skeleton(document: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Elements and attributes in their order, without any text."""
    return [(element.tag, tuple(element.attrib.items())) for element in ET.fromstring(document).iter()]


def same_shape_as_bob(make: Callable[[str], Answer], text: str) -> None:
    document = written(make(text))
    assert len(document.encode()) <= MAX_BYTES
    said = bool(xml_text(text))
    expected = skeleton(written(make("Bob")))
    # Nothing to say is not said: an empty Say is warning 13520 at Twilio.
    assert skeleton(document) == (expected if said else [part for part in expected if part[0] != "Say"])


@pytest.mark.parametrize("text", [*HOSTILE, *NOT_XML])
@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_text_changes_nothing_but_what_is_said(name: str, text: str) -> None:
    same_shape_as_bob(ANSWERS[name], text)


@pytest.mark.parametrize("name", ANSWERS)
@given(text=st.text())
def test_any_text_changes_nothing_but_what_is_said(name: str, text: str) -> None:
    same_shape_as_bob(ANSWERS[name], text)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_said_is_said_word_for_word(text: str) -> None:
    assert ET.fromstring(written(Say((Speech(text, "en"),)))).findtext("Say", "") == xml_text(text)


@given(st.text())
def test_xml_text_keeps_every_printable_character_and_only_collapses_whitespace(text: str) -> None:
    cleaned = xml_text(text)
    assert well_formed(f"<a>{cleaned.replace('&', '').replace('<', '').replace(']]>', '')}</a>")
    kept = [c for c in text if well_formed(f"<a>{'.' if c in '<&' else c}</a>")]
    assert "".join(cleaned.split()) == "".join("".join(kept).split())[: len("".join(cleaned.split()))]
    assert len(cleaned) <= MAX_SPOKEN_CHARACTERS
    assert xml_text(cleaned) == cleaned.strip() or len(cleaned) == MAX_SPOKEN_CHARACTERS


# --- the size ---


def test_what_is_said_is_never_longer_than_a_voice_can_read() -> None:
    said = ET.fromstring(written(Say((Speech("a" * 100_000, "en"),)))).findtext("Say", "")
    assert len(said) == MAX_SPOKEN_CHARACTERS < 3000  # Polly's limit, twilio.com/docs/api/errors/13521


def test_a_document_larger_than_the_provider_takes_is_refused() -> None:
    """Twilio error 11750."""
    with pytest.raises(DocumentRefused, match="65"):
        written(Ask((Speech("é" * 2500, "fr"),) * 14, 5, 1, KEYS, SILENCE))


def test_even_the_longest_menu_of_four_byte_letters_fits() -> None:
    longest = Ask((Speech("\U0001f600" * 5000, "fr"),) * 3, 5, 1, KEYS, SILENCE)
    assert len(written(longest).encode()) < MAX_BYTES


# --- each answer, as Twilio documents it ---

EVENTS = (
    'statusCallback="https://pbx.example.org/twilio/status" statusCallbackEvent="initiated ringing answered completed" '
    'statusCallbackMethod="POST"'
)


def test_nothing_to_do() -> None:
    assert written(Nothing()) == f"{HEAD}<Response />"


def test_hanging_up() -> None:
    """twilio.com/docs/voice/twiml/hangup."""
    assert written(HangUp()) == f"{HEAD}<Response><Hangup /></Response>"


def test_a_message() -> None:
    """twilio.com/docs/voice/twiml/say: ru-RU and others need an explicit voice."""
    assert written(Say((Speech("Au revoir & merci", "fr"),))) == (
        f'{HEAD}<Response><Say language="fr-FR" voice="Polly.Lea">Au revoir &amp; merci</Say><Hangup /></Response>'
    )


@pytest.mark.parametrize("reason", RejectReason)
def test_refusing_is_the_first_verb_so_it_is_never_billed(reason: RejectReason) -> None:
    """twilio.com/docs/voice/twiml/reject."""
    assert written(Reject(reason)) == f'{HEAD}<Response><Reject reason="{reason.value}" /></Response>'


def test_ringing_out() -> None:
    """twilio.com/docs/voice/twiml/pause: a Pause that comes first is waited out before picking up."""
    ringing = Reject(RejectReason.BUSY, 45)
    assert written(ringing) == f'{HEAD}<Response><Pause length="45" /><Reject reason="busy" /></Response>'


def test_a_round_of_the_fake_queue() -> None:
    """twilio.com/docs/voice/twiml/redirect."""
    assert written(Hold(None, again=CALL)) == (
        f'{HEAD}<Response><Play>{MUSIC}</Play><Redirect method="POST">{NEXT}</Redirect></Response>'
    )


def test_going_on_elsewhere() -> None:
    """twilio.com/docs/voice/twiml/redirect."""
    assert written(GoOn(CALL)) == f'{HEAD}<Response><Redirect method="POST">{NEXT}</Redirect></Response>'


def test_a_menu() -> None:
    """twilio.com/docs/voice/twiml/gather: without a key the call falls through to the Redirect."""
    assert written(Ask((Speech("Tapez 1", "fr"),), 5, 1, KEYS, SILENCE)) == (
        f'{HEAD}<Response><Gather action="{HERE.step(KEYS)}" finishOnKey="" input="dtmf" method="POST" numDigits="1" '
        'timeout="5"><Say language="fr-FR" voice="Polly.Lea">Tapez 1</Say></Gather>'
        f'<Redirect method="POST">{HERE.step(SILENCE)}</Redirect></Response>'
    )


def test_a_queue() -> None:
    """twilio.com/docs/voice/twiml/enqueue."""
    left = HERE.step(replace(WAIT, kind=StepKind.LEFT_QUEUE))
    assert written(Wait("q-main", WAIT)) == (
        f'{HEAD}<Response><Enqueue action="{left}" method="POST" waitUrl="{HERE.step(WAIT)}" waitUrlMethod="POST">'
        "q-main</Enqueue></Response>"
    )


def test_waiting_and_leaving() -> None:
    """twilio.com/docs/voice/twiml/enqueue, "waitUrl", and twilio.com/docs/voice/twiml/leave."""
    assert written(Hold(None)) == f"{HEAD}<Response><Play>{MUSIC}</Play></Response>"
    part = MUSIC.replace("music", "music-2")
    assert written(Hold(None, 1)) == f"{HEAD}<Response><Play>{part}</Play></Response>"
    assert written(Leave()) == f"{HEAD}<Response><Leave /></Response>"


def test_ringing_somebody() -> None:
    """twilio.com/docs/voice/twiml/dial and its pages number, client and sip."""
    callees = Callee(cast.OLGA), Callee(cast.OSCAR), Callee("sip:sam@pbx.example.org")
    assert written(ring(*callees, shown=cast.UMA)) == (
        f'{HEAD}<Response><Dial action="{NEXT}" answerOnBridge="true" callerId="{cast.UMA}" method="POST" '
        'timeLimit="14400" timeout="20">'
        f"<Number {EVENTS}>{cast.OLGA}</Number><Client {EVENTS}>oscar</Client><Sip {EVENTS}>sip:sam@pbx.example.org</Sip>"
        "</Dial></Response>"
    )


def test_ringing_somebody_and_nothing_after() -> None:
    """twilio.com/docs/voice/twiml/dial: without an action the document goes on when the Dial is over."""
    alone = Ring((Callee(cast.OLGA),), cast.LINE, 20, None, after=(Speech("Pardon", "fr"),))
    assert written(alone) == (
        f'{HEAD}<Response><Dial answerOnBridge="true" callerId="{cast.LINE}" timeLimit="14400" '
        f'timeout="20"><Number>{cast.OLGA}</Number>'
        '</Dial><Say language="fr-FR" voice="Polly.Lea">Pardon</Say><Hangup /></Response>'
    )


def test_ringing_somebody_who_has_to_press_a_key() -> None:
    """twilio.com/docs/voice/twiml/number, "url": the whisper that the callee hears before being connected."""
    number = ET.fromstring(written(ring(Callee(cast.MARTIN, CONFIRM)))).find("Dial/Number")
    assert number is not None
    assert (number.get("url"), number.get("method"), number.text) == (HERE.step(CONFIRM), "POST", cast.MARTIN)


@pytest.mark.parametrize(("in_turn", "sequential"), [(True, "true"), (False, None)])
def test_ringing_people_one_after_the_other(in_turn: bool, sequential: str | None) -> None:
    """twilio.com/docs/voice/twiml/dial, "sequential"."""
    dial = ET.fromstring(written(ring(Callee(cast.OLGA), Callee(cast.MARTIN), in_turn=in_turn))).find("Dial")
    assert dial is not None
    assert dial.get("sequential") == sequential


def test_the_callee_is_asked_to_press_a_key() -> None:
    """twilio.com/docs/voice/twiml/gather, nested in a whisper."""
    document = written(Ask((Speech("Press 1", "en"),), 8, 1, KEYS, Say((Speech("Gone", "en"),))))
    assert [element.tag for element in ET.fromstring(document)] == ["Gather", "Say", "Hangup"]


@pytest.mark.parametrize("by", [HoldBy.EARLY_MEDIA, HoldBy.UNATTENDED])
def test_what_the_dialect_has_no_words_for_is_not_written(by: HoldBy) -> None:
    with pytest.raises(DocumentRefused, match="rounds"):
        written(Hold(None, again=CALL, by=by))


def test_the_last_resort_needs_nothing_and_rings_nobody() -> None:
    assert [element.tag for element in ET.fromstring(written(APOLOGY))] == ["Say", "Hangup"]
