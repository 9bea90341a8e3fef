"""Twilio's requests are believed when the account's token signs them, or the key that a webhook rule names."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from twilio.request_validator import SIGNATURE_SETTINGS_HEADER, RequestValidator, get_signature_algorithm

from app.base.raw_request import Request
from app.providers.twilio.requests import open_request
from tests import cast
from tests.providers.test_parameters import REAL

BASE, PATH, NOW = "https://pbx.example.org", "/twilio/voice", datetime(2026, 7, 24, 8, tzinfo=UTC)
KEY = "a key of our own"
SHA256 = "key=webhooks_sharedkey_01,algorithm=HMAC_SHA256"


def request(settings: str | None, key: str, algorithm: str | None = None) -> Request:
    """As Twilio's own library signs it."""
    signature = RequestValidator(key).compute_signature(
        BASE + PATH, REAL, algorithm or get_signature_algorithm(settings)
    )
    headers = [(b"x-twilio-signature", signature.encode())]
    if settings is not None:
        headers.append((SIGNATURE_SETTINGS_HEADER.lower().encode(), settings.encode()))
    return Request("POST", PATH, b"", dict(headers), urlencode(REAL).encode())


def is_believed(one: Request, *secrets: str) -> bool:
    return open_request(one).verify(secrets, [BASE], lambda: NOW)


def test_the_account_s_token_signs_with_sha_1() -> None:
    assert is_believed(request(None, cast.AUTH_TOKEN), cast.AUTH_TOKEN)
    assert not is_believed(request(None, cast.AUTH_TOKEN), KEY)
    assert open_request(request(None, cast.AUTH_TOKEN)).read().caller == cast.BORIS


@pytest.mark.parametrize("settings", [SHA256, "algorithm=HMAC_SHA256, key=x"])
def test_a_key_of_one_s_own_signs_with_what_the_header_names(settings: str) -> None:
    """twilio.com/docs/usage/webhooks/webhook-shared-keys; the key is given as the account's token, or as the next one."""
    assert is_believed(request(settings, KEY), KEY)
    assert is_believed(request(settings, KEY), cast.AUTH_TOKEN, KEY)
    assert not is_believed(request(settings, KEY), cast.AUTH_TOKEN)


def test_the_header_decides_which_function_is_computed() -> None:
    assert not is_believed(request(None, KEY, "HMAC_SHA256"), KEY)
    assert not is_believed(request(SHA256, KEY, "HMAC_SHA1"), KEY)
    assert is_believed(request("key=x,algorithm=HMAC_SHA1", KEY), KEY)


@pytest.mark.parametrize("settings", ["algorithm=NONE", "algorithm=", "algorithm=hmac_md5,key=x", "x" * 4000])
def test_no_header_makes_an_unsigned_request_a_signed_one(settings: str) -> None:
    unsigned = request(None, cast.AUTH_TOKEN)._replace(
        headers={SIGNATURE_SETTINGS_HEADER.lower().encode(): settings.encode()}
    )
    assert not is_believed(unsigned, cast.AUTH_TOKEN)
