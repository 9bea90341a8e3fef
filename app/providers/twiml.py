"""TwiML documents, built with the provider's own builder and then made safe. The dialect is the one that Twilio,
SignalWire and Telnyx share.

Nothing here asks who is calling: each function says one thing. No text from outside ever goes into an attribute or a
URL. Sources: twilio.com/docs/voice/twiml and the page of each verb.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from app.base.xml_text import xml_text
from routing.actions import Leg, RejectReason

CONTENT_TYPE: Final = "text/xml; charset=utf-8"
MAX_BYTES: Final = 64 * 1024
"""Twilio refuses larger documents with error 11750."""
MAX_PARALLEL: Final = 10
"""Twilio rings at most ten numbers of one Dial at once."""

_VOICES: Final = {
    "en": ("en-US", "Polly.Joanna"),
    "es": ("es-ES", "Polly.Lucia"),
    "fr": ("fr-FR", "Polly.Lea"),
    "ru": ("ru-RU", "Polly.Tatyana"),
}
_LEG_EVENTS: Final = "initiated ringing answered completed"


class DocumentRefused(ValueError):
    """The document is not well-formed or too large for the provider."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Something to say and the language (ISO 639-1) to say it in."""

    text: str
    language: str


def document(response: VoiceResponse) -> str:
    """The document's text. Raises :class:`DocumentRefused`: a provider would drop the call over such a one."""
    text = response.to_xml()
    data = text.encode()
    if len(data) > MAX_BYTES:
        raise DocumentRefused(f"the document has {len(data)} bytes, more than {MAX_BYTES}")
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise DocumentRefused(f"the document is not well-formed: {error}") from error
    return str(text)


def _say(parent: VoiceResponse | Gather, speech: Speech) -> None:
    if text := xml_text(speech.text):
        language, voice = _VOICES.get(speech.language, _VOICES["en"])
        parent.say(text, language=language, voice=voice)


def empty() -> str:
    """Nothing to do: the caller is bridged, gone, or the answer is not looked at."""
    return document(VoiceResponse())


def hang_up() -> str:
    """End the call."""
    response = VoiceResponse()
    response.hangup()
    return document(response)


def message(speech: Speech) -> str:
    """Say something and end the call."""
    response = VoiceResponse()
    _say(response, speech)
    response.hangup()
    return document(response)


def messages(speeches: Sequence[Speech]) -> str:
    """Say some things and end the call."""
    response = VoiceResponse()
    for speech in speeches:
        _say(response, speech)
    response.hangup()
    return document(response)


def ring_once(before: Speech, number: str, caller_id: str, ring_seconds: int, after: Sequence[Speech]) -> str:
    """A document that asks for no other: say something, ring a telephone, then say the rest and end the call.

    A Dial without an action goes on with the next verb when it is over (twilio.com/docs/voice/twiml/dial): what follows is
    said when nobody answered, and also when the person rung hangs up before the caller does.
    """
    response = VoiceResponse()
    _say(response, before)
    dialled = Dial(timeout=ring_seconds, answer_on_bridge=True, caller_id=caller_id)
    dialled.number(number)
    response.append(dialled)
    for speech in after:
        _say(response, speech)
    response.hangup()
    return document(response)


def reject(reason: RejectReason) -> str:
    """Refuse without answering; as the first verb it is never billed."""
    response = VoiceResponse()
    response.reject(reason=reason.value)
    return document(response)


def ring_then_reject(seconds: int) -> str:
    """Let it ring for ``seconds``, then refuse. A Pause that comes first is waited out before the call is picked up
    (twilio.com/docs/voice/twiml/pause); whether the Reject after it is still free is not documented."""
    response = VoiceResponse()
    response.pause(length=seconds)
    response.reject(reason=RejectReason.BUSY.value)
    return document(response)


def hold_round(speech: Speech | None, music_url: str, next_url: str) -> str:
    """One round of the fake queue: perhaps a sentence, music, and the next round."""
    response = VoiceResponse()
    if speech is not None:
        _say(response, speech)
    response.play(music_url)
    response.redirect(next_url, method="POST")
    return document(response)


def menu(speeches: Sequence[Speech], timeout_seconds: int, digits: int, key_url: str, silence_url: str) -> str:
    """Ask for a key. Without a key the Gather falls through to the Redirect (twilio.com/docs/voice/twiml/gather)."""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf", action=key_url, method="POST", timeout=timeout_seconds, num_digits=digits, finish_on_key=""
    )
    for speech in speeches:
        _say(gather, speech)
    response.append(gather)
    response.redirect(silence_url, method="POST")
    return document(response)


def enqueue(greeting: Speech | None, queue_name: str, wait_url: str, left_url: str) -> str:
    """Wait in the provider's queue ``queue_name``; ``left_url`` is asked once the call has left it."""
    response = VoiceResponse()
    if greeting is not None:
        _say(response, greeting)
    response.enqueue(xml_text(queue_name), wait_url=wait_url, wait_url_method="POST", action=left_url, method="POST")
    return document(response)


def wait(speech: Speech | None, music_url: str) -> str:
    """What a queued caller hears until the provider asks again. Dial and Enqueue are not allowed here."""
    response = VoiceResponse()
    if speech is not None:
        _say(response, speech)
    response.play(music_url)
    return document(response)


def leave() -> str:
    """Leave the queue; the call goes on at the Enqueue's action."""
    response = VoiceResponse()
    response.leave()
    return document(response)


def dial(
    legs: Sequence[Leg],
    *,
    caller_id: str,
    ring_seconds: int,
    done_url: str,
    status_url: str,
    confirm_url: Callable[[Leg], str],
) -> str:
    """Ring ``legs`` at once; the first to answer has the call, or to press 1 where a leg asks for it.

    ``answerOnBridge`` keeps the caller ringing, unbilled, until somebody answers (twilio.com/docs/voice/twiml/dial).
    """
    response = VoiceResponse()
    # Whoever picks up first ends the ringing of the others, also a voicemail that then confirms nothing: where a key
    # press is asked for, people are rung one after the other.
    one_by_one = len(legs) > 1 and any(leg.confirm for leg in legs)
    dialled = Dial(
        action=done_url,
        method="POST",
        timeout=ring_seconds,
        answer_on_bridge=True,
        caller_id=caller_id,
        sequential=True if one_by_one else None,
    )
    for leg in legs[:MAX_PARALLEL]:
        options: dict[str, str] = {
            "status_callback": status_url,
            "status_callback_event": _LEG_EVENTS,
            "status_callback_method": "POST",
        }
        if leg.confirm:
            options |= {"url": confirm_url(leg), "method": "POST"}
        if leg.address.startswith("client:"):
            dialled.client(leg.address.removeprefix("client:"), **options)
        elif leg.address.startswith(("sip:", "sips:")):
            dialled.sip(leg.address, **options)
        else:
            dialled.number(leg.address, **options)
    response.append(dialled)
    return document(response)


def confirm(ask: Speech, gone: Speech, key_url: str, timeout_seconds: int = 8) -> str:
    """What a callee hears before being connected: press 1, or the call goes on without you. A voicemail presses
    nothing."""
    response = VoiceResponse()
    gather = Gather(input="dtmf", action=key_url, method="POST", timeout=timeout_seconds, num_digits=1)
    _say(gather, ask)
    response.append(gather)
    _say(response, gone)
    response.hangup()
    return document(response)
