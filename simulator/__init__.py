"""A telephone company in a box.

It rings the service under test like Twilio, SignalWire or Telnyx: signed webhooks over HTTP, documents executed strictly,
queues, dialled parties, status callbacks and the REST endpoints that move calls, on the real clock (at any speed) or on a
virtual one where hours pass in milliseconds. It imports nothing of the service and knows it only by its URL::

    clock = VirtualClock(datetime(2026, 7, 24, 10, tzinfo=UTC))
    async with PhoneCompany("https://pbx.example.org", "AC" + "1" * 32, "token", clock=clock,
                            transport=httpx.ASGITransport(app)) as company:
        company.phone("client:olga").answers_after(4).talks_for(90)
        call = await company.place_call("+33612345678", "+33155512345", attestation="A")
        call.plan_to_press(["2"])
        await call.ended()
        print(transcript(call))

Time on a virtual clock moves only while somebody waits for it: `call.ended()`, `call.hears(Prompt)`,
`call.press("1")`, `call.hang_up_after(30)`, `company.let_pass(60)`. Between two waits it stands still, so a test can
look at the service's database or pages and find the call where it left it. `company.settle()` lets everything that
is due now happen (the first webhook, for instance) without moving time.

`PhoneCompany(…, provider=SignalWire("the Signing Key"))` and `provider=Telnyx()` speak for other providers; the service
checks Telnyx's signatures with `provider.public_key`. What Telnyx reads over without a word is in `call.warnings`.

Where the documentation leaves a choice, the stricter reading is taken: what Twilio calls a warning fails here, and
the call goes to the fallback URL. Error numbers are Twilio's at every provider: they name the kind of mistake.
"""

from simulator.call import Call
from simulator.callee import Callee
from simulator.clock import Clock, RealClock
from simulator.company import PhoneCompany
from simulator.documents import Document
from simulator.errors import CallIsOver, TwimlError
from simulator.grammar import Ignored
from simulator.heard import (
    ConnectedTo,
    Dialled,
    Error,
    Event,
    HungUp,
    LeftQueue,
    Played,
    Pressed,
    Prompt,
    Queued,
    Recorded,
    Rejected,
    Ringing,
    Said,
    Silence,
)
from simulator.providers import Provider, SharedKey, SignalWire, Telnyx, Twilio
from simulator.rest import rest_app
from simulator.signature import sign
from simulator.transcript import transcript
from simulator.virtual_clock import VirtualClock

__all__ = [
    "Call",
    "CallIsOver",
    "Callee",
    "Clock",
    "ConnectedTo",
    "Dialled",
    "Document",
    "Error",
    "Event",
    "HungUp",
    "Ignored",
    "LeftQueue",
    "PhoneCompany",
    "Played",
    "Pressed",
    "Prompt",
    "Provider",
    "Queued",
    "RealClock",
    "Recorded",
    "Rejected",
    "Ringing",
    "Said",
    "SharedKey",
    "SignalWire",
    "Silence",
    "Telnyx",
    "Twilio",
    "TwimlError",
    "VirtualClock",
    "rest_app",
    "sign",
    "transcript",
]
