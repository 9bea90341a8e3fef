"""Words that were read before are read quickly, and to the same end as the slow way."""

from collections.abc import Mapping
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.report import CallReport
from app.providers.twilio.requests import READER
from app.providers.twiml.form import read_form
from app.providers.twiml.known_forms import KnownForms
from app.providers.twiml.signature import run_together
from benchmarks.signed_calls import parameters
from tests.providers.test_parameters import REAL

Words = Mapping[str, str]


def the_slow_way(body: bytes) -> tuple[CallReport, str]:
    form = read_form(body)
    return READER.read(form), run_together(form)


def having_read(*bodies: bytes) -> KnownForms:
    """Each of them came twice."""
    known = KnownForms(READER)
    for body in bodies:
        form = read_form(body)
        for _ in range(2):
            known.remember(body, form, READER.read(form))
    return known


CALL, OTHER = (urlencode(parameters(number)).encode() for number in (1, 2))


def test_another_call_in_the_same_words_is_known() -> None:
    known = having_read(CALL)
    assert known.read(OTHER) == the_slow_way(OTHER)
    assert known.read(OTHER) is not None


def test_words_that_came_once_are_not_kept() -> None:
    known, form = KnownForms(READER), read_form(CALL)
    known.remember(CALL, form, READER.read(form))
    assert known.read(OTHER) is None


def test_every_change_of_the_other_parameters_is_other_words() -> None:
    known = having_read(CALL)
    for name in parameters(1).keys() - {"CallSid", "CallToken", "Caller", "From", "StirPassportToken"}:
        changed = parameters(2) | {name: parameters(2)[name] + "x"}
        assert known.read(urlencode(changed).encode()) is None, name
    assert known.read(OTHER + b"&CallStatus=completed") is None
    assert known.read(OTHER.replace(b"ringing", b"Ringing")) is None


HOSTILE = st.text(max_size=30) | st.sampled_from(
    ["", "+33639980001", "anonymous", "sip:vera@example.org", "BobStirVerstatTN-Validation-Passed-A", "From+33639980001",
     "CA" + "f" * 32, "&From=+33639980001", "%26From=x", "client:olga", "a" * 2000, "CallSid", "DigitsX1", "Digits1"]
)  # fmt: skip
VALUES = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("CallSid", "CallToken", "Caller", "From", "StirPassportToken", "CallerName"), HOSTILE),
)
WRITTEN = st.sampled_from(
    [quote_plus, lambda text: "".join(f"%{byte:02x}" for byte in text.encode()), lambda text: text]
)


@settings(max_examples=800)
@given(VALUES, WRITTEN)
def test_it_reads_what_the_slow_way_reads_or_leaves_it_to_that(changed: Words, written: object) -> None:
    known = having_read(CALL, urlencode(REAL).encode())
    for words in (parameters(3), REAL):
        write = written if callable(written) else quote_plus
        body = "&".join(f"{name}={write(value)}" for name, value in (words | dict(changed)).items())
        data = body.encode("utf-8", "surrogatepass")
        read = known.read(data)
        assert read is None or read == the_slow_way(data)


@settings(max_examples=800)
@given(
    st.lists(st.sampled_from(["&", "=", "From", "Caller", "CallSid=CA" + "0" * 32, "%46rom=1", "From=+336", "&&", "é"]))
)
def test_odd_bodies_are_never_read_otherwise(pieces: list[str]) -> None:
    known = having_read(CALL)
    data = (CALL.decode() + "".join(pieces)).encode()
    read = known.read(data)
    assert read is None or read == the_slow_way(data)


@pytest.mark.parametrize("body", [b"From=1&From=2", b"CallSid=1", b"", b"&&", b"%46rom=1&CallSid=2"])
def test_words_without_call_id_and_caller_of_their_own_are_left_to_the_slow_way(body: bytes) -> None:
    known, report = KnownForms(READER), READER.read(read_form(CALL))
    for _ in range(3):
        known.remember(body, read_form(body), report)
    assert known.read(body) is None


def test_what_is_kept_is_bounded() -> None:
    known = KnownForms(READER)
    for number in range(2000):
        body = urlencode(parameters(1) | {"FromCity": f"Town {number}"}).encode()
        form = read_form(body)
        for _ in range(2):
            known.remember(body, form, READER.read(form))
    assert len(known._forms) <= 512
    assert len(known._once) <= 512
