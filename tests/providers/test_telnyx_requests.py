"""Telnyx's requests: an Ed25519 signature over the time and the body, and ids of its own."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.base.raw_request import Request
from app.providers.telnyx import TELNYX
from app.providers.telnyx.requests import open_request
from app.providers.telnyx.signature import _OF_SMALL_ORDER, _PRIME, is_public_key
from filters.attestation import Attestation
from tests import cast

NOW = datetime(2026, 7, 24, 8, tzinfo=UTC)
PRIVATE, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
_D = -121665 * pow(121666, -1, _PRIME)
ACCOUNT, CALL = "f5586561-8ff0-4291-a51b-c7dfe4139ff9", "v3:9X2vxPDFY2RHSJ1EdMS0RHRksMTg7ldNxdjWbVr9zBjbGjGsSe-aiQ"
REAL = {
    "AccountSid": ACCOUNT, "CallSid": CALL, "CallSidLegacy": CALL, "CallStatus": "ringing", "ConnectionId": "1234567890",
    "CallerId": "John Doe", "From": cast.BORIS, "To": cast.LINE, "ShakenStirAttestation": "A", "ShakenStirValidated": "true",
}  # fmt: skip
"""developers.telnyx.com/api-reference/callbacks/texml-call-initiated."""


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def request(
    facts: dict[str, str] = REAL, key: Ed25519PrivateKey = PRIVATE, at: datetime = NOW, method: str = "POST"
) -> Request:
    """Signed by `cryptography`, which did not write ours."""
    body, timestamp = urlencode(facts).encode(), str(int(at.timestamp())).encode()
    signature = base64.b64encode(key.sign(timestamp + b"|" + body))
    headers = [(b"telnyx-timestamp", timestamp), (b"telnyx-signature-ed25519", signature)]
    return Request(method, "/telnyx/voice", b"", dict(headers), body)


def is_believed(one: Request, *keys: str) -> bool:
    return open_request(one).verify(keys or (public(PRIVATE),), ["https://pbx.example.org"], lambda: NOW)


def test_a_call_is_believed_and_read() -> None:
    envelope = open_request(request())
    assert envelope.account == ACCOUNT
    assert envelope.verify([public(OTHER), public(PRIVATE)], [], lambda: NOW)
    report = envelope.read()
    assert (report.provider, report.account, report.call_id, report.status) == ("telnyx", ACCOUNT, CALL, "ringing")
    assert (report.caller, report.called, report.caller_name) == (cast.BORIS, cast.LINE, "John Doe")
    assert (report.attestation, report.connected, report.queue_result) == (Attestation.FULL, None, "")


@pytest.mark.parametrize("sign", [0, 128])
@pytest.mark.parametrize("y", sorted(_OF_SMALL_ORDER))
def test_a_key_for_which_anybody_can_sign_is_none(y: int, sign: int) -> None:
    """Of the neutral point, say, every signature is right that is itself nothing."""
    for spelt in (y, y + _PRIME):
        if spelt < 1 << 255:
            data = bytearray(spelt.to_bytes(32, "little"))
            data[31] |= sign
            assert not is_public_key(base64.b64encode(bytes(data)).decode())
    assert (2 * y**2 - 1 + _D * y**4) % _PRIME == 0 or y in {0, 1, _PRIME - 1}, (
        "it is a point whose fourfold is neutral"
    )


def test_nobody_else_is_believed() -> None:
    assert not is_believed(request(key=OTHER))
    assert not is_believed(request(), public(OTHER))
    assert not is_believed(request(), "", "not base64!", "AAAA")
    assert not is_believed(request()._replace(body=urlencode(REAL | {"From": cast.VERA}).encode()))
    assert not is_believed(request()._replace(headers={}))
    assert not is_believed(request()._replace(body=b""))


@pytest.mark.parametrize("seconds", [-301, -86400, 301, 86400 * 365])
def test_a_request_of_another_time_is_no_request(seconds: int) -> None:
    """PyPI telnyx, lib/webhook_verification.py: five minutes."""
    assert not is_believed(request(at=NOW + timedelta(seconds=seconds)))


@pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
def test_clocks_may_differ_a_little(seconds: int) -> None:
    assert is_believed(request(at=NOW + timedelta(seconds=seconds)))


def test_a_get_is_not_believed_because_nothing_of_it_is_signed() -> None:
    nothing = request({}, method="GET")
    assert not is_believed(nothing._replace(query=urlencode(REAL).encode()))
    assert open_request(nothing._replace(query=urlencode(REAL).encode())).account == ""


@given(st.text(max_size=90), st.text("0123456789-+.e ٣", max_size=14))
def test_no_text_is_a_signature_and_no_odd_number_a_time(claimed: str, timestamp: str) -> None:
    headers = [
        (b"telnyx-timestamp", timestamp.encode("latin-1", "replace")),
        (b"telnyx-signature-ed25519", claimed.encode("latin-1", "replace")),
    ]
    assert not is_believed(request()._replace(headers=dict(headers)))


@given(st.binary(max_size=300))
def test_whatever_bytes_are_signed_are_read(body: bytes) -> None:
    timestamp = str(int(NOW.timestamp())).encode()
    headers = [
        (b"telnyx-timestamp", timestamp),
        (b"telnyx-signature-ed25519", base64.b64encode(PRIVATE.sign(timestamp + b"|" + body))),
    ]
    one = Request("POST", "/telnyx/voice", b"", dict(headers), body)
    assert is_believed(one)
    assert open_request(one).read().call_id


@pytest.mark.parametrize(
    ("validated", "level", "attestation"),
    [
        ("true", "A", Attestation.FULL), ("true", "B", Attestation.PARTIAL), ("true", "C", Attestation.GATEWAY),
        ("True", "A", Attestation.FULL), ("false", "A", Attestation.FAILED), ("false", "", Attestation.FAILED),
        ("", "A", Attestation.NONE), ("true", "", Attestation.NONE), ("true", "D", Attestation.NONE),
    ],
)  # fmt: skip
def test_an_attestation_counts_only_when_it_was_validated(validated: str, level: str, attestation: Attestation) -> None:
    facts = REAL | {"ShakenStirValidated": validated, "ShakenStirAttestation": level}
    assert open_request(request(facts)).read().attestation is attestation


def test_a_call_without_a_passport_has_no_attestation() -> None:
    facts = {name: value for name, value in REAL.items() if not name.startswith("ShakenStir")}
    assert open_request(request(facts)).read().attestation is Attestation.NONE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CallSid", CALL + '"'), ("CallSid", "v3:"), ("ParentCallSid", "1"), ("CallStatus", "RINGING"), ("a b[c]", "1"),
        ("ShakenStirValidated", "<yes>"), ("CallerId", "FromCity Bakery"), ("AddOns", "x" * 9000), ("Digits", "1;2"),
    ],
)  # fmt: skip
def test_what_is_not_of_its_form_costs_the_fact_and_not_the_call(name: str, value: str) -> None:
    report = open_request(request(REAL | {name: value})).read()
    assert (report.caller, report.called, report.keys, report.parent_call_id) == (cast.BORIS, cast.LINE, "", "")
    assert (report.call_id == CALL) == (name != "CallSid")
    assert report.status == ("" if name == "CallStatus" else "ringing")


def test_what_looks_like_another_parameter_is_a_name_like_any() -> None:
    """The body is signed as it stands, so nothing can be split anew."""
    facts = REAL | {"CallerId": "BobStirVerstatTN-Validation-Passed-A"}
    assert open_request(request(facts)).read().caller_name == facts["CallerId"]


def test_the_forms_of_an_account() -> None:
    assert TELNYX.is_account(ACCOUNT)
    assert TELNYX.is_key(public(PRIVATE))
    for text in ("", "x", public(PRIVATE)[:-4], public(PRIVATE) + "AAAA", "é" * 44):
        assert not TELNYX.is_account(text)
        assert not TELNYX.is_key(text)
