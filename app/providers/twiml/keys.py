"""Asking for a key: <Gather> (twilio.com/docs/voice/twiml/gather)."""

from twilio.twiml.voice_response import Gather, VoiceResponse

from app.answering.answers import Ask, Say
from app.providers.addresses import Addresses
from app.providers.twiml.dialect import Dialect
from app.providers.twiml.speech import say


def write_ask(response: VoiceResponse, ask: Ask, addresses: Addresses, dialect: Dialect) -> None:
    """Without a key the Gather falls through to what follows."""
    gather = Gather(
        input="dtmf",
        action=addresses.step(ask.keys),
        method="POST" if dialect.gather_has_method else None,
        timeout=ask.seconds,
        num_digits=ask.digits,
        finish_on_key="",
    )
    say(gather, ask.speeches, dialect)
    response.append(gather)
    if isinstance(ask.silence, Say):
        say(response, ask.silence.speeches, dialect)
        response.hangup()
    else:
        response.redirect(addresses.step(ask.silence), method="POST")
