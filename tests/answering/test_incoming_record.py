"""The record of a call says what was decided and what the provider said, whoever calls."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.answers import HangUp, Say, Speech
from app.answering.booth_ticket import BoothTicket
from app.answering.given import Given
from app.answering.incoming_record import incoming_fact
from app.answering.report import CallReport
from app.answering.stored_answer import read_answer
from app.answering.strangers import Strangers
from app.event_log.read_decision import read_decision
from app.event_log.records import CallFact
from app.event_log.stored_decision import as_stored
from app.providers.twilio.requests import READER
from benchmarks.signed_calls import parameters
from filters.attestation import Attestation
from filters.caller_id import read_caller_id
from filters.clients import Client
from routing.call import IncomingCall
from routing.decision import decide
from tests import cast
from tests.routing.a_plan import FRIDAY_MORNING, FRIDAY_NIGHT, a_plan

OTHER = "+33639980005"  # unknown too
PLAN = a_plan(
    clients=[
        Client("c-1", "Clara", frozenset({cast.CLARA})),
        Client("c-2", "Ana", frozenset({"+33639980077"})),
        Client("c-3", "Ben", frozenset({"+33639980077"})),
    ]
)
MOMENTS = st.timedeltas(timedelta(0), timedelta(minutes=3)).map(lambda later: FRIDAY_MORNING + later)
LINES = {cast.LINE: "main", cast.SECOND_LINE: "second"}


STRANGERS = Strangers()


def saying(now: datetime) -> Say:
    """An answer that is another one in each second."""
    return Say((Speech(f"{now:%S}", "fr"),))


def record(
    report: CallReport, caller: str, now: datetime, attestation: Attestation = Attestation.NONE, to: str = cast.LINE
) -> CallFact:
    """The record of a call that is decided at ``now``, among many others."""
    call = IncomingCall(report.call_id, to, read_caller_id(caller, "FR"), attestation)
    decision, answer = STRANGERS.decide(call, PLAN, now), Given.of(saying(now))
    made = incoming_fact("tenant", report, call, decision, answer, now, STRANGERS)
    alone = incoming_fact("tenant", report, call, decision, answer, now)
    assert made.payload_json == alone.payload_json
    assert made == alone
    return made


@given(
    st.sampled_from([cast.UMA, OTHER, cast.VERA, cast.BORIS, cast.CLARA, cast.MARTIN, "anonymous", "", "sip:a@b"]),
    st.integers(0, 10**9),
    st.text(max_size=40) | st.just("\ud800"),
    MOMENTS,
    st.sampled_from(Attestation),
    st.sampled_from([cast.LINE, cast.SECOND_LINE, "+15005550006"]),
)
def test_the_record_of_every_call_says_what_was_decided_and_who_called(
    caller: str, number: int, name: str, now: datetime, attestation: Attestation, to: str
) -> None:
    report = READER.read(list(parameters(number).items()))._replace(caller_name=name)
    told = record(report, caller, now, attestation, to).payload
    call = IncomingCall(report.call_id, to, read_caller_id(caller, "FR"), attestation)
    assert read_decision(told["decision"]) == as_stored(decide(call, PLAN, now))
    said = told["call"]
    assert datetime.fromisoformat(said.pop("at")) == now
    assert said == {
        "id": report.call_id,
        "caller": {
            "kind": call.caller.kind, "number": call.caller.number,
            "name": name.encode("utf-8", "replace").decode(),
        } | ({"address": call.caller.value} if call.caller.value not in ("", call.caller.number) else {}),
        "provider": "twilio",
        "line": {"id": LINES.get(to), "number": to, "label": "Accueil" if to in LINES else ""},
        "attestation": attestation.value,
    }  # fmt: skip
    assert read_answer(told["answer"]) == saying(now)
    assert (told["client_id"], told["client_ids"]) == (("c-1", ["c-1"]) if caller == cast.CLARA else (None, []))


def test_several_clients_of_a_number_are_all_recorded() -> None:
    told = record(READER.read(list(parameters(1).items())), "+33639980077", FRIDAY_MORNING).payload
    assert (told["client_id"], told["client_ids"]) == (None, ["c-2", "c-3"])


@pytest.mark.parametrize("now", [FRIDAY_MORNING, FRIDAY_NIGHT])
def test_two_strangers_have_records_of_their_own(now: datetime) -> None:
    reports = [READER.read(list(parameters(number).items())) for number in (1, 2)]
    of_uma, of_the_other = (
        record(report, caller, now, Attestation.FULL).payload
        for report, caller in zip(reports, (cast.UMA, OTHER), strict=True)
    )
    assert cast.UMA in str(of_uma)
    assert cast.UMA not in str(of_the_other)
    assert reports[0].call_id not in str(of_the_other)


def test_a_call_from_the_booth_says_so_and_as_of_when() -> None:
    report = READER.read(list(parameters(1).items()))
    call = IncomingCall(report.call_id, cast.LINE, read_caller_id(cast.UMA, "FR"), Attestation.NONE)
    night = BoothTicket(int((FRIDAY_NIGHT - FRIDAY_MORNING).total_seconds()))
    decision = decide(call, PLAN, FRIDAY_NIGHT)
    made = incoming_fact("tenant", report, call, decision, Given.of(HangUp()), FRIDAY_MORNING, ticket=night)
    assert made.payload["call"]["provider"] == "booth"
    assert datetime.fromisoformat(made.payload["call"]["at"]) == FRIDAY_MORNING
    assert read_decision(made.payload["decision"]).as_of == FRIDAY_NIGHT
