"""Every request is signed as its provider signs: checked by what we did not write.

`signalwire` on PyPI (2.1.1, of February 2025) pins `twilio==6.54.0` and `aiohttp==3.9.5`, so it can't stand beside what
we use. Its RequestValidator hands a form to `twilio.request_validator.RequestValidator` and nothing else, which is
therefore the oracle here, with the Signing Key; the vectors below were made with the package itself.
"""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from twilio.request_validator import RequestValidator, get_signature_algorithm

from simulator import Call, Provider, SharedKey, SignalWire, Telnyx, Twilio, sign
from tests.simulator.a_service import BASE, START, TOKEN, Page, Service, the_call

SIGNALWIRE_VECTORS: list[tuple[str, dict[str, str], str]] = [
    (
        "https://pbx.example.org/signalwire/voice",
        {
            "CallSid": "b3877c40-da60-4998-90ad-b792e98472af",
            "From": "+33612345678",
            "To": "+33155512345",
            "CallStatus": "ringing",
            "Direction": "inbound",
        },
        "aQQc6salCkqwnHZ8sNYZJtTXjXw=",
    ),
    (
        "https://pbx.example.org/signalwire/key?menu=main&a=b%20c",
        {"CallSid": "b3877c40-da60-4998-90ad-b792e98472af", "Digits": "1", "From": "Été <&>", "Empty": ""},
        "zlOZ3mIKr5kzPg6ZR3BcRlWQKu0=",
    ),
    ("https://pbx.example.org/signalwire/wait?QueuePosition=1", {}, "FO32ZeZVWs7MrPG3Wo+iBHG0riI="),
]
SIGNING_KEY = "PSK_7bf3c4d5e6f7"
SEED = bytes(range(32))


def pages_of(provider: Provider) -> dict[str, Page]:
    """A menu, a redirect by GET, a queue with its wait document, and the status callback."""
    return {
        f"/{provider.name}/voice": f'<Gather numDigits="1" action="{BASE}/key?menu=main"><Say>Привет "x"</Say></Gather>',
        "/key": '<Redirect method="GET">/next?a=b%20c</Redirect>',
        "/next": f'<Enqueue action="{BASE}/left" waitUrl="/wait">vip</Enqueue>',
        "/wait": '<Pause length="10"/>',
        "/left": "",
    }


def whole_call(provider: Provider) -> Service:
    async def act(call: Call) -> None:
        await call.press("1")
        await call.hang_up_after(25)

    call, service = the_call(pages_of(provider), act, caller="Été <&> +1", provider=provider)
    assert call.errors == []
    paths = [path for path, _, _ in service.asked]
    assert paths == [f"/{provider.name}/voice", "/key", "/next", *["/wait"] * 3, "/left", f"/{provider.name}/status"]
    return service


def form_signature_is_valid(service: Service, header: str, key: str, algorithm: str = "HMAC_SHA1") -> list[bool]:
    validator: Any = RequestValidator(key)
    verdicts = []
    for request, (_, method, params) in zip(service.requests, service.asked, strict=True):
        body = {name: value for name, value in params.items() if name not in request.query_params}
        expected = validator.compute_signature(_url(request), body if method == "POST" else {}, algorithm)
        verdicts.append(request.headers[header] == expected)
    return verdicts


def _url(request: Request) -> str:
    path: str = request.scope["raw_path"].decode()
    return BASE + path + (f"?{query}" if (query := request.url.query) else "")


def test_signalwire_signs_every_request_with_the_signing_key() -> None:
    service = whole_call(SignalWire(SIGNING_KEY))
    assert all(form_signature_is_valid(service, "x-signalwire-signature", SIGNING_KEY))
    assert not any(form_signature_is_valid(service, "x-signalwire-signature", TOKEN))
    assert not any("x-twilio-signature" in request.headers for request in service.requests)


def test_twilio_with_a_shared_key_signs_with_sha_256_and_says_so() -> None:
    service = whole_call(Twilio(SharedKey("webhooks_sharedkey_01", "a secret of ours")))
    settings = {request.headers["x-twilio-webhooks-signature-settings"] for request in service.requests}
    assert settings == {"key=webhooks_sharedkey_01,algorithm=HMAC_SHA256"}
    assert get_signature_algorithm(settings.pop()) == "HMAC_SHA256"
    assert all(form_signature_is_valid(service, "x-twilio-signature", "a secret of ours", "HMAC_SHA256"))


def test_twilio_without_one_sends_no_settings() -> None:
    service = whole_call(Twilio())
    assert all(form_signature_is_valid(service, "x-twilio-signature", TOKEN))
    assert not any("x-twilio-webhooks-signature-settings" in request.headers for request in service.requests)


def telnyx_signature_is_valid(request: Request, body: bytes, public_key: str, timestamp: str | None = None) -> bool:
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
    signed = (timestamp or request.headers["telnyx-timestamp"]).encode() + b"|" + body
    try:
        key.verify(base64.b64decode(request.headers["telnyx-signature-ed25519"], validate=True), signed)
    except InvalidSignature:
        return False
    return True


def test_telnyx_signs_the_time_and_the_raw_body() -> None:
    provider = Telnyx(Ed25519PrivateKey.from_private_bytes(SEED))
    service = whole_call(provider)
    for request, body in zip(service.requests, service.bodies, strict=True):
        assert telnyx_signature_is_valid(request, body, provider.public_key)
        assert not telnyx_signature_is_valid(request, body + b"&Digits=1", provider.public_key)
        assert not telnyx_signature_is_valid(request, body, provider.public_key, "1753351200")
        assert not telnyx_signature_is_valid(request, body, Telnyx().public_key)


def test_telnyx_stamps_with_the_telephone_companys_time() -> None:
    service = whole_call(Telnyx())
    stamps = [int(request.headers["telnyx-timestamp"]) for request in service.requests]
    assert stamps == sorted(stamps)
    assert stamps[0] == int(START.timestamp())
    assert 20 <= stamps[-1] - stamps[0] <= 40


def test_the_public_key_is_thirty_two_bytes_in_base_64() -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    assert base64.b64decode(Telnyx(key).public_key) == key.public_key().public_bytes_raw()


@given(
    params=st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=30), max_size=8),
    key=st.text(min_size=1, max_size=40),
    algorithm=st.sampled_from([("sha1", "HMAC_SHA1"), ("sha256", "HMAC_SHA256")]),
)
def test_both_algorithms_agree_with_twilios_own(params: dict[str, str], key: str, algorithm: tuple[str, str]) -> None:
    url, validator = "https://pbx.example.org/voice?x=1&y=%20", RequestValidator(key)
    expected = validator.compute_signature(url, params, algorithm[1])
    assert sign(key, url, params.items(), algorithm[0]) == expected


@pytest.mark.parametrize(("url", "params", "signature"), SIGNALWIRE_VECTORS)
def test_what_signalwires_own_package_computes_is_met(url: str, params: dict[str, str], signature: str) -> None:
    assert sign(SIGNING_KEY, url, params.items()) == signature
