"""Every document is well-formed, small, and has the same shape whatever text is in it."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import VoiceResponse

from app.base.xml_text import MAX_SPOKEN_CHARACTERS, xml_text
from app.providers import twiml
from app.providers.twilio.last_resort import APOLOGY
from app.providers.twiml import DocumentRefused, Speech
from routing.actions import Leg, RejectReason
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
        twiml.document(response)


@pytest.mark.parametrize("name", NOT_XML)
def test_ours_is_read_by_every_parser(name: str) -> None:
    document = twiml.message(Speech(name, "en"))
    assert well_formed(document)
    assert "".join(ET.fromstring(document).itertext()).startswith("A")


# --- any text, any document ---

KEY, NEXT, MUSIC = "https://pbx.example.org/k", "https://pbx.example.org/n", "https://pbx.example.org/m.wav"


def dialled(text: str) -> str:
    legs = [
        Leg("o1", text, cast.OLGA, confirm=True),
        Leg("o2", text, cast.OSCAR),
        Leg("o3", text, "sip:a@pbx.example.org"),
    ]
    return twiml.dial(
        legs,
        caller_id=cast.LINE,
        ring_seconds=20,
        done_url=NEXT,
        status_url=KEY,
        confirm_url=lambda leg: f"{KEY}/{leg.operator_id}",
    )


DOCUMENTS: dict[str, Callable[[str], str]] = {
    "message": lambda text: twiml.message(Speech(text, "fr")),
    "message in no language of ours": lambda text: twiml.message(Speech(text, text)),
    "hold_round": lambda text: twiml.hold_round(Speech(text, "en"), MUSIC, NEXT),
    "menu": lambda text: twiml.menu([Speech(text, "en"), Speech(text, "ru")], 5, 1, KEY, NEXT),
    "enqueue": lambda text: twiml.enqueue(Speech(text, "es"), "q-main", KEY, NEXT),
    "queue name": lambda text: twiml.enqueue(None, "q" + text, KEY, NEXT),
    "wait": lambda text: twiml.wait(Speech(text, "en"), MUSIC),
    "confirm": lambda text: twiml.confirm(Speech(text, "en"), Speech(text, "fr"), KEY),
    "dial": dialled,
}


def skeleton(document: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Elements and attributes in their order, without any text."""
    return [(element.tag, tuple(element.attrib.items())) for element in ET.fromstring(document).iter()]


def same_shape_as_bob(make: Callable[[str], str], text: str) -> None:
    document = make(text)
    assert len(document.encode()) <= twiml.MAX_BYTES
    said = bool(xml_text(text))
    expected = skeleton(make("Bob"))
    # Nothing to say is not said: an empty Say is warning 13520 at Twilio.
    assert skeleton(document) == (expected if said else [part for part in expected if part[0] != "Say"])


@pytest.mark.parametrize("text", [*HOSTILE, *NOT_XML])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_text_changes_nothing_but_what_is_said(name: str, text: str) -> None:
    same_shape_as_bob(DOCUMENTS[name], text)


@pytest.mark.parametrize("name", DOCUMENTS)
@given(text=st.text())
def test_any_text_changes_nothing_but_what_is_said(name: str, text: str) -> None:
    same_shape_as_bob(DOCUMENTS[name], text)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_said_is_said_word_for_word(text: str) -> None:
    assert ET.fromstring(twiml.message(Speech(text, "en"))).findtext("Say", "") == xml_text(text)


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
    said = ET.fromstring(twiml.message(Speech("a" * 100_000, "en"))).findtext("Say", "")
    assert len(said) == MAX_SPOKEN_CHARACTERS < 3000  # Polly's limit, twilio.com/docs/api/errors/13521


def test_a_document_larger_than_the_provider_takes_is_refused() -> None:
    """Twilio error 11750."""
    with pytest.raises(DocumentRefused, match="65"):
        twiml.menu([Speech("é" * 2500, "fr")] * 14, 5, 1, KEY, NEXT)


def test_even_the_longest_menu_of_four_byte_letters_fits() -> None:
    assert len(twiml.menu([Speech("\U0001f600" * 5000, "fr")] * 3, 5, 1, KEY, NEXT).encode()) < twiml.MAX_BYTES


def test_only_ten_people_are_rung_at_once() -> None:
    legs = [Leg(str(number), "x", f"+3319900{number:04}") for number in range(15)]
    document = twiml.dial(
        legs, caller_id=cast.LINE, ring_seconds=5, done_url=NEXT, status_url=KEY, confirm_url=lambda _: KEY
    )
    assert len(ET.fromstring(document).findall("Dial/Number")) == 10


# --- each action, as Twilio documents it ---

EVENTS = (
    'statusCallback="https://pbx.example.org/s" statusCallbackEvent="initiated ringing answered completed" '
    'statusCallbackMethod="POST"'
)


def test_nothing_to_do() -> None:
    assert twiml.empty() == f"{HEAD}<Response />"


def test_hanging_up() -> None:
    """twilio.com/docs/voice/twiml/hangup."""
    assert twiml.hang_up() == f"{HEAD}<Response><Hangup /></Response>"


def test_a_message() -> None:
    """twilio.com/docs/voice/twiml/say: ru-RU and others need an explicit voice."""
    assert twiml.message(Speech("Au revoir & merci", "fr")) == (
        f'{HEAD}<Response><Say language="fr-FR" voice="Polly.Lea">Au revoir &amp; merci</Say><Hangup /></Response>'
    )


@pytest.mark.parametrize("reason", RejectReason)
def test_refusing_is_the_first_verb_so_it_is_never_billed(reason: RejectReason) -> None:
    """twilio.com/docs/voice/twiml/reject."""
    assert twiml.reject(reason) == f'{HEAD}<Response><Reject reason="{reason.value}" /></Response>'


def test_ringing_out() -> None:
    """twilio.com/docs/voice/twiml/pause: a Pause that comes first is waited out before picking up."""
    assert twiml.ring_then_reject(45) == f'{HEAD}<Response><Pause length="45" /><Reject reason="busy" /></Response>'


def test_a_round_of_the_fake_queue() -> None:
    """twilio.com/docs/voice/twiml/redirect."""
    assert twiml.hold_round(None, MUSIC, NEXT) == (
        f'{HEAD}<Response><Play>{MUSIC}</Play><Redirect method="POST">{NEXT}</Redirect></Response>'
    )


def test_a_menu() -> None:
    """twilio.com/docs/voice/twiml/gather: without a key the call falls through to the Redirect."""
    assert twiml.menu([Speech("Tapez 1", "fr")], 5, 1, KEY, NEXT) == (
        f'{HEAD}<Response><Gather action="{KEY}" finishOnKey="" input="dtmf" method="POST" numDigits="1" timeout="5">'
        '<Say language="fr-FR" voice="Polly.Lea">Tapez 1</Say></Gather>'
        f'<Redirect method="POST">{NEXT}</Redirect></Response>'
    )


def test_a_queue() -> None:
    """twilio.com/docs/voice/twiml/enqueue."""
    assert twiml.enqueue(None, "q-main", KEY, NEXT) == (
        f'{HEAD}<Response><Enqueue action="{NEXT}" method="POST" waitUrl="{KEY}" waitUrlMethod="POST">'
        "q-main</Enqueue></Response>"
    )


def test_waiting_and_leaving() -> None:
    """twilio.com/docs/voice/twiml/enqueue, "waitUrl", and twilio.com/docs/voice/twiml/leave."""
    assert twiml.wait(None, MUSIC) == f"{HEAD}<Response><Play>{MUSIC}</Play></Response>"
    assert twiml.leave() == f"{HEAD}<Response><Leave /></Response>"


def test_ringing_somebody() -> None:
    """twilio.com/docs/voice/twiml/dial and its pages number, client and sip."""
    legs = [Leg("o", "Olga", cast.OLGA), Leg("c", "Oscar", cast.OSCAR), Leg("s", "Sam", "sip:sam@pbx.example.org")]
    document = twiml.dial(
        legs,
        caller_id=cast.UMA,
        ring_seconds=20,
        done_url=NEXT,
        status_url="https://pbx.example.org/s",
        confirm_url=lambda _: KEY,
    )
    assert document == (
        f'{HEAD}<Response><Dial action="{NEXT}" answerOnBridge="true" callerId="{cast.UMA}" method="POST" timeout="20">'
        f"<Number {EVENTS}>{cast.OLGA}</Number><Client {EVENTS}>oscar</Client><Sip {EVENTS}>sip:sam@pbx.example.org</Sip>"
        "</Dial></Response>"
    )


def test_ringing_somebody_who_has_to_press_a_key() -> None:
    """twilio.com/docs/voice/twiml/number, "url": the whisper that the callee hears before being connected."""
    document = twiml.dial(
        [Leg("m", "Martin", cast.MARTIN, confirm=True)], caller_id=cast.LINE, ring_seconds=15, done_url=NEXT,
        status_url="https://pbx.example.org/s", confirm_url=lambda leg: f"{KEY}/{leg.operator_id}",
    )  # fmt: skip
    number = ET.fromstring(document).find("Dial/Number")
    assert number is not None
    assert (number.get("url"), number.get("method"), number.text) == (f"{KEY}/m", "POST", cast.MARTIN)


def test_a_voicemail_cannot_take_a_call_from_others_who_are_rung() -> None:
    """twilio.com/docs/voice/twiml/dial, "sequential": whoever picks up first ends the ringing of all others."""

    def rung(*confirm: bool) -> str | None:
        legs = [Leg(str(n), "x", cast.OLGA, confirm=one) for n, one in enumerate(confirm)]
        document = twiml.dial(
            legs, caller_id=cast.LINE, ring_seconds=5, done_url=NEXT, status_url=KEY, confirm_url=lambda _: KEY
        )
        dial = ET.fromstring(document).find("Dial")
        assert dial is not None
        return dial.get("sequential")

    assert (rung(True, False), rung(False, True), rung(False, False), rung(True)) == ("true", "true", None, None)


def test_the_callee_is_asked_to_press_a_key() -> None:
    """twilio.com/docs/voice/twiml/gather, nested in a whisper."""
    document = twiml.confirm(Speech("Press 1", "en"), Speech("Gone", "en"), KEY)
    assert [element.tag for element in ET.fromstring(document)] == ["Gather", "Say", "Hangup"]


def test_the_last_resort_needs_nothing_and_rings_nobody() -> None:
    assert [element.tag for element in ET.fromstring(APOLOGY)] == ["Say", "Hangup"]
