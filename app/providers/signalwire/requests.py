"""SignalWire's requests: Twilio's names and Twilio's signature, made with the project's Signing Key
(developer.signalwire.com/guides/webhook-security). Ids are UUIDs."""

import re
from collections.abc import Mapping
from typing import Final

from app.providers.provider import Envelope, Request
from app.providers.twiml.envelope import FormEnvelope
from app.providers.twiml.known_forms import KnownForms
from app.providers.twiml.parameters import COMMON_FORMS, ReportReader
from filters.attestation import Attestation

_SIGNATURE: Final = b"x-signalwire-signature"
_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ID: Final = re.compile(_UUID, re.ASCII)
_ID_OR_NOTHING: Final = re.compile(f"({_UUID})?", re.ASCII)


def _no_attestation(_: Mapping[str, str]) -> Attestation:
    return Attestation.NONE


READER: Final = ReportReader(
    "signalwire",
    COMMON_FORMS
    | {
        "AccountSid": _ID,
        "CallSid": _ID,
        "ParentCallSid": _ID_OR_NOTHING,
        "DialCallSid": _ID_OR_NOTHING,
        "QueueSid": _ID_OR_NOTHING,
    },
    _no_attestation,
)
_known: Final = KnownForms(READER)


def open_request(request: Request) -> Envelope:
    """Raises :class:`app.providers.provider.RequestRefused`."""
    return FormEnvelope(request, _known, request.header(_SIGNATURE), "sha1")


def is_project(text: str) -> bool:
    """Whether this has the form of a project's id."""
    return bool(_ID.fullmatch(text))
