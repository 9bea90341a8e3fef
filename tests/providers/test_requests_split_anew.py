"""Twilio's signature has no separators: a signed request can be split into other parameters and still be signed
(promises.md, fact 2). Whatever comes of that is refused or says the same."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.report import CallReport
from app.providers.provider import RequestRefused
from app.providers.twilio.requests import READER
from app.providers.twiml.signature import Parameters, signature
from tests import cast
from tests.providers.test_parameters import REAL


def security_facts(report: CallReport) -> tuple[object, ...]:
    return (
        report.account, report.call_id, report.parent_call_id, report.status, report.caller, report.called,
        report.attestation, report.keys, report.ring_result, report.connected, report.queue_result,
    )  # fmt: skip


STEP = REAL | {
    "CallStatus": "in-progress", "DialBridged": "false", "DialCallSid": "CA" + "c" * 32, "DialCallStatus": "no-answer",
    "Digits": "1", "ParentCallSid": "CA" + "d" * 32, "QueueResult": "leave", "QueueSid": "QU" + "e" * 32, "QueueTime": "12",
    "SequenceNumber": "3",
}  # fmt: skip


def signs_the_same(original: Parameters, other: Parameters) -> bool:
    url = "https://pbx.example.org/twilio/voice"
    return signature(url, original, "token") == signature(url, other, "token")


def shifted_sets() -> Iterator[tuple[str, dict[str, str]]]:
    """Four ways of moving a border in the signed text of ``REAL``."""
    swallowed = dict(REAL)
    verstat = swallowed.pop("StirVerstat")
    swallowed["StirPassportToken"] += "StirVerstat" + verstat
    yield "a value swallows the next parameter: the doubtful attestation is gone", swallowed
    shortened = dict(REAL)
    shortened["StirVersta"] = "t" + shortened.pop("StirVerstat")
    yield "a name gives its last letter to the value: the doubtful attestation is gone too", shortened
    longer = dict(REAL)
    city = longer.pop("FromCity")
    longer["From"] = longer["From"] + "FromCity" + city
    yield "the caller's number swallows the city: Boris is no longer Boris", longer
    moved = dict(REAL)
    number, city = moved.pop("From"), moved.pop("FromCity")
    moved["Direction"] += "From" + number
    moved["From"] = "City" + city
    yield "the number goes into the direction, and the city becomes the caller", moved


@pytest.mark.parametrize(("how", "parameters"), list(shifted_sets()))
def test_the_four_shifted_sets_are_refused_although_their_signature_is_valid(
    how: str, parameters: dict[str, str]
) -> None:
    assert signs_the_same(list(REAL.items()), list(parameters.items())), how
    with pytest.raises(RequestRefused):
        READER.read(list(parameters.items()))


def test_a_name_that_takes_a_letter_from_before_hides_no_attestation() -> None:
    values = dict(REAL) | {"StirPassportToken": "eyJ9.e30.c2lnT"}
    split = values | {"StirPassportToken": "eyJ9.e30.c2ln", "TStirVerstat": values["StirVerstat"]}
    del split["StirVerstat"]
    assert signs_the_same(list(values.items()), list(split.items()))
    with pytest.raises(RequestRefused):
        READER.read(list(split.items()))


def test_a_pressed_key_cannot_be_hidden_in_a_name() -> None:
    split = STEP | {"Digits1": ""}
    del split["Digits"]
    assert signs_the_same(list(STEP.items()), list(split.items()))
    with pytest.raises(RequestRefused):
        READER.read(list(split.items()))


def test_a_caller_s_name_cannot_be_split_into_a_whole_new_call() -> None:
    """An attacker chooses the name: here it holds all that sorts behind it, with Vera for Boris and an attestation."""
    forged = f"DirectioninboundFrom{cast.VERA}StirVerstatTN-Validation-Passed-ATo{cast.LINE}Z"
    received = {name: value for name, value in REAL.items() if not name.startswith(("CallerS", "CallerZ"))}
    received |= {"CallerName": f"x{forged}"}
    behind = [(name, received[name]) for name in sorted(received) if name > "CallerName"]
    split = {name: value for name, value in received.items() if name <= "CallerName"} | {
        "CallerName": "x", "Direction": "inbound", "From": cast.VERA, "StirVerstat": "TN-Validation-Passed-A",
        "To": cast.LINE, "Z": "".join(name + value for name, value in behind),
    }  # fmt: skip
    assert signs_the_same(list(received.items()), list(split.items()))
    with pytest.raises(RequestRefused):
        READER.read(list(split.items()))


# Every border of the signed text may move a little or vanish. Names must stay sorted, or the signature is another.
moves = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["merge", "left", "right", "again"]), st.integers(1, 9)), max_size=4
)


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(
        [REAL, STEP, {**REAL, "CallerName": f"From{cast.VERA}"}, {**REAL, "FromState": "MS", "FromZip": ""}]
    ),
    moves,
)
def test_however_a_signed_request_is_split_it_is_refused_or_says_the_same(
    values: dict[str, str], changes: list[tuple[int, str, int]]
) -> None:
    original = sorted(values.items())
    borders = [list(pair) for pair in original]
    for where, how, by in changes:
        at = where % len(borders)
        name, value = borders[at]
        if how == "merge" and at > 0:
            borders[at - 1][1] += name + value
            del borders[at]
        elif how == "left" and len(name) > by:
            borders[at] = [name[:-by], name[-by:] + value]
        elif how == "right" and len(value) >= by:
            borders[at] = [name + value[:by], value[by:]]
        elif how == "again" and at > 0 and len(borders[at - 1][1]) >= by:
            borders[at - 1][1], borders[at][0] = borders[at - 1][1][:-by], borders[at - 1][1][-by:] + name
    split: Parameters = [(name, value) for name, value in borders]
    if not signs_the_same(original, split):
        return
    try:
        report = READER.read(split)
    except RequestRefused:
        return
    # The name is the attacker's and decides nothing; the original may itself be refused because of it.
    assert security_facts(report) == security_facts(READER.read(list((values | {"CallerName": ""}).items())))
