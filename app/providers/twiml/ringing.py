"""Ringing somebody: <Dial> and its nouns (twilio.com/docs/voice/twiml/dial)."""

from typing import Final

from twilio.twiml.voice_response import Dial, VoiceResponse

from app.answering.answers import Callee, Ring
from app.providers.addresses import Addresses
from app.providers.twiml.dialect import Dialect
from app.providers.twiml.speech import say
from routing.actions import LONGEST_TALK_SECONDS
from routing.carriers import BROWSER_PHONE
from routing.dialling import SIP

_EVENTS: Final = "initiated ringing answered completed"


def write_ring(response: VoiceResponse, ring: Ring, addresses: Addresses, dialect: Dialect) -> None:
    """``answerOnBridge`` keeps the caller ringing, unbilled, until somebody answers. No talk is without a ``timeLimit``.

    A Dial without an action goes on with the next verb when it is over: what follows is said when nobody answered, and also
    when the person rung hangs up before the caller does.
    """
    say(response, ring.before, addresses, dialect)
    dial = Dial(
        action=addresses.step(ring.then) if ring.then is not None else None,
        method="POST" if ring.then is not None else None,
        timeout=ring.seconds,
        time_limit=LONGEST_TALK_SECONDS,
        answer_on_bridge=ring.unanswered or None,
        caller_id=ring.shown,
        sequential=ring.in_turn or None,
    )
    for callee in ring.callees:
        _noun(dial, callee, addresses, followed=ring.then is not None)
    response.append(dial)
    if ring.then is None:
        say(response, ring.after, addresses, dialect)
        response.hangup()


def _noun(dial: Dial, callee: Callee, addresses: Addresses, *, followed: bool) -> None:
    options: dict[str, str] = {}
    if followed:
        options = {
            "status_callback": addresses.status,
            "status_callback_event": _EVENTS,
            "status_callback_method": "POST",
        }
    if callee.confirm is not None:
        options |= {"url": addresses.step(callee.confirm), "method": "POST"}
    address = callee.address
    if address.startswith(BROWSER_PHONE):
        dial.client(address.removeprefix(BROWSER_PHONE), **options)
    elif address.startswith(SIP):
        dial.sip(address, **options)
    else:
        dial.number(address, **options)
