"""Telnyx (developers.telnyx.com/docs/voice/programmable-voice): TeXML, which is TwiML in most things."""

from typing import Final

from app.providers.billing import Billed, Billing, billing_of
from app.providers.capabilities import Capabilities
from app.providers.provider import Provider
from app.providers.telnyx.requests import is_account, open_request
from app.providers.telnyx.signature import is_public_key
from app.providers.telnyx.telephone import telephone
from app.providers.twiml.dialect import Dialect
from app.providers.twiml.document import CONTENT_TYPE
from app.providers.twiml.write import writer
from routing.carriers import RINGS

_REJECT: Final = "https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/reject"

TELNYX: Final = Provider(
    name="telnyx",
    title="Telnyx",
    # texml-verbs/dial: the document for a callee holds <Gather> and <Hangup> and nothing else. texml-verbs/reject: only the
    # first verb of all refuses a call. texml-verbs/record: a recording is handed out for ten minutes only, at an address
    # outside of the account's API. texml-verbs/enqueue: that the action is requested, and not what it is told.
    capabilities=Capabilities(
        rings=RINGS["telnyx"],
        reject_after_ringing=False,
        speech_after_asking=False,
        records=False,
        queue_results=False,
    ),
    content_type=CONTENT_TYPE,
    open=open_request,
    # texml-verbs/gather: the application's own method is used.
    write=writer(Dialect(gather_has_method=False)),
    is_account=is_account,
    account_example="f5586561-8ff0-4291-a51b-c7dfe4139ff9",
    is_key=is_public_key,
    key_name="Public Key",
    stand_in=None,
    telephone=telephone,
    # A call that is to ring out is refused at once here, as the first verb: so it costs nothing.
    billing=billing_of(
        refused=Billing(Billed.NO, _REJECT),
        rung_out=Billing(Billed.NO, _REJECT),
        answered=Billing(Billed.YES, _REJECT),
    ),
)
