"""Twilio's requests: signed with the account's auth token, or with a key of one's own that a webhook rule names."""

import re
from typing import Final

from app.base.raw_request import Request
from app.providers.provider import Envelope
from app.providers.twiml.envelope import FormEnvelope
from app.providers.twiml.known_forms import KnownForms
from app.providers.twiml.parameters import ReportReader
from app.providers.twiml.signature import Digest
from app.providers.twiml.verstat import attestation_of

_SIGNATURE: Final = b"x-twilio-signature"
_SETTINGS: Final = b"x-twilio-webhooks-signature-settings"
_ACCOUNT: Final = re.compile(r"AC[0-9a-f]{32}", re.ASCII)

READER: Final = ReportReader("twilio", attestation_of)
_known: Final = KnownForms(READER)


def open_request(request: Request) -> Envelope:
    """Whatever it holds."""
    return FormEnvelope(request, _known, request.header(_SIGNATURE), _digest(request))


def _digest(request: Request) -> Digest:
    """Which function signs: a webhook rule may ask for SHA-256 with a key of one's own, and then says so in a header,
    ``key=…,algorithm=HMAC_SHA256`` (github.com/twilio/twilio-node, examples/WebhookSignatureValidation.md). The header is
    not signed, which does no harm: either way the secret has to be known."""
    if _SETTINGS not in request.headers:
        return "sha1"
    parts = [part.strip() for part in request.header(_SETTINGS).split(",")]
    return "sha256" if "algorithm=HMAC_SHA256" in parts else "sha1"


def is_account(text: str) -> bool:
    """Whether this has the form of an account's SID."""
    return bool(_ACCOUNT.fullmatch(text))
