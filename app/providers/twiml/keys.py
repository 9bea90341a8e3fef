"""Asking for a key: <Gather> (twilio.com/docs/voice/twiml/gather)."""

from twilio.twiml.voice_response import Gather, VoiceResponse

from app.answering.answers import Ask, Say
from app.providers.addresses import Addresses
from app.providers.twiml.dialect import Dialect
from app.providers.twiml.speech import say


def write_ask(response: VoiceResponse, ask: Ask, addresses: Addresses, dialect: Dialect) -> None:
    """Without a key the Gather falls through to what follows."""
    gather = start_gather(addresses.step(ask.keys), ask.seconds, ask.digits, dialect, hash_ends=ask.hash_ends)
    say(gather, ask.speeches, addresses, dialect)
    response.append(gather)
    if isinstance(ask.silence, Say):
        say(response, ask.silence.speeches, addresses, dialect)
        response.hangup()
    else:
        response.redirect(addresses.step(ask.silence), method="POST")


def start_gather(action: str, seconds: int, digits: int, dialect: Dialect, *, hash_ends: bool = False) -> Gather:
    """What listens for up to ``digits`` keys, ``seconds`` longer than what is said or played in it; # may end them."""
    return Gather(
        input="dtmf", action=action, method="POST" if dialect.gather_has_method else None, timeout=seconds,
        num_digits=digits, finish_on_key="#" if hash_ends else "",
    )  # fmt: skip
