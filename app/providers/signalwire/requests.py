"""SignalWire's requests: Twilio's names and Twilio's signature, made with the project's Signing Key
(developer.signalwire.com/guides/webhook-security). Ids are UUIDs."""

import re
from collections.abc import Mapping
from typing import Final

from app.base.raw_request import Request
from app.providers.provider import Envelope
from app.providers.twiml.envelope import FormEnvelope
from app.providers.twiml.known_forms import KnownForms
from app.providers.twiml.parameters import ReportReader
from app.providers.twiml.signed_text import UUID
from filters.attestation import Attestation

_SIGNATURE: Final = b"x-signalwire-signature"
_ID: Final = re.compile(UUID, re.ASCII)


def _no_attestation(_: Mapping[str, str]) -> Attestation:
    return Attestation.NONE


READER: Final = ReportReader("signalwire", _no_attestation)
_known: Final = KnownForms(READER)


def open_request(request: Request) -> Envelope:
    """Whatever it holds."""
    return FormEnvelope(request, _known, request.header(_SIGNATURE), "sha1")


def is_project(text: str) -> bool:
    """Whether this has the form of a project's id."""
    return bool(_ID.fullmatch(text))
