"""Only Twilio can sign a webhook: the published vectors, the SDK's validator as oracle, and every near miss."""

import hmac
import random
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator

from app.providers.twiml import signature as signature_module
from app.providers.twiml.signature import Parameters, is_signed, run_together, signature

TOKEN = "12345"
VECTOR_URL = "https://example.com/myapp.php?foo=1&bar=2"
VECTOR = [
    ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675310"), ("Digits", "1234"), ("From", "+14158675310"),
    ("To", "+18005551212"),
]  # fmt: skip
BASE = "https://pbx.example.org"


def sdk(url: str, parameters: Parameters, token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, FormData(list(parameters))))


def signed(claimed: str, base: str = BASE, path: str = "/twilio/voice", parameters: Parameters = ()) -> bool:
    return is_signed(claimed, [base], path, run_together(parameters), [TOKEN])


def test_the_vector_that_twilio_publishes() -> None:
    """twilio.com/docs/usage/security, "Validating requests"."""
    assert signature(VECTOR_URL, VECTOR, TOKEN) == "L/OH5YylLD5NRKLltdqwSvS0BnU="
    assert is_signed(
        "L/OH5YylLD5NRKLltdqwSvS0BnU=", ["https://example.com"], "/myapp.php?foo=1&bar=2", run_together(VECTOR), [TOKEN]
    )


def test_values_of_one_name_are_sorted_and_counted_once() -> None:
    """Published for the SDKs of Python and Node: a list of values is a set."""
    twice = [*VECTOR, ("Digits", "1234"), ("Digits", "5678"), ("Digits", "0")]
    assert signature(VECTOR_URL, twice, TOKEN) == sdk(VECTOR_URL, twice)
    assert signature(VECTOR_URL, [*VECTOR, ("Digits", "1234")], TOKEN) == signature(VECTOR_URL, VECTOR, TOKEN)


ALPHABET = "Aa0+ &=%\u00e9\u0416\U0001f600\u2028\x00\n"


def random_parameters(random_: random.Random) -> Parameters:
    def text(longest: int) -> str:
        return "".join(random_.choices(ALPHABET, k=random_.randrange(longest)))

    names = ["From", "To", "CallSid", "caller", "Body", text(4), text(4)]
    return [(random_.choice(names), text(8)) for _ in range(random_.randrange(9))]


def test_five_thousand_random_requests_are_signed_as_the_sdk_signs_them() -> None:
    random_ = random.Random(20260724)
    for _ in range(5000):
        parameters = random_parameters(random_)
        path = f"/twilio/{random_.choice(['voice', 'status', 'step/abc'])}"
        query = random_.choice(["", "?a=1", "?a=b%20c&d=", "?x=%C3%A9"])
        claimed = sdk(BASE + path + query, parameters)
        assert signature(BASE + path + query, parameters, TOKEN) == claimed
        assert signed(claimed, path=path + query, parameters=parameters)
        assert not signed(claimed, path=path + query, parameters=[*parameters, ("More", "1")])


@settings(max_examples=200)
@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=10)), max_size=8), st.text(min_size=1, max_size=20))
def test_any_parameters_and_any_token_agree_with_the_sdk(parameters: Parameters, token: str) -> None:
    assert signature(VECTOR_URL, parameters, token) == sdk(VECTOR_URL, parameters, token)


@pytest.mark.parametrize(
    ("base", "signed_url"),
    [
        # over https Twilio drops the port, over http it keeps it; the SDK accepts both
        ("https://pbx.example.org", "https://pbx.example.org/twilio/voice"),
        ("https://pbx.example.org", "https://pbx.example.org:443/twilio/voice"),
        ("https://pbx.example.org:8443", "https://pbx.example.org/twilio/voice"),
        ("https://pbx.example.org:8443", "https://pbx.example.org:8443/twilio/voice"),
        ("http://localhost:8000", "http://localhost:8000/twilio/voice"),
        ("http://localhost:8000", "http://localhost/twilio/voice"),
        ("http://localhost", "http://localhost:80/twilio/voice"),
        # user info is never signed; the case of the host is
        ("https://user:secret@pbx.example.org", "https://pbx.example.org/twilio/voice"),
        ("https://user:secret@pbx.example.org:8443", "https://pbx.example.org/twilio/voice"),
        ("https://PBX.Example.org", "https://PBX.Example.org/twilio/voice"),
        ("https://PBX.Example.org:8443", "https://PBX.Example.org/twilio/voice"),
        ("http://[::1]:8000", "http://[::1]:8000/twilio/voice"),
        ("http://[::1]", "http://[::1]:80/twilio/voice"),
        ("https://pbx.example.org/behind/a/path", "https://pbx.example.org/behind/a/path/twilio/voice"),
    ],
)
def test_the_url_may_be_signed_with_or_without_its_port_and_never_with_user_info(base: str, signed_url: str) -> None:
    assert signed(sdk(signed_url, VECTOR), base, parameters=VECTOR)
    assert not signed(sdk(signed_url + "x", VECTOR), base, parameters=VECTOR)


@pytest.mark.parametrize("base", [BASE, f"{BASE}:8443", "http://localhost:8000", "http://localhost"])
@pytest.mark.parametrize("port", ["", ":443", ":80", ":8000", ":8443", ":9999"])
def test_ports_are_accepted_at_least_where_the_sdk_accepts_them(base: str, port: str) -> None:
    parts = urlsplit(base)
    signed_url = f"{parts.scheme}://{parts.hostname}{port}/twilio/voice"
    claimed = sdk(signed_url, VECTOR)
    by_sdk = RequestValidator(TOKEN).validate(f"{base}/twilio/voice", dict(VECTOR), claimed)
    assert signed(claimed, base, parameters=VECTOR) is by_sdk


def test_a_fragment_with_connection_overrides_is_never_signed() -> None:
    claimed = sdk(f"{BASE}/twilio/voice", VECTOR)
    assert signed(claimed, path="/twilio/voice#rc=2&ct=1000", parameters=VECTOR)


def test_a_bare_question_mark_is_signed() -> None:
    """The SDK loses it (twilio-python 9.13) and refuses the right signature."""
    assert signed(sdk(f"{BASE}/twilio/voice?", VECTOR), path="/twilio/voice?", parameters=VECTOR)
    assert not signed(sdk(f"{BASE}/twilio/voice", VECTOR), path="/twilio/voice?", parameters=VECTOR)


def test_a_get_is_signed_by_its_url_alone() -> None:
    path = "/twilio/voice?From=%2B33639980001&To=%2B33199001000"
    assert signed(sdk(BASE + path, []), path=path)
    assert not signed(sdk(BASE + path, []), path=path.replace("001", "002", 1))


def test_both_tokens_count_while_they_are_rotated() -> None:
    for token in ("old", "new"):
        claimed = sdk(f"{BASE}/twilio/voice", VECTOR, token)
        assert is_signed(claimed, [BASE], "/twilio/voice", run_together(VECTOR), ["old", "new"])
        assert not is_signed(claimed, [BASE], "/twilio/voice", run_together(VECTOR), [])
        assert not is_signed(claimed, [BASE], "/twilio/voice", run_together(VECTOR), ["other"])


def test_any_of_several_base_urls_counts() -> None:
    claimed = sdk("https://two.example.org/twilio/voice", VECTOR)
    assert is_signed(
        claimed, ["https://one.example.org", "https://two.example.org"], "/twilio/voice", run_together(VECTOR), [TOKEN]
    )
    assert not is_signed(claimed, ["https://one.example.org"], "/twilio/voice", run_together(VECTOR), [TOKEN])


def test_everything_that_is_not_the_signature_is_refused() -> None:
    right = sdk(f"{BASE}/twilio/voice", VECTOR)
    for wrong in ("", right[:-1], right + "=", right.lower(), right[::-1], " " + right, "é" * 28, "\ud800", "0" * 28):
        assert not signed(wrong, parameters=VECTOR)
    sha256 = RequestValidator(TOKEN).compute_signature(f"{BASE}/twilio/voice", dict(VECTOR), "HMAC_SHA256")
    assert not signed(sha256, parameters=VECTOR)
    assert not signed(right, "http://pbx.example.org", parameters=VECTOR)
    assert not signed(right, path="/twilio/status", parameters=VECTOR)
    assert not signed(right, parameters=VECTOR[:-1])


def test_a_wrong_signature_is_compared_in_constant_time_with_every_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bool] = []

    def counting(one: bytes, other: bytes) -> bool:
        compared.append(hmac.compare_digest(one, other))
        return compared[-1]

    class Counted:
        new, HMAC = staticmethod(hmac.new), hmac.HMAC
        compare_digest = staticmethod(counting)

    monkeypatch.setattr(signature_module, "hmac", Counted)
    right = sdk(f"{BASE}/twilio/voice", VECTOR)
    counts = []
    for claimed in (right[:-1], "wrong", "", right[::-1]):
        compared.clear()
        is_signed(claimed, [BASE], "/twilio/voice", run_together(VECTOR), ["first", TOKEN])
        counts.append(len(compared))
    assert len(set(counts)) == 1, "the number of comparisons tells nothing about the claim"
    assert counts[0] >= 4
