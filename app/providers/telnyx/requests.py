"""Telnyx's requests: Twilio's names with some of its own, and a signature over the body.

Only a POST is believed. Of a GET nothing is signed but the time, and a query that anybody wrote would be as good as one of
Telnyx's.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from app.answering.report import CallReport
from app.base.clock import Clock
from app.base.raw_request import Request
from app.providers.provider import Envelope
from app.providers.telnyx.signature import is_signed
from app.providers.twiml.form import read_form
from app.providers.twiml.parameters import COMMON_FORMS, ReportReader
from filters.attestation import Attestation

_SIGNATURE: Final = b"telnyx-signature-ed25519"
_TIMESTAMP: Final = b"telnyx-timestamp"
_ACCOUNT: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_CALL: Final = r"v[0-9]{1,2}:[A-Za-z0-9_\-]{1,200}"


def _attestation_of(values: Mapping[str, str]) -> Attestation:
    """``ShakenStirAttestation`` is the level that was claimed, ``ShakenStirValidated`` whether that was found true."""
    validated = values.get("ShakenStirValidated", "").lower()
    if validated == "false":
        return Attestation.FAILED
    level = values.get("ShakenStirAttestation", "")
    return Attestation(level) if validated == "true" and level in {"A", "B", "C"} else Attestation.NONE


READER: Final = ReportReader(
    "telnyx",
    _attestation_of,
    COMMON_FORMS
    | {
        "CallSid": re.compile(_CALL, re.ASCII),
        "ParentCallSid": re.compile(f"({_CALL})?", re.ASCII),
    },
    name_parameter="CallerId",
    run_together=False,
)
"""developers.telnyx.com/api-reference/callbacks: ``texml-call-…``, ``texml-queue`` and ``texml-gather``."""


class BodyEnvelope:
    """A request whose signature covers its body."""

    __slots__ = ("_parameters", "_request", "account")

    def __init__(self, request: Request) -> None:
        self._request = request
        self._parameters = read_form(request.body)
        self.account = dict(self._parameters).get("AccountSid", "")

    def verify(self, secrets: Sequence[str], base_urls: Sequence[str], clock: Clock) -> bool:
        """As :meth:`app.providers.provider.Envelope.verify`; the secrets are public keys, and no URL is signed."""
        if self._request.method != "POST":
            return False
        claimed, timestamp = self._request.header(_SIGNATURE), self._request.header(_TIMESTAMP)
        return is_signed(claimed, timestamp, self._request.body, [*secrets], clock())

    def read(self) -> CallReport:
        """As :meth:`app.providers.provider.Envelope.read`."""
        return READER.read(self._parameters)


def open_request(request: Request) -> Envelope:
    """Whatever it holds."""
    return BodyEnvelope(request)


def is_account(text: str) -> bool:
    """Whether this has the form of an account's id."""
    return bool(_ACCOUNT.fullmatch(text))
