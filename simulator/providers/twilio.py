"""Twilio: the provider whose TwiML the others took over.

Sources are pages of twilio.com/docs: voice/twiml, usage/security, usage/webhooks/webhook-shared-keys,
usage/webhooks/webhook-connection-overrides, and the OpenAPI of api.twilio.com/2010-04-01.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime

from simulator.caller_facts import facts_about, verstat
from simulator.delivery import Delivery, delivery_for
from simulator.errors import SCHEMA, TwimlError
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
from simulator.providers.twilio_grammar import TWIML
from simulator.signature import sign


def new_sid(prefix: str) -> str:
    """A Twilio identifier: two letters and 32 hexadecimal digits."""
    return prefix + uuid.uuid4().hex


@dataclass(frozen=True)
class SharedKey:
    """A signing key of the customer's own (public beta, Twilio docs: webhook-shared-keys).

    It takes the auth token's place: X-Twilio-Signature is then made with this secret and SHA-256, and the header
    X-Twilio-Webhooks-Signature-Settings says so. There is never a second signature beside it.
    """

    id: str
    secret: str


class Twilio(Provider):
    """Signs with the account's auth token, or with `shared_key` where one is given."""

    name = "twilio"
    user_agent = "TwilioProxy/1.1"
    grammar = TWIML
    hold_music = "Twilio's default hold music"
    rest = Rest("/2010-04-01/Accounts/{account}", ".json", "Twiml", members=True)

    def __init__(self, shared_key: SharedKey | None = None) -> None:
        self.shared_key = shared_key

    def new_call_id(self) -> str:
        return new_sid("CA")

    def new_number_id(self) -> str:
        return new_sid("PN")

    def new_queue_id(self, name: str) -> str:
        return new_sid("QU")

    def headers(self, request: Outgoing) -> Mapping[str, str]:
        headers = {"I-Twilio-Idempotency-Token": request.attempt_token}
        if self.shared_key is None:
            headers["X-Twilio-Signature"] = sign(request.auth_token, request.url, request.form)
        else:
            headers["X-Twilio-Signature"] = sign(self.shared_key.secret, request.url, request.form, "sha256")
            headers["X-Twilio-Webhooks-Signature-Settings"] = f"key={self.shared_key.id},algorithm=HMAC_SHA256"
        return headers

    def delivery(self, url: str, longest: float, *, callback: bool) -> Delivery:
        return delivery_for(url, longest)

    def about(self, call: CallFacts) -> Parameters:
        return {
            "CallSid": call.sid,
            "AccountSid": call.account_sid,
            "From": call.caller,
            "To": call.to,
            "Called": call.to,
            "Caller": call.caller,
            "CallStatus": call.status,
            "ApiVersion": "2010-04-01",
            "Direction": call.direction,
        }

    def arriving(self, call: Incoming) -> Parameters:
        facts = facts_about(call.caller, call.to, call.method) | verstat(call.attestation)
        if call.caller_name is not None:
            facts["CallerName"] = call.caller_name
        if call.forwarded_from is not None:
            facts["ForwardedFrom"] = call.forwarded_from
        return facts

    def dialled_by(self, parent_sid: str) -> Parameters:
        return {"ParentCallSid": parent_sid}

    def progress(self, call: CallFacts, known: Mapping[str, str], progress: Progress) -> Parameters:
        facts = {
            **self.about(call),
            **known,
            "CallStatus": call.status,
            "Timestamp": format_datetime(progress.at),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(progress.sequence),
        }
        if progress.over:
            facts["CallDuration"] = str(progress.seconds)
            facts["Duration"] = str(-(-progress.seconds // 60))
        return facts

    def dialled(self, outcome: DialOutcome) -> Parameters:
        facts = {"DialCallStatus": outcome.status, "DialBridged": "true" if outcome.bridged else "false"}
        if outcome.sid is not None:
            facts["DialCallSid"] = outcome.sid
        if outcome.seconds is not None:
            facts["DialCallDuration"] = str(outcome.seconds)
        if outcome.queue_sid is not None:
            facts |= {"QueueSid": outcome.queue_sid, "QueueTime": str(outcome.queue_waited)}
        return facts

    def waiting(self, place: QueuePlace) -> Parameters:
        return {
            "QueuePosition": str(place.position),
            "QueueSid": place.queue_sid,
            "QueueTime": str(place.waited),
            "AvgQueueTime": str(place.average_wait),
            "CurrentQueueSize": str(place.size),
            "MaxQueueSize": str(place.max_size),
        }

    def connecting(self, queue_sid: str, waited: int, dialler_sid: str) -> Parameters:
        """The spelling is Twilio's."""
        return {"QueueSid": queue_sid, "QueueTime": str(waited), "DequeingCallSid": dialler_sid}

    def left_queue(self, result: str, queue_sid: str, waited: int) -> Parameters:
        return {"QueueResult": result, "QueueSid": queue_sid, "QueueTime": str(waited)}

    def recorded(self, account_sid: str, seconds: float, digits: str) -> Parameters:
        sid = new_sid("RE")
        return {
            "RecordingSid": sid,
            "RecordingUrl": f"https://api.twilio.com/2010-04-01/Accounts/{account_sid}/Recordings/{sid}",
            "RecordingDuration": str(max(1, round(seconds))),
            "Digits": digits,
        }

    def failed(self, error: TwimlError) -> Parameters:
        return {"ErrorCode": str(error.code or SCHEMA), "ErrorUrl": error.url}
