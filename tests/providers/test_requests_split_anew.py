"""Twilio's signature has no separators: a signed request can be split into other parameters and still be signed
(promises.md, fact 2). Every split is answered, and says what the original says."""

import string
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.base.raw_request import Request
from app.providers.twilio.requests import READER, open_request
from app.providers.twiml.signature import Parameters, run_together, signature
from filters.attestation import Attestation
from tests import cast
from tests.providers.test_parameters import FOUND_IN_THE_FIELD, REAL, security_facts

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
def test_the_four_shifted_sets_say_what_the_original_says(how: str, parameters: dict[str, str]) -> None:
    assert signs_the_same(list(REAL.items()), list(parameters.items())), how
    assert says(parameters) == says(REAL)


def says(values: dict[str, str]) -> tuple[object, ...]:
    return security_facts(READER.read(list(values.items())))


def without(values: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if name not in names}


def test_a_name_that_takes_a_letter_from_before_hides_no_attestation() -> None:
    values = REAL | {"StirPassportToken": "eyJ9.e30.c2lnT"}
    split = without(values, "StirVerstat") | {
        "StirPassportToken": "eyJ9.e30.c2ln",
        "TStirVerstat": values["StirVerstat"],
    }
    assert signs_the_same(list(values.items()), list(split.items()))
    assert says(split) == says(values)


def test_a_failed_attestation_does_not_vanish_into_an_unknown_name() -> None:
    values = REAL | {"StirVerstat": "TN-Validation-Failed-C"}
    split = values | {"StirVerstat": "", "T": "N-Validation-Failed-C"}
    assert signs_the_same(list(values.items()), list(split.items()))
    assert READER.read(list(split.items())).attestation is Attestation.FAILED


def test_a_pressed_key_cannot_be_hidden_in_a_name() -> None:
    split = without(STEP, "Digits") | {"Digits1": ""}
    assert signs_the_same(list(STEP.items()), list(split.items()))
    assert says(split) == says(STEP)


def test_whose_leg_it_is_cannot_be_hidden_in_a_name() -> None:
    values = STEP | {"FromZip": "69001"}
    split = without(values, "ParentCallSid") | {"FromZip": "6900", "1ParentCallSid": values["ParentCallSid"]}
    split = without(values, "ParentCallSid", "FromZip") | {"FromZ": "ip69001ParentCallSid" + values["ParentCallSid"]}
    assert signs_the_same(list(values.items()), list(split.items()))
    assert says(split) == says(values)


def test_a_caller_s_name_that_reads_like_a_whole_call_costs_the_facts_that_are_doubtful() -> None:
    """An attacker chooses the name: here it holds all that sorts behind it, with Vera for Boris and an attestation."""
    forged = f"Caller{cast.VERA}DirectioninboundFrom{cast.VERA}StirVerstatTN-Validation-Passed-ATo{cast.LINE}Z"
    received = {name: value for name, value in REAL.items() if not name.startswith(("CallerS", "CallerZ"))}
    received |= {"CallerName": f"x{forged}"}
    behind = [(name, received[name]) for name in sorted(received) if name > "CallerName"]
    split = {name: value for name, value in received.items() if name <= "CallerName"} | {
        "CallerName": f"xCaller{cast.VERA}", "Direction": "inbound", "From": cast.VERA,
        "StirVerstat": "TN-Validation-Passed-A", "To": cast.LINE, "Z": "".join(name + value for name, value in behind),
    }  # fmt: skip
    assert signs_the_same(list(received.items()), list(split.items()))
    report = READER.read(list(split.items()))
    assert security_facts(report) == says(received)
    assert (report.caller, set(report.callers)) == ("", {cast.VERA, cast.BORIS})
    assert report.attestation is Attestation.GATEWAY


BARE = REAL | {"AccountSid": cast.ACCOUNT_SID}


@pytest.mark.parametrize("cut", [*range(0, 400, 7)])
def test_what_is_moved_into_the_query_is_read_as_well(cut: int) -> None:
    """A webhook's URL that ends in "?" is signed with it, and no border follows."""
    text = run_together(list(REAL.items()))
    body = urlencode({text[cut : cut + 20]: text[cut + 20 :]}).encode()
    envelope = open_request(Request("POST", "/twilio/voice?" + text[:cut], text[:cut].encode(), {}, body))
    assert envelope.account == cast.ACCOUNT_SID
    assert security_facts(envelope.read()) == says(REAL)


def test_what_is_moved_into_the_query_altogether_is_read_as_well() -> None:
    values = REAL | {"CallerName": f"&CallSid=CA{'f' * 32}&From={cast.VERA}&AccountSid={cast.ACCOUNT_SID}&"}
    text = run_together(list(values.items()))
    envelope = open_request(Request("GET", "/twilio/voice?" + text, text.encode(), {}, b""))
    assert envelope.account == cast.ACCOUNT_SID
    assert security_facts(envelope.read()) == says(values)


CHOSEN_BY_CALLERS = st.lists(
    st.sampled_from(
        ["Bob", " ", "From", cast.VERA, cast.BORIS, "Caller", "CallSid", "CA" + "9" * 32, "StirVerstat",
         "TN-Validation-Passed-A", "To", cast.LINE, "Digits", "1", "Z", "City", "Parent", "CallStatus", "completed",
         "SipHeader_X-", "DialBridged", "true", "client:olga", "AccountSid", "&", "="]
    ),
    max_size=6,
).map("".join)  # fmt: skip
ORIGINALS = st.one_of(
    st.sampled_from(
        [REAL, STEP, {**REAL, "FromState": "MS", "FromZip": ""}, *(REAL | more for more in FOUND_IN_THE_FIELD)]
    ),
    st.builds(
        lambda base, name, other, value: base | {"CallerName": name, other or "x": value},
        st.sampled_from([REAL, STEP, {**REAL, "From": "client:eve", "Caller": "client:eve"}]),
        CHOSEN_BY_CALLERS,
        st.sampled_from(["SipHeader_X-Foo", "SpeechResult", "_ga", "Caller name", "AddOns", "zz", "Group"]),
        CHOSEN_BY_CALLERS,
    ),
)


@settings(max_examples=300, deadline=None)
@given(ORIGINALS, st.data())
def test_every_split_of_a_signed_text_is_answered_and_says_the_same(
    values: dict[str, str], data: st.DataObject
) -> None:
    """Names must stay sorted, or the text that is signed is another: each border is put where that holds."""
    original = list(values.items())
    text, report = run_together(original), READER.read(original)
    split: list[tuple[str, str]] = []
    begin = 0
    for _ in range(data.draw(st.integers(1, 12))):
        if begin >= len(text):
            break
        end = data.draw(st.integers(begin, min(len(text), begin + 120)))
        border = data.draw(st.integers(begin, end))
        split.append((text[begin:border], text[border:end]))
        begin = end
    split.append((text[begin : begin + 3], text[begin + 3 :]))
    if run_together(split) != text:
        return
    again = READER.read(split)
    if report.call_id.startswith("unreadable-"):  # nobody's call before, and nobody's afterwards
        assert again.call_id.startswith("unreadable-")
        again = again._replace(call_id=report.call_id)
    assert again._replace(caller_name="", account="") == report._replace(caller_name="", account="")


# Every border of the original may move a little or vanish, which keeps most names what they are.
moves = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["merge", "left", "right", "again"]), st.integers(1, 9)), max_size=4
)


@settings(max_examples=1000, deadline=None)
@given(ORIGINALS, moves)
def test_however_the_borders_move_the_facts_stay(values: dict[str, str], changes: list[tuple[int, str, int]]) -> None:
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
    assert security_facts(READER.read(split)) == security_facts(READER.read(original))


@settings(max_examples=300, deadline=None)
@given(CHOSEN_BY_CALLERS, st.text(string.printable, max_size=20))
def test_no_name_makes_a_blacklisted_caller_another_one(chosen: str, text: str) -> None:
    """Boris is among those who may have called, or the caller."""
    report = READER.read(list((REAL | {"CallerName": chosen + text}).items()))
    assert cast.BORIS in (report.caller, *report.callers)
    assert report.attestation in {Attestation.GATEWAY, Attestation.FAILED}
