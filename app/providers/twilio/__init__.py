"""Twilio (twilio.com/docs/voice): TwiML in its first form, which can do all that answers ask for."""

from typing import Final

from app.providers.billing import Billed, Billing, billing_of
from app.providers.capabilities import Capabilities
from app.providers.provider import Provider
from app.providers.twilio.requests import is_account, open_request
from app.providers.twilio.telephone import telephone
from app.providers.twiml.dialect import Dialect
from app.providers.twiml.document import CONTENT_TYPE
from app.providers.twiml.signature import can_be_key
from app.providers.twiml.write import writer
from simulator import Provider as StandIn
from simulator import Twilio


def _stand_in(_: str) -> StandIn:
    return Twilio()


_REJECT: Final = "https://www.twilio.com/docs/voice/twiml/reject"
_BILLING: Final = billing_of(
    refused=Billing(Billed.NO, _REJECT),
    # A pause before Reject is documented to be waited out before the call is picked up (voice/twiml/pause), and Reject to be
    # free as the first verb only. Which of the two holds, nobody has seen.
    rung_out=Billing(Billed.UNKNOWN, "https://www.twilio.com/docs/voice/twiml/pause"),
    answered=Billing(Billed.YES, _REJECT),
)


TWILIO: Final = Provider(
    name="twilio",
    title="Twilio",
    capabilities=Capabilities(),
    content_type=CONTENT_TYPE,
    open=open_request,
    write=writer(Dialect()),
    is_account=is_account,
    account_example="AC0123456789abcdef0123456789abcdef",
    is_key=can_be_key,
    key_name="Auth Token",
    stand_in=_stand_in,
    telephone=telephone,
    billing=_BILLING,
)
