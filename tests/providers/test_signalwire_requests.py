"""SignalWire's requests: signed like Twilio's, with the project's Signing Key, and with UUIDs for ids."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from app.base.raw_request import Request
from app.providers.signalwire import SIGNALWIRE
from app.providers.signalwire.requests import open_request
from filters.attestation import Attestation
from tests import cast

BASE, PATH, NOW = "https://pbx.example.org", "/signalwire/voice", datetime(2026, 7, 24, 8, tzinfo=UTC)
KEY = "PSK_0123456789abcdef"
PROJECT, CALL = "f5586561-8ff0-4291-a51b-c7dfe4139ff9", "b3877c40-da60-4998-90ad-b792e98472af"
REAL = {
    "AccountSid": PROJECT, "ApiVersion": "2010-04-01", "CallSid": CALL, "CallStatus": "ringing", "Direction": "inbound",
    "From": cast.BORIS, "To": cast.LINE,
}  # fmt: skip


def request(
    facts: dict[str, str], key: str = KEY, url: str = BASE + PATH, header: bytes = b"x-signalwire-signature"
) -> Request:
    """SignalWire's own libraries hold the same validator as Twilio's (developer.signalwire.com/guides/webhook-security)."""
    signature = RequestValidator(key).compute_signature(url, facts)
    return Request("POST", PATH, b"", {header: signature.encode()}, urlencode(facts).encode())


def is_believed(one: Request, *keys: str) -> bool:
    return open_request(one).verify(keys or (KEY,), [BASE], lambda: NOW)


def test_a_call_is_believed_and_read() -> None:
    envelope = open_request(request(REAL))
    assert envelope.account == PROJECT
    assert envelope.verify(["old", KEY], [BASE], lambda: NOW)
    report = envelope.read()
    assert (report.provider, report.account, report.call_id, report.status) == ("signalwire", PROJECT, CALL, "ringing")
    assert (report.caller, report.called, report.attestation) == (cast.BORIS, cast.LINE, Attestation.NONE)


def test_words_that_came_before_are_read_to_the_same_end() -> None:
    for number in range(4):
        facts = REAL | {"CallSid": f"b3877c40-da60-4998-90ad-{number:012x}", "From": f"+33639980{number:03}"}
        envelope = open_request(request(facts))
        assert envelope.verify([KEY], [BASE], lambda: NOW)
        report = envelope.read()
        assert (report.call_id, report.caller, report.account) == (facts["CallSid"], facts["From"], PROJECT)


def test_nobody_else_is_believed() -> None:
    assert not is_believed(request(REAL, "another key"))
    assert not is_believed(request(REAL, url="https://evil.example" + PATH))
    assert not is_believed(request(REAL, url=BASE + "/signalwire/status"))
    assert not is_believed(request(REAL, header=b"x-twilio-signature")), "whose header it is not"
    assert not is_believed(request(REAL)._replace(body=urlencode(REAL | {"From": cast.VERA}).encode()))
    sha256 = RequestValidator(KEY).compute_signature(BASE + PATH, REAL, "HMAC_SHA256").encode()
    headers = [(b"x-signalwire-signature", sha256), (b"x-twilio-webhooks-signature-settings", b"algorithm=HMAC_SHA256")]
    assert not is_believed(request(REAL)._replace(headers=dict(headers))), "that header is Twilio's"


@given(st.text(max_size=60))
def test_no_text_is_a_signature(text: str) -> None:
    headers = [(b"x-signalwire-signature", text.encode("latin-1", "replace"))]
    assert not is_believed(request(REAL)._replace(headers=dict(headers)))


@pytest.mark.parametrize(
    ("name", "value"),
    [("CallSid", CALL.upper()), ("CallSid", ""), ("ParentCallSid", "1"), ("CallStatus", "RINGING"), ("Note", "x y")],
)
def test_what_is_not_of_its_form_costs_the_fact_and_not_the_call(name: str, value: str) -> None:
    report = open_request(request(REAL | {name: value})).read()
    assert (report.caller, report.called, report.parent_call_id) == (cast.BORIS, cast.LINE, "")
    assert report.call_id == CALL or name == "CallSid"


def test_a_parameter_cannot_hide_in_another() -> None:
    assert open_request(request(REAL | {"Note": "BobParentCallSid" + CALL})).read().parent_call_id == CALL


def test_an_attestation_that_nobody_documents_makes_nobody_trusted() -> None:
    assert (
        open_request(request(REAL | {"StirVerstat": "TN-Validation-Passed-A"})).read().attestation is Attestation.NONE
    )


def test_the_forms_of_an_account() -> None:
    assert SIGNALWIRE.is_account(PROJECT)
    for text in ("", "AC" + "a" * 32, PROJECT + "\n", PROJECT.upper()):
        assert not SIGNALWIRE.is_account(text)
    assert SIGNALWIRE.is_key(KEY)
    assert not SIGNALWIRE.is_key("")
