"""Why a signature is wrong: another address, or another key."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.clock import system_clock
from app.base.raw_request import Request
from app.providers.diagnose import Diagnosis, SignatureFault, diagnose
from app.providers.registry import PROVIDERS
from app.providers.twiml.signature import signature
from tests import cast

OURS = ("https://pbx.example.org",)
FORM = {"AccountSid": cast.ACCOUNT_SID, "CallSid": "CA1", "From": cast.UMA, "To": cast.LINE}
PATH = "/twilio/voice"


def signed_for(base_url: str, token: str = cast.AUTH_TOKEN, **headers: str) -> Request:
    """A request that Twilio signed for ``base_url`` and that came here with these headers."""
    sent = {b"x-twilio-signature": signature(base_url + PATH, [*FORM.items()], token).encode()}
    sent |= {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    sent[b"content-type"] = b"application/x-www-form-urlencoded"
    return Request("POST", PATH, b"", sent, urlencode(FORM).encode())


def found(request: Request) -> Diagnosis:
    return diagnose(PROVIDERS["twilio"], request, [cast.AUTH_TOKEN], OURS, system_clock)


@pytest.mark.parametrize(
    ("signed", "headers"),
    [
        ("http://pbx.example.org", {}),
        ("https://pbx.example.org:8443", {"host": "pbx.example.org:8443"}),
        ("https://tel.example.org", {"host": "tel.example.org"}),
        ("https://tel.example.org", {"host": "127.0.0.1:8000", "x_forwarded_host": "tel.example.org"}),
        ("https://tel.example.org", {"host": "inside", "x_forwarded_host": "tel.example.org, inside"}),
        ("https://tel.example.org", {"host": "tel.example.org:8000"}),
        ("https://pbx.example.org/calls", {"x_forwarded_prefix": "/calls"}),
    ],
)
def test_the_address_that_was_signed_is_found(signed: str, headers: dict[str, str]) -> None:
    assert found(signed_for(signed, **headers)) == Diagnosis(SignatureFault.OTHER_ADDRESS, OURS[0], signed)


def test_another_key_is_no_matter_of_addresses() -> None:
    request = signed_for("https://tel.example.org", "another-token-of-theirs", host="tel.example.org")
    assert found(request) == Diagnosis(SignatureFault.OTHER_KEY, OURS[0])


@given(st.text(max_size=60), st.text(max_size=60), st.binary(max_size=80))
def test_whatever_a_stranger_sends_nothing_of_it_is_believed(host: str, prefix: str, claimed: bytes) -> None:
    headers = {
        b"host": host.encode(), b"x-forwarded-host": prefix.encode(), b"x-forwarded-prefix": prefix.encode(),
        b"x-twilio-signature": claimed,
    }  # fmt: skip
    request = Request("POST", PATH, b"", headers, urlencode(FORM).encode())
    assert found(request) == Diagnosis(SignatureFault.OTHER_KEY, OURS[0])
