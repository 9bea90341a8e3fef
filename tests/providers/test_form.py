"""The lean reader of forms reads what the standard library reads."""

from urllib.parse import parse_qsl, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from app.providers.twiml import form
from app.providers.twiml.form import read_form, remember_fields
from benchmarks.signed_calls import parameters

PIECES = st.sampled_from(
    ["&", "=", "+", "%", "%2B", "%2b", "%00", "%C3%A9", "%C3", "%E2%82%AC", "%zz", "%4", "é", "€", ";", "\x00", " ", "a",
     "CallSid", "+33612345678", "%2B33612345678", "a" * 70, "%20" * 30]
)  # fmt: skip
FORMS = st.lists(PIECES, max_size=40).map(lambda pieces: "".join(pieces).encode()) | st.binary(max_size=200)


@settings(max_examples=1500)
@given(FORMS)
def test_it_agrees_with_the_standard_library_on_every_input(data: bytes) -> None:
    expected = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True)
    assert list(read_form(data)) == expected


def test_a_webhook_of_twilio_comes_back_as_it_was_sent() -> None:
    facts = parameters(5) | {"CallerName": "Zoë + Fils & Cie = 100 %", "CalledCity": ""}
    assert dict(read_form(urlencode(facts).encode())) == facts


def test_the_longest_body_is_read_whole() -> None:
    assert len(read_form(b"&".join([b"a=1"] * 16_000))) == 16_000


def test_reading_keeps_nothing_and_only_a_known_number_of_short_fields_is_remembered() -> None:
    form._known.clear()
    body = "&".join([*(f"name{number}=1" for number in range(6000)), "long=" + "x" * 60_000]).encode()
    read_form(body)
    assert not form._known
    remember_fields(body)
    assert 0 < len(form._known) <= 4096
    assert max(map(len, form._known)) <= 64
    assert dict(read_form(body))["name5"] == "1"
