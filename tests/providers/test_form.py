"""The lean reader of forms reads what the standard library reads."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.providers.twiml.form import MAX_FIELDS, TooManyFields, read_form
from benchmarks.signed_calls import parameters

PIECES = st.sampled_from(
    ["&", "=", "+", "%", "%2B", "%2b", "%00", "%C3%A9", "%C3", "%E2%82%AC", "%zz", "%4", "é", "€", ";", "\x00", " ", "a",
     "CallSid", "+33612345678", "%2B33612345678", "a" * 70, "%20" * 30]
)  # fmt: skip
FORMS = st.lists(PIECES, max_size=40).map(lambda pieces: "".join(pieces).encode()) | st.binary(max_size=200)


@settings(max_examples=1500)
@given(FORMS)
def test_it_agrees_with_the_standard_library_on_every_input(data: bytes) -> None:
    expected = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    assert list(read_form(data)) == expected


def test_a_webhook_of_twilio_comes_back_as_it_was_sent() -> None:
    facts = parameters(5) | {"CallerName": "Zoë + Fils & Cie = 100 %", "CalledCity": ""}
    assert dict(read_form(urlencode(facts).encode())) == facts


def test_more_fields_than_any_webhook_has_are_refused() -> None:
    assert len(read_form(b"&".join([b"a=1"] * MAX_FIELDS))) == MAX_FIELDS
    with pytest.raises(TooManyFields):
        read_form(b"&".join([b"a=1"] * (MAX_FIELDS + 1)))
