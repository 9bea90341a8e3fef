"""The signature against Twilio's published vector and Twilio's own validator."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData, UploadFile
from twilio.request_validator import RequestValidator

from simulator import Call, sign
from simulator.signature import signed_url
from tests.simulator.a_service import BASE, TOKEN, Page, Service, the_call

PUBLISHED_URL = "https://example.com/myapp.php?foo=1&bar=2"
PUBLISHED = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675310",
    "From": "+14158675310",
    "Digits": "1234",
    "To": "+18005551212",
}


def test_the_published_vector_is_met() -> None:
    assert sign("12345", PUBLISHED_URL, PUBLISHED.items()) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_repeated_values_are_sorted_and_counted_once() -> None:
    pairs: list[tuple[str, str | UploadFile]] = [("A", "2"), ("A", "1"), ("A", "2"), ("B", "")]
    expected = RequestValidator("12345").compute_signature("https://example.com/x", FormData(pairs))
    assert sign("12345", "https://example.com/x", [("A", "2"), ("A", "1"), ("A", "2"), ("B", "")]) == expected


@pytest.mark.parametrize(
    ("configured", "signed"),
    [
        ("https://example.com/voice#rc=2&rp=all", "https://example.com/voice"),
        ("https://user:secret@example.com:8443/voice?a=1", "https://example.com/voice?a=1"),
        ("http://127.0.0.1:8000/voice", "http://127.0.0.1:8000/voice"),
        ("http://user:secret@localhost:8000/voice", "http://localhost:8000/voice"),
    ],
)
def test_the_signed_url_has_no_fragment_no_user_and_no_https_port(configured: str, signed: str) -> None:
    assert signed_url(configured) == signed


# The SDK takes a URL apart before signing, so only URLs that survive that are comparable.
_NAMES = st.text(min_size=1, max_size=12)
_VALUES = st.text(max_size=30)


@given(params=st.dictionaries(_NAMES, _VALUES, max_size=8), token=st.text(min_size=1, max_size=40))
def test_twilios_validator_accepts_every_signature(params: dict[str, str], token: str) -> None:
    url = "https://pbx.example.org/twilio/voice?x=1&y=%20"
    validator: Any = RequestValidator(token)
    assert validator.validate(url, params, sign(token, url, params.items()))


def test_every_webhook_of_a_call_carries_a_valid_signature() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": '<Gather numDigits="1" action="/key?menu=main"><Say>Привет "x"</Say></Gather>',
        "/key": '<Redirect method="GET">/next?a=b%20c#rc=1</Redirect>',
        "/next": '<Enqueue action="/left" waitUrl="/wait">vip</Enqueue>',
        "/wait": '<Pause length="10"/>',
        "/left": "",
    }

    async def act(call: Call) -> None:
        await call.press("1")
        await call.hang_up_after(25)

    _, service = the_call(pages, act, caller="Été <&> +1")
    paths = [path for path, _, _ in service.asked]
    assert paths == ["/twilio/voice", "/key", "/next", "/wait", "/wait", "/wait", "/left", "/twilio/status"]
    validator: Any = RequestValidator(TOKEN)
    for request, (path, method, params) in zip(service.requests, service.asked, strict=True):
        raw = request.scope["raw_path"].decode() + (f"?{query}" if (query := request.url.query) else "")
        body = {key: value for key, value in params.items() if key not in request.query_params}
        signature = request.headers["x-twilio-signature"]
        assert validator.validate(BASE + raw, body if method == "POST" else {}, signature), path


def test_audio_is_fetched_without_a_signature() -> None:
    service: Service = the_call("<Play>/music.wav</Play>")[1]
    audio = next(r for r in service.requests if r.url.path == "/music.wav")
    assert "x-twilio-signature" not in audio.headers
