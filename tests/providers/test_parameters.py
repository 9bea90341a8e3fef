"""What a signed request may say. Twilio's signature has no separators, so a signed request can be split anew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.report import CallReport
from app.base.text import display_text
from app.providers.twilio import TWILIO
from app.providers.twilio.requests import READER
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


def security_facts(report: CallReport) -> tuple[object, ...]:
    return (
        report.call_id, report.parent_call_id, report.status, report.caller, report.called, report.attestation, report.keys,
        report.ring_result, report.connected, report.queue_result, report.queue_seconds, report.sequence, report.duration,
        report.booth, report.callers,
    )  # fmt: skip


def test_a_real_webhook_is_read() -> None:
    report = read()
    assert (report.account, report.call_id, report.status) == (cast.ACCOUNT_SID, CALL_SID, "ringing")
    assert (report.caller, report.called, report.caller_name) == (cast.BORIS, cast.LINE, "Boris")
    assert report.attestation is Attestation.GATEWAY
    assert (report.keys, report.ring_result, report.queue_result, report.duration) == ("", "", "", None)


def test_parameters_that_twilio_adds_tomorrow_are_let_through() -> None:
    for name in ("RecordingCallSid", "CallStatusReason", "SipHeader_X-Custom", "Foo", "NewFromTo", "DialCallDuration"):
        assert read(**{name: "something new"}).caller == cast.BORIS


@pytest.mark.parametrize("name", ["CallStatus", "From", "To", "CallSid"])
def test_what_is_missing_is_missing_and_no_more(name: str) -> None:
    report = read(**{name: None})
    said = {"CallStatus": report.status, "From": report.caller, "To": report.called}
    assert said.get(name, "") == ""
    assert report.call_id.startswith("unreadable-") == (name == "CallSid")
    assert {one for one in said.values() if one} == {"ringing", cast.BORIS, cast.LINE} - {REAL.get(name)}


@pytest.mark.parametrize("name", ["CallSid", "From", "Foo"])
def test_a_parameter_that_comes_twice_changes_nothing(name: str) -> None:
    facts = {"Foo": "x"} | REAL
    once, twice = READER.read([*facts.items()]), READER.read([*facts.items(), (name, facts[name])])
    assert once == twice


# What outsiders sent, all of it rightly signed: each call was refused.
FOUND_IN_THE_FIELD = [
    {"CallerName": "FromCity Bakery"},
    {"AddOns": '{"results": "' + "x" * 9000 + '"}'},
    {"SipHeader_X-ParentCallSid": "CA" + "d" * 32},
    {"SpeechResult": "what is CallStatus"},
    {"params[agent id]": "7", "_ga": "1"},
    {"Caller name": "JOHN"},
    {f"Extra{number}": str(number) for number in range(150)},
    {"CallToken": "%7B%22eyJToZipFromStateDigits%22%7D"},
    {"RecordingSid": "RE" + "1" * 32, "RecordingUrl": "https://api.twilio.com/x", "RecordingStatus": "completed"},
    {"AnsweredBy": "machine_end_beep", "MachineDetectionDuration": "4300"},
    {"": "1", "1Name": "2", "Na me": "3", "Name\n": "4", "Näme": "5", "x" * 65: "6", "a[b]": "7", "ＦＲＯＭ": "8"},
    {"CallerName": "To the point, From Paris, in all Directions"},
    {"CallerName": "Digits & Queue Time, StirVerstat Ltd"},
    {"SipHeader_X-CallSid": "CA" + "e" * 32, "SipHeader_User-to-User": "x;encoding=hex"},
    {"Geo": "48.85,2.35", "FromX": "1", "Group": "sales"},
]


@pytest.mark.parametrize("more", FOUND_IN_THE_FIELD)
def test_whatever_else_a_request_holds_the_call_is_read(more: dict[str, str]) -> None:
    report, plain = READER.read([*(REAL | more).items()]), read()
    assert security_facts(report) == security_facts(plain)
    assert report.caller_name == more.get("CallerName", "Boris")


@pytest.mark.parametrize(
    "identity",
    ["client:olga", "sip:vera@example.org;user=phone", "anonymous", "Restricted", "", "+33 6 39 98 10 02", "0639-98"],
)
@pytest.mark.parametrize("more", [*FOUND_IN_THE_FIELD, {}])
def test_callers_without_a_plain_number_are_read_whole(identity: str, more: dict[str, str]) -> None:
    report = READER.read([*(REAL | {"From": identity, "Caller": identity} | more).items()])
    assert report.caller == identity


@pytest.mark.parametrize("call_id", [CALL_SID, "b3877c40-da60-4998-90ad-b792e98472af"])
def test_ids_of_calls_are_those_of_twilio_and_uuids(call_id: str) -> None:
    assert read(CallSid=call_id).call_id == call_id


@pytest.mark.parametrize("call_id", ["", "1", CALL_SID.upper(), "CA" + "１" * 32, "'; DROP TABLE call"])
def test_any_other_id_is_one_of_ours_that_stays_the_same(call_id: str) -> None:
    first, again = read(CallSid=call_id), read(CallSid=call_id, CallStatus="completed")
    assert first.call_id == again.call_id
    assert first.call_id.startswith("unreadable-")
    assert first.caller == cast.BORIS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CallStatus", "RINGING"), ("CallStatus", ""), ("ParentCallSid", "CA1"), ("Digits", "٣"), ("QueueTime", "-1"),
        ("QueueTime", "99999999"), ("SequenceNumber", "x"), ("QueueResult", "<x>"), ("DialCallStatus", "Bridged!"),
        ("DialBridged", "yes"), ("StirVerstat", "TN Validation"), ("CallDuration", "x"),
    ],
)  # fmt: skip
def test_a_malformed_value_is_none(name: str, value: str) -> None:
    assert security_facts(read(**{name: value})) == security_facts(read(**{name: "" if name in REAL else None}))


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
def test_no_parameters_make_the_reading_fail(parameters: Parameters) -> None:
    READER.read(parameters)
    READER.read_as_split(parameters)


def test_the_form_of_an_account_is_known() -> None:
    assert TWILIO.is_account(cast.ACCOUNT_SID)
    for text in ("", "AC", cast.ACCOUNT_SID + "\n", CALL_SID):
        assert not TWILIO.is_account(text)


def test_a_queue_s_tick_tells_this_call_s_own_wait() -> None:
    """The average stands beside it, under a name that ends alike."""
    tick = {"AvgQueueTime": "7", "CurrentQueueSize": "3", "QueuePosition": "1", "QueueSid": "QU" + "1" * 32}
    assert read(QueueTime="15", **tick).queue_seconds == 15
    assert read(QueueTime="0", **tick).queue_seconds == 0
