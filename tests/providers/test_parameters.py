"""What a signed request may say. Twilio's signature has no separators, so a signed request can be split anew."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.report import CallReport
from app.base.text import display_text
from app.providers.provider import RequestRefused
from app.providers.twilio import TWILIO
from app.providers.twilio.requests import READER
from app.providers.twiml.parameters import (
    _STRICT,
    KNOWN,
    MAX_PARAMETERS,
    _was_split_otherwise,
    hides_another,
)
from app.providers.twiml.signature import Parameters
from filters.attestation import Attestation
from tests import cast
from tests.filters.test_real_data import HOSTILE

CALL_SID = "CA" + "b" * 32
REAL = {
    "AccountSid": cast.ACCOUNT_SID,
    "ApiVersion": "2010-04-01",
    "CallSid": CALL_SID,
    "CallStatus": "ringing",
    "CallToken": "%7B%22parentCallInfoToken%22%3A%22eyJhbGciOiJFUzI1NiJ9.eyJjIjoxfQ.c2ln%22%7D",
    "Called": cast.LINE,
    "CalledCity": "PARIS",
    "CalledCountry": "FR",
    "CalledState": "",
    "CalledZip": "",
    "Caller": cast.BORIS,
    "CallerCity": "LYON",
    "CallerCountry": "FR",
    "CallerName": "Boris",
    "CallerState": "RHONES",
    "CallerZip": "69001",
    "Direction": "inbound",
    "From": cast.BORIS,
    "FromCity": "LYON",
    "FromCountry": "FR",
    "FromState": "RHONES",
    "FromZip": "69001",
    "StirPassportToken": "eyJhbGciOiJFUzI1NiJ9.eyJhdHRlc3QiOiJDIn0.c2lnbmF0dXJT",
    "StirVerstat": "TN-Validation-Passed-C",
    "To": cast.LINE,
    "ToCity": "PARIS",
    "ToCountry": "FR",
    "ToState": "",
    "ToZip": "",
}


def read(**changes: str | None) -> CallReport:
    values = {name: value for name, value in (REAL | changes).items() if value is not None}
    return READER.read(list(values.items()))


def test_a_real_webhook_is_read() -> None:
    report = read()
    assert (report.account, report.call_id, report.status) == (cast.ACCOUNT_SID, CALL_SID, "ringing")
    assert (report.caller, report.called, report.caller_name) == (cast.BORIS, cast.LINE, "Boris")
    assert report.attestation is Attestation.GATEWAY
    assert (report.keys, report.ring_result, report.queue_result, report.duration) == ("", "", "", None)


def test_parameters_that_twilio_adds_tomorrow_are_let_through() -> None:
    for name in ("RecordingCallSid", "CallStatusReason", "SipHeader_X-Custom", "Foo", "NewFromTo", "DialCallDuration"):
        assert read(**{name: "something new"}).caller == cast.BORIS


@pytest.mark.parametrize("name", ["AccountSid", "CallSid", "CallStatus", "From", "To"])
def test_what_is_required_may_not_be_missing(name: str) -> None:
    with pytest.raises(RequestRefused, match=f"{name} is missing"):
        read(**{name: None})


@pytest.mark.parametrize("name", ["CallSid", "From", "Foo"])
def test_a_parameter_comes_once(name: str) -> None:
    for value in (REAL.get(name, "x"), "other"):
        with pytest.raises(RequestRefused, match="twice"):
            READER.read([*({"Foo": "x"} | REAL).items(), (name, value)])


@pytest.mark.parametrize(
    "name", ["", "1Name", "_x", "Na me", "Name\n", "Näme", "x" * 65, "From\x00", "a[b]", "ＦＲＯＭ"]
)
def test_a_malformed_name_is_refused(name: str) -> None:
    with pytest.raises(RequestRefused, match="name is malformed"):
        read(**{name: "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AccountSid", "AC1"), ("AccountSid", "AC" + "A" * 32), ("AccountSid", ""), ("CallSid", CALL_SID + "0"),
        ("CallSid", CALL_SID + "\n"), ("CallSid", "CA" + "１" * 32), ("CallStatus", "RINGING"), ("CallStatus", ""),
        ("ParentCallSid", "CA1"), ("Digits", "1;2"), ("Digits", "1" * 33), ("Digits", "٣"), ("QueueTime", "-1"),
        ("QueueTime", "1e9"), ("QueueTime", "99999999"), ("CallDuration", "1.5"), ("SequenceNumber", "x"),
        ("QueueResult", "<x>"), ("DialCallStatus", "bridged!"), ("DialBridged", "yes"), ("StirVerstat", "TN Validation"),
        ("Direction", "Inbound"), ("ApiVersion", "2010-04-01F"), ("From", "x" * 1025), ("To", "x" * 1025),
        ("CallerName", "x" * 8193),
    ],
)  # fmt: skip
def test_a_malformed_value_is_refused_and_never_repeated(name: str, value: str) -> None:
    with pytest.raises(RequestRefused) as refusal:
        read(**{name: value})
    assert name in str(refusal.value)
    assert value == "" or value not in str(refusal.value)


def test_too_many_parameters_are_refused() -> None:
    with pytest.raises(RequestRefused, match="too many"):
        read(**{f"Extra{number}": "" for number in range(MAX_PARAMETERS)})


VERSTAT = {
    "TN-Validation-Passed-A": Attestation.FULL,
    "TN-Validation-Passed-B": Attestation.PARTIAL,
    "TN-Validation-Passed-C": Attestation.GATEWAY,
    "TN-Validation-Passed-A-Diverted": Attestation.FULL,
    "TN-Validation-Passed-B-Diverted": Attestation.PARTIAL,
    "TN-Validation-Passed-C-Diverted": Attestation.GATEWAY,
    "TN-Validation-Passed-A-Passthrough": Attestation.FULL,
    "TN-Validation-Passed-B-Passthrough": Attestation.PARTIAL,
    "TN-Validation-Passed-C-Passthrough": Attestation.GATEWAY,
    "TN-Validation-Failed": Attestation.FAILED,
    "TN-Validation-Failed-A": Attestation.FAILED,
    "TN-Validation-Failed-B": Attestation.FAILED,
    "TN-Validation-Failed-C": Attestation.FAILED,
    "TN-Validation-Failed-A-Diverted": Attestation.FAILED,
    "TN-Validation-Failed-B-Diverted": Attestation.FAILED,
    "TN-Validation-Failed-C-Diverted": Attestation.FAILED,
    "TN-Validation-Failed-A-Passthrough": Attestation.FAILED,
    "TN-Validation-Failed-B-Passthrough": Attestation.FAILED,
    "TN-Validation-Failed-C-Passthrough": Attestation.FAILED,
    "No-TN-Validation": Attestation.NONE,
    "NULL": Attestation.NONE,
    "": Attestation.NONE,
    # only exact strings mean anything
    "TN-Validation-Passed": Attestation.NONE,
    "TN-Validation-Passed-A-": Attestation.NONE,
    "TN-Validation-Passed-AA": Attestation.NONE,
    "TN-Validation-Passed-A-Diverted-Passthrough": Attestation.NONE,
    "TN-Validation-Passed-D": Attestation.NONE,
    "tn-validation-passed-a": Attestation.NONE,
    "A": Attestation.NONE,
}


@pytest.mark.parametrize(("value", "attestation"), VERSTAT.items())
def test_attestations_are_exact_strings(value: str, attestation: Attestation) -> None:
    """twilio.com/docs/voice/trusted-calling-with-shakenstir."""
    assert read(StirVerstat=value).attestation is attestation


def test_an_absent_attestation_is_none_and_not_a_failure() -> None:
    assert read(StirVerstat=None).attestation is Attestation.NONE


def test_a_dial_that_says_nothing_about_a_talk_leaves_that_open() -> None:
    assert read(DialCallStatus="completed").connected is None
    assert read(DialCallStatus="completed", DialBridged="").connected is None
    assert read(DialCallStatus="completed", DialBridged="true").connected is True
    assert read(DialCallStatus="completed", DialBridged="false").connected is False


# --- hostile texts ---


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_cleaned_for_screens(text: str) -> None:
    shown = read(CallerName=text).caller_name
    assert shown.isprintable()
    assert len(shown) <= 200
    assert shown == display_text(text)
    assert not set(shown) & set("\u202e\u2028\x00\x1b\r\n\t")


@given(st.text())
def test_any_name_is_cleaned(text: str) -> None:
    shown = display_text(text)
    assert shown.isprintable()
    assert shown == shown.strip()
    assert display_text(shown) == shown


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=30)), max_size=12))
def test_no_parameters_make_the_reading_fail_otherwise(parameters: Parameters) -> None:
    with contextlib.suppress(RequestRefused):
        READER.read(parameters)


def test_the_form_of_an_account_is_known() -> None:
    assert TWILIO.is_account(cast.ACCOUNT_SID)
    for text in ("", "AC", cast.ACCOUNT_SID + "\n", CALL_SID):
        assert not TWILIO.is_account(text)


# --- the search for hidden parameters is left out only where it would find nothing ---

FRAGMENTS = st.sampled_from(
    ["", "+33612345678", "PARIS", "Bob ", "To", "From", "City", "State", "Zip", "Country", "Name", "Sid", "CallSid",
     "CA" + "0" * 32, "StirVerstat", "TN-", "Digits", "1", "Direction", "inbound", "sip:", "client:", "Queue", "Result",
     "Time", "DialBridged", "Called", "Caller", "ApiVersion", "CallDuration", "CallToken", "Forwarded", "SequenceNumber",
     "Status", "Dial", "\u0130"]
)  # fmt: skip


@settings(max_examples=1000)
@given(st.sampled_from(sorted(KNOWN - _STRICT)), st.lists(FRAGMENTS, max_size=5).map("".join))
def test_a_known_name_hides_nothing_that_the_whole_search_would_find(name: str, value: str) -> None:
    assert _was_split_otherwise(name, value) == hides_another(name, value)


@given(st.sampled_from(sorted(_STRICT)), st.lists(FRAGMENTS, max_size=4).map("".join))
def test_a_strict_form_leaves_no_room(name: str, value: str) -> None:
    if READER.forms[name].fullmatch(value):
        assert not hides_another(name, value)


def test_every_known_parameter_is_searched_for_its_telltale() -> None:
    for name in sorted(KNOWN):
        for value in ("StirVerstatTN-Validation-Passed-A", "CallSidCA" + "0" * 32, "DialBridgedtrue"):
            assert hides_another(name, value)
            assert name in _STRICT or _was_split_otherwise(name, value)
