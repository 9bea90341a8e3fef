"""SignalWire (developer.signalwire.com/compatibility-api/cxml/voice): cXML, which is TwiML in most things."""

from typing import Final

from app.providers.billing import Billed, Billing, billing_of
from app.providers.capabilities import Capabilities
from app.providers.provider import Provider
from app.providers.signalwire.requests import is_project, open_request
from app.providers.signalwire.telephone import telephone
from app.providers.twiml.dialect import Dialect
from app.providers.twiml.document import CONTENT_TYPE
from app.providers.twiml.signature import can_be_key
from app.providers.twiml.write import writer
from routing.carriers import RINGS
from simulator import SignalWire

_REJECT: Final = "https://developer.signalwire.com/compatibility-api/cxml/voice/reject"

SIGNALWIRE: Final = Provider(
    name="signalwire",
    title="SignalWire",
    # That a <Pause> before a <Reject> is waited out before the call is picked up is said nowhere, nor that anything is told
    # about attestation.
    capabilities=Capabilities(
        rings=RINGS["signalwire"],
        reject_after_ringing=False,
        attestation=False,
    ),
    content_type=CONTENT_TYPE,
    open=open_request,
    write=writer(Dialect()),
    is_account=is_project,
    account_example="f5586561-8ff0-4291-a51b-c7dfe4139ff9",
    is_key=can_be_key,
    key_name="Signing Key",
    stand_in=SignalWire,
    telephone=telephone,
    # cxml/voice/reject says how a refused call ends, and nothing of what it costs; a call that is to ring out is refused at
    # once. An answered minute has its price on signalwire.com/pricing/voice.
    billing=billing_of(
        refused=Billing(Billed.UNKNOWN, _REJECT),
        rung_out=Billing(Billed.UNKNOWN, _REJECT),
        answered=Billing(Billed.YES, "https://signalwire.com/pricing/voice"),
    ),
)
