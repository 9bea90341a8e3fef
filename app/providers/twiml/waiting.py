"""Waiting: the provider's queue (twilio.com/docs/voice/twiml/enqueue) and the music."""

from dataclasses import replace
from typing import Final

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from app.answering.answers import Fetch, Hold, HoldBy, Wait
from app.base.xml_text import xml_text
from app.providers.addresses import Addresses
from app.providers.twiml.dialect import Dialect
from app.providers.twiml.document import DocumentRefused
from app.providers.twiml.keys import start_gather
from app.providers.twiml.speech import say
from routing.actions import LONGEST_TALK_SECONDS
from routing.step import LEFT_BY, Step

MAX_QUEUE_NAME: Final = 64
"""Characters (twilio.com/docs/voice/twiml/enqueue)."""


def write_wait(response: VoiceResponse, wait: Wait, addresses: Addresses, dialect: Dialect) -> None:
    """Into the queue; its ``action`` is asked once the call has left it."""
    say(response, [wait.greeting], addresses, dialect)
    left = addresses.step(replace(wait.step, kind=LEFT_BY[wait.step.kind]))
    response.enqueue(
        xml_text(wait.queue)[:MAX_QUEUE_NAME],
        wait_url=addresses.step(wait.step),
        wait_url_method="POST",
        action=left,
        method="POST",
    )


def write_fetch(response: VoiceResponse, fetch: Fetch, addresses: Addresses) -> None:
    """<Dial><Queue> (twilio.com/docs/voice/twiml/queue): a queue in which nobody waits is waited at until the time-out."""
    dial = Dial(
        action=addresses.step(fetch.then), method="POST", timeout=fetch.seconds, time_limit=LONGEST_TALK_SECONDS
    )
    dial.queue(xml_text(fetch.queue)[:MAX_QUEUE_NAME])
    response.append(dial)


def write_hold(response: VoiceResponse, hold: Hold, addresses: Addresses, dialect: Dialect) -> None:
    """In a queue nothing follows the music: the provider asks again, and allows neither Dial nor Enqueue."""
    if hold.by is not HoldBy.ROUNDS:
        raise DocumentRefused("this dialect holds callers by rounds only")
    if hold.keys is not None:
        response.append(_listening(hold, hold.keys, addresses, dialect))
        return
    say(response, [hold.speech, hold.told], addresses, dialect)
    response.play(addresses.music(hold.part))
    if hold.again is not None:
        response.redirect(addresses.step(hold.again), method="POST")


def _listening(hold: Hold, keys: Step, addresses: Addresses, dialect: Dialect) -> Gather:
    """The music with an ear for one key. A queue's document may hold a <Gather> (twilio.com/docs/voice/twiml/enqueue,
    developer.signalwire.com/compatibility-api/xml/voice/enqueue,
    developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/enqueue); without a key it runs out like any other."""
    gather = start_gather(addresses.step(keys), 1, 1, dialect)
    say(gather, [hold.speech, hold.told, hold.offer], addresses, dialect)
    gather.play(addresses.music(hold.part))
    return gather
