"""Telnyx: TeXML, ids of its own, Ed25519 over the raw body.

Sources are pages of developers.telnyx.com: docs/voice/programmable-voice/texml-instruction-fetching and texml-verbs/…,
api-reference/callbacks/texml-…, api-reference/texml-rest-commands/…, and Telnyx's Python library 4.189
(`lib/webhook_verification.py`, `types/texml_application.py`).
"""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

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
from simulator.providers.telnyx_grammar import TEXML

_CALL_FIELDS = frozenset(
    [
        *(
            "account_sid",
            "answered_by",
            "caller_name",
            "date_created",
            "date_updated",
            "direction",
            "duration",
            "end_time",
        ),
        *("from", "from_formatted", "price", "price_unit", "sid", "start_time", "status", "to", "to_formatted", "uri"),
    ]
)
_QUEUE_FIELDS = frozenset(
    [
        *("account_sid", "average_wait_time", "current_size", "date_created", "date_updated", "max_size", "sid"),
        *("subresource_uris", "uri"),
    ]
)


class Telnyx(Provider):
    """Signs `timestamp|raw body` with `private_key`, made up when none is given; `public_key` is what the portal shows.

    The timestamp is the telephone company's time of day. `ignores`: further attributes to read over, for an account
    that does not have them yet. `tells_queue_result`: Telnyx documents that the action of an <Enqueue> is requested, but
    not what it is told; with True it is told what Twilio would tell.
    `auth_token` of the company is the API key, wanted by the REST API.
    """

    name = "telnyx"
    user_agent = "telnyx-webhooks"
    rest = Rest("/v2/texml/Accounts/{account}", "", "Texml", members=False, bearer=True, numbers=False)
    record_silence = 0
    record_longest = 14400
    records_into_the_same_document = False  # github.com/team-telnyx/ai, twilio-migration, texml-verbs
    rejects_first_only = True

    def __init__(
        self,
        private_key: Ed25519PrivateKey | None = None,
        *,
        connection_id: str = "1234567890",
        ignores: Collection[str] = (),
        tells_queue_result: bool = False,
    ) -> None:
        self.private_key = private_key or Ed25519PrivateKey.generate()
        self.connection_id = connection_id
        self.rest = replace(type(self).rest, new_calls=f"/v2/texml/calls/{connection_id}")
        self.tells_queue_result = tells_queue_result
        self.grammar = TEXML.without(ignores)

    @property
    def public_key(self) -> str:
        """32 bytes in Base64, as under Keys & Credentials in the portal."""
        return base64.b64encode(self.private_key.public_key().public_bytes_raw()).decode()

    def new_call_id(self) -> str:
        """A call_control_id: "v3:" and 54 characters of URL-safe Base64."""
        return "v3:" + secrets.token_urlsafe(40)

    def new_queue_id(self, name: str) -> str:
        """A queue's id is its name (api-reference/callbacks/texml-queue, …/fetch-a-queue-resource)."""
        return name

    def headers(self, request: Outgoing) -> Mapping[str, str]:
        """A GET has no body, so nothing but the time is signed; Telnyx's pages do not speak of it."""
        timestamp = str(int(request.at.timestamp()))
        signature = self.private_key.sign(timestamp.encode() + b"|" + request.body)
        return {
            "telnyx-timestamp": timestamp,
            "telnyx-signature-ed25519": base64.b64encode(signature).decode(),
        }

    def delivery(self, url: str, longest: float, *, callback: bool) -> Delivery:
        """One attempt; then the failover URL. How long it waits is a setting of the TeXML application."""
        return Delivery(read_timeout=longest, total_timeout=longest, retries=0, retry_on=frozenset())

    def about(self, call: CallFacts) -> Parameters:
        return {**self._named(call), "ApiVersion": "2010-04-01"}

    def as_sent(self, parameters: Parameters) -> Parameters:
        """A queue's wait request and a <Gather>'s action list no CallStatus (callbacks/texml-queue, texml-gather)."""
        if "QueuePosition" in parameters or "Digits" in parameters:
            return {name: value for name, value in parameters.items() if name != "CallStatus"}
        return parameters

    def _named(self, call: CallFacts) -> Parameters:
        return {
            "AccountSid": call.account_sid,
            "CallSid": call.sid,
            "CallSidLegacy": call.sid,
            "From": call.caller,
            "To": call.to,
            "ConnectionId": self.connection_id,
            "CallStatus": call.status,
        }

    def arriving(self, call: Incoming) -> Parameters:
        """Attestation, where the application asks for it (`shaken_stir_enabled`), and the caller's display name."""
        facts = {}
        if call.attestation is not None:
            failed = call.attestation == "failed"
            facts["ShakenStirValidated"] = "false" if failed else "true"
            if not failed:
                facts["ShakenStirAttestation"] = call.attestation
        if call.caller_name is not None:
            facts["CallerId"] = call.caller_name
        return facts

    def dialled_by(self, parent_sid: str) -> Parameters:
        return {"ParentCallSid": parent_sid, "ParentCallSidLegacy": parent_sid}

    def progress(self, call: CallFacts, known: Mapping[str, str], progress: Progress) -> Parameters:
        facts = {
            **self._named(call),
            **known,
            "CallInitiatedAt": _iso(progress.began_at, "milliseconds"),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(progress.sequence),
            "Timestamp": _iso(progress.at, "seconds"),
        }
        if progress.over:
            facts["CallDuration"] = str(progress.seconds)
            facts["EndTime"] = _iso(progress.at, "seconds")
        return facts

    def dialled(self, outcome: DialOutcome) -> Parameters:
        facts = {"DialCallStatus": outcome.status}
        if outcome.sid is not None:
            facts |= {"DialCallSid": outcome.sid, "DialCallSidLegacy": outcome.sid}
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
        return {}

    def left_queue(self, result: str, queue_sid: str, waited: int) -> Parameters:
        if not self.tells_queue_result:
            return {}
        return {"QueueResult": result, "QueueSid": queue_sid, "QueueTime": str(waited)}

    def recorded(self, account_sid: str, seconds: float, digits: str) -> Parameters:
        """The address is good for ten minutes after the call (texml-verbs/record)."""
        sid = str(uuid.uuid4())
        return {
            "RecordingSid": sid,
            "RecordingUrl": f"https://recordings.telnyx.example/{sid}.mp3",
            "RecordingDuration": str(round(seconds)),
            "Digits": digits,
        }

    def failed(self, error: TwimlError) -> Parameters:
        return {}

    def gather_method(self, own: str | None, application: str) -> str:
        """A <Gather> has no method: the application's is used (texml-verbs/gather)."""
        return application

    def rest_call(self, shape: dict[str, Any]) -> dict[str, Any]:
        direction = "inbound" if shape["direction"] == "inbound" else "outbound"
        return {**{name: value for name, value in shape.items() if name in _CALL_FIELDS}, "direction": direction}

    def rest_queue(self, shape: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in shape.items() if name in _QUEUE_FIELDS}

    def rest_error(self, status: int, code: int, message: str) -> dict[str, Any]:
        return {"errors": [{"detail": message}]}


def _iso(moment: datetime, precision: str) -> str:
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")
