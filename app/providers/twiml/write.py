"""From an answer to the TwiML that carries it out. Sources: twilio.com/docs/voice/twiml and the page of each verb."""

from collections.abc import Callable
from typing import Final

from twilio.twiml.voice_response import VoiceResponse

from app.answering.answers import (
    Answer,
    Ask,
    Fetch,
    GoOn,
    HangUp,
    Hold,
    Leave,
    Nothing,
    Record,
    Reject,
    Ring,
    Say,
    Wait,
)
from app.providers.addresses import Addresses
from app.providers.twiml.dialect import Dialect
from app.providers.twiml.document import document
from app.providers.twiml.keys import write_ask
from app.providers.twiml.ringing import write_ring
from app.providers.twiml.speech import say
from app.providers.twiml.waiting import write_fetch, write_hold, write_wait

SILENCE_SECONDS: Final = 5
"""After so long a silence nobody goes on speaking."""


def writer(dialect: Dialect) -> Callable[[Answer, Addresses], str]:
    """:func:`write` in a provider's own dialect."""

    def write_in_it(answer: Answer, addresses: Addresses) -> str:
        return write(answer, addresses, dialect)

    return write_in_it


def write(answer: Answer, addresses: Addresses, dialect: Dialect) -> str:
    """The document. Raises :class:`app.providers.twiml.document.DocumentRefused`."""
    response = VoiceResponse()
    match answer:
        case Ring():
            write_ring(response, answer, addresses, dialect)
        case Hold():
            write_hold(response, answer, addresses, dialect)
        case Wait():
            write_wait(response, answer, addresses, dialect)
        case Fetch():
            write_fetch(response, answer, addresses)
        case Ask():
            write_ask(response, answer, addresses, dialect)
        case Say():
            say(response, answer.speeches, addresses, dialect)
            response.hangup()
        case Record():
            _record(response, answer, addresses, dialect)
        case Reject():
            _reject(response, answer)
        case HangUp():
            response.hangup()
        case Leave():
            response.leave()
        case GoOn():
            response.redirect(addresses.step(answer.step), method="POST")
        case Nothing():
            pass
    return document(response)


def _record(response: VoiceResponse, record: Record, addresses: Addresses, dialect: Dialect) -> None:
    """Whoever says nothing falls through to what follows (twilio.com/docs/voice/twiml/record)."""
    say(response, record.speeches, addresses, dialect)
    response.record(
        action=addresses.step(record.then), method="POST", max_length=record.seconds, timeout=SILENCE_SECONDS,
        finish_on_key="#", play_beep=True,
    )  # fmt: skip
    response.hangup()


def _reject(response: VoiceResponse, reject: Reject) -> None:
    """As the first verb it is never billed. A Pause that comes first is waited out before the call is picked up
    (twilio.com/docs/voice/twiml/pause); whether the Reject after it is still free is not documented."""
    if reject.after_seconds:
        response.pause(length=reject.after_seconds)
    response.reject(reason=reject.reason.value)
