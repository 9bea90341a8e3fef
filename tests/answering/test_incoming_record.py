"""The record of a call, written quickly for strangers, says what the slow way says."""

from datetime import datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.answers import HangUp, Say, Speech
from app.answering.booth_ticket import BoothTicket
from app.answering.given import Given
from app.answering.incoming_record import incoming_fact, incoming_payload
from app.answering.report import CallReport
from app.event_log.records import as_json
from app.providers.twilio.requests import READER
from benchmarks.signed_calls import parameters
from filters.attestation import Attestation
from filters.caller_id import read_caller_id
from filters.clients import Client
from routing.call import IncomingCall
from routing.decision import decide
from routing.plan import RoutingPlan
from tests import cast
from tests.routing.a_plan import FRIDAY_MORNING, FRIDAY_NIGHT, a_plan

OTHER = "+33639980005"  # unknown too
PLAN = a_plan(clients=[Client("c-1", "Clara", frozenset({cast.CLARA}))])
MOMENTS = st.timedeltas(timedelta(0), timedelta(minutes=3)).map(lambda later: FRIDAY_MORNING + later)


def records(
    report: CallReport,
    caller: str,
    now: datetime,
    attestation: Attestation,
    plan: RoutingPlan = PLAN,
    to: str = cast.LINE,
) -> tuple[object, object]:
    """The record as it is made, and as the slow way makes it."""
    call = IncomingCall(report.call_id, to, read_caller_id(caller, "FR"), attestation)
    decision = decide(call, plan, now)
    given = Given.of(Say((Speech(f"{now:%S}", "fr"),)))
    made = incoming_fact("tenant", report, call, decision, given, now)
    slowly = incoming_payload(report, call, decision, given, now)
    return made.payload, orjson.loads(as_json(slowly))


@given(
    st.sampled_from([cast.UMA, OTHER, cast.VERA, cast.BORIS, cast.CLARA, cast.MARTIN, "anonymous", "", "sip:a@b"]),
    st.integers(0, 10**9),
    st.text(max_size=40),
    MOMENTS,
    st.sampled_from(Attestation),
    st.sampled_from([cast.LINE, cast.SECOND_LINE, "+15005550006"]),
)
def test_the_record_of_every_call_says_what_the_slow_way_says(
    caller: str, number: int, name: str, now: datetime, attestation: Attestation, to: str
) -> None:
    report = READER.read(list(parameters(number).items()))._replace(caller_name=name)
    made, slowly = records(report, caller, now, attestation, to=to)
    assert made == slowly


@pytest.mark.parametrize("now", [FRIDAY_MORNING, FRIDAY_NIGHT])
def test_two_strangers_have_records_of_their_own(now: datetime) -> None:
    reports = [READER.read(list(parameters(number).items())) for number in (1, 2)]
    of_uma, of_the_other = (
        records(report, caller, now, Attestation.FULL)[0]
        for report, caller in zip(reports, (cast.UMA, OTHER), strict=True)
    )
    assert cast.UMA in str(of_uma)
    assert cast.UMA not in str(of_the_other)
    assert reports[0].call_id not in str(of_the_other)


def test_a_call_from_the_booth_says_so_and_as_of_when() -> None:
    report = READER.read(list(parameters(1).items()))
    call = IncomingCall(report.call_id, cast.LINE, read_caller_id(cast.UMA, "FR"), Attestation.NONE)
    night = BoothTicket(int((FRIDAY_NIGHT - FRIDAY_MORNING).total_seconds()))
    made = incoming_fact(
        "tenant", report, call, decide(call, PLAN, FRIDAY_NIGHT), Given.of(HangUp()), FRIDAY_MORNING, night
    )
    assert made.payload["call"]["provider"] == "booth"
    assert made.payload["call"]["at"] == FRIDAY_MORNING.isoformat()
    assert made.payload["decision"]["as_of"] == FRIDAY_NIGHT.isoformat()
