"""SignalWire: cXML, Twilio's names, its own Signing Key, UUIDs.

Sources are pages of developer.signalwire.com (compatibility-api/cxml/voice, guides/webhook-security,
guides/common-webhook-errors) and the specification of its REST API in github.com/signalwire/docs.
Not documented, so not simulated: attestation, a call's geography, what the fallback URL is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Any

from simulator.delivery import Delivery
from simulator.errors import TwimlError
from simulator.providers.provider import (
    CallFacts,
    DialOutcome,
    Incoming,
    Outgoing,
    Parameters,
    Progress,
    Provider,
    QueuePlace,
    Rest,
)
from simulator.providers.signalwire_grammar import CXML
from simulator.signature import sign

CONNECT_TIMEOUT, READ_TIMEOUT = 2.0, 5.0
"""Seconds (guides/common-webhook-errors)."""
CALLBACK_RETRIES = 2
"""Further attempts for a status callback that can't be delivered; a document is asked for once."""
_QUEUE_RESULTS = {"bridging-in-process": "bridging-in-progress"}


class SignalWire(Provider):
    """Signs with the project's Signing Key, which is neither its id (`account_sid`) nor its API token.

    `auth_token` of the company is the API token, wanted by the REST API at https://{space}.signalwire.com.
    """

    name = "signalwire"
    user_agent = "SignalWire"
    grammar = CXML
    hold_music = "SignalWire's default hold music"
    rest = Rest("/api/laml/2010-04-01/Accounts/{account}", ".json", None, members=True, reads_query=True)
    max_http_redirects = 3
    reports_silent_recordings = True

    def __init__(self, signing_key: str, space: str = "example") -> None:
        self.signing_key = signing_key
        self.space = space

    def new_call_id(self) -> str:
        return str(uuid.uuid4())

    def new_queue_id(self, name: str) -> str:
        return str(uuid.uuid4())

    def headers(self, request: Outgoing) -> Mapping[str, str]:
        """Twilio's algorithm, as SignalWire's own libraries check it."""
        return {"X-SignalWire-Signature": sign(self.signing_key, request.url, request.form)}

    def delivery(self, url: str, longest: float, *, callback: bool) -> Delivery:
        attempts = 1 + CALLBACK_RETRIES if callback else 1
        return Delivery(
            read_timeout=min(READ_TIMEOUT, longest),
            total_timeout=attempts * (CONNECT_TIMEOUT + READ_TIMEOUT),
            retries=attempts - 1,
            retry_on=frozenset(["ct", "rt", "5xx"] if callback else []),
        )

    def about(self, call: CallFacts) -> Parameters:
        return {
            "CallSid": call.sid,
            "AccountSid": call.account_sid,
            "From": call.caller,
            "To": call.to,
            "CallStatus": call.status,
            "ApiVersion": "2010-04-01",
            "Direction": call.direction,
        }

    def arriving(self, call: Incoming) -> Parameters:
        """Nothing is documented for the first request; the name and the forwarding number come in callbacks."""
        return {}

    def dialled_by(self, parent_sid: str) -> Parameters:
        return {"ParentCallSid": parent_sid}

    def progress(self, call: CallFacts, known: Mapping[str, str], progress: Progress) -> Parameters:
        facts = {
            **self.about(call),
            **known,
            "Timestamp": format_datetime(progress.at),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(progress.sequence),
        }
        if progress.over:
            facts["CallDuration"] = str(progress.seconds)
        return facts

    def dialled(self, outcome: DialOutcome) -> Parameters:
        facts = {"DialCallStatus": outcome.status}
        if outcome.sid is not None:
            facts["DialCallSid"] = outcome.sid
        if outcome.seconds is not None:
            facts["DialCallDuration"] = str(outcome.seconds)
        return facts

    def waiting(self, place: QueuePlace) -> Parameters:
        return {
            "QueuePosition": str(place.position),
            "QueueSid": place.queue_sid,
            "QueueTime": str(place.waited),
            "AvgQueueTime": str(place.average_wait),
            "CurrentQueueSize": str(place.size),
        }

    def connecting(self, queue_sid: str, waited: int, dialler_sid: str) -> Parameters:
        return {"QueueSid": queue_sid, "QueueTime": str(waited), "DequeingCallSid": dialler_sid}

    def left_queue(self, result: str, queue_sid: str, waited: int) -> Parameters:
        return {
            "QueueResult": _QUEUE_RESULTS.get(result, result),
            "QueueSid": queue_sid,
            "QueueTime": str(waited),
        }

    def recorded(self, account_sid: str, seconds: float, digits: str) -> Parameters:
        path = self.rest.path(account_sid, f"/Recordings/{uuid.uuid4()}").removesuffix(self.rest.suffix)
        return {
            "RecordingUrl": f"https://{self.space}.signalwire.com{path}",
            "RecordingDuration": str(round(seconds)),
            "Digits": digits,
        }

    def failed(self, error: TwimlError) -> Parameters:
        return {}

    def rest_error(self, status: int, code: int, message: str) -> dict[str, Any]:
        return {"code": code, "message": message, "status": status}
