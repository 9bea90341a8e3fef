"""Strangers of a minute are decided by the first of them, and nobody else is."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.answering.strangers import Common, Strangers
from app.event_log.records import Ending
from filters.attestation import Attestation
from filters.caller_id import read_caller_id
from filters.clients import Client
from filters.pattern import PatternKind
from routing.call import IncomingCall
from routing.decision import decide
from tests import cast
from tests.routing.a_plan import FRIDAY_MORNING, FRIDAY_NIGHT, LINE, a_plan, entry

PLANS = [
    a_plan(),
    a_plan(blacklist=[entry(cast.UMA)], clients=[Client("c", "Clara", frozenset({cast.CLARA}), language="ru")]),
    a_plan(line=replace(LINE, menu_id="m-main"), vip=[entry("+336", PatternKind.PREFIX)]),
]
CALLERS = [cast.UMA, "+33639980005", cast.VERA, cast.BORIS, cast.CLARA, cast.MARTIN, cast.LINE, "anonymous", "112", ""]
CLOSING = datetime(2026, 7, 24, 15, 59, 30, tzinfo=FRIDAY_MORNING.tzinfo)  # the office closes half a minute later
calls = st.tuples(
    st.sampled_from(CALLERS),
    st.sampled_from([cast.LINE, cast.SECOND_LINE, "+15005550006"]),
    st.sampled_from(Attestation),
    st.integers(0, 4),
    st.sampled_from(PLANS),
    st.sampled_from([FRIDAY_MORNING, FRIDAY_NIGHT, CLOSING]),
    st.integers(-90, 90),
    st.sampled_from([1, 3, 4, 99]),
    st.sampled_from([frozenset(), frozenset({"olga"}), frozenset({"olga", "martin"})]),
)


@given(st.lists(calls, min_size=1, max_size=12))
def test_everybody_is_decided_as_if_nobody_had_called_before(
    placed: list[tuple[str, str, Attestation, int, object, datetime, int, int, frozenset[str]]],
) -> None:
    strangers = Strangers()
    for caller, to, attestation, hops, plan, at, seconds, at_once, not_rung in placed:
        who = read_caller_id(caller, "FR")
        call = IncomingCall("CA" + "0" * 32, to, who, attestation, hops, caller, at_once, not_rung=not_rung)
        now = at + timedelta(seconds=seconds)
        assert strangers.decide(call, plan, now) == decide(call, plan, now)  # type: ignore[arg-type]


def a_call(caller: str) -> IncomingCall:
    return IncomingCall("CA" + "0" * 32, cast.LINE, read_caller_id(caller, "FR"))


def test_a_stranger_shares_the_trace_of_the_first_and_keeps_an_own_number() -> None:
    strangers, plan = Strangers(), a_plan()
    first, second = (strangers.decide(a_call(number), plan, FRIDAY_MORNING) for number in CALLERS[:2])
    assert first.trace is second.trace
    assert (first.caller.caller_id.number, second.caller.caller_id.number) == (cast.UMA, "+33639980005")


def test_what_records_have_in_common_is_written_once_for_each_answer() -> None:
    strangers, plan, written = Strangers(), a_plan(), []

    def write() -> Common:
        written.append(Common(b"", Ending(b"{}")))
        return written[-1]

    decision = strangers.decide(a_call(cast.UMA), plan, FRIDAY_MORNING)
    assert strangers.common(decision, ("busy",), write) is strangers.common(decision, ("busy",), write) is written[0]
    assert strangers.common(decision, ("music",), write) is written[1]
    assert len(written) == 2


def test_who_was_decided_alone_has_nothing_in_common() -> None:
    strangers, plan = Strangers(), a_plan()
    strangers.decide(a_call(cast.UMA), plan, FRIDAY_MORNING)
    for caller in (cast.VERA, cast.BORIS, "anonymous"):
        decision = strangers.decide(a_call(caller), plan, FRIDAY_MORNING)
        assert strangers.common(decision, (), lambda: Common(b"", Ending(b"{}"))) is None
    assert (
        strangers.common(decide(a_call(cast.UMA), plan, FRIDAY_MORNING), (), lambda: Common(b"", Ending(b"{}"))) is None
    )


def test_what_is_remembered_of_strangers_never_answers_a_fourth_call_or_one_that_went_round() -> None:
    strangers, plan = Strangers(), a_plan()
    usual = strangers.decide(a_call(cast.UMA), plan, FRIDAY_MORNING)
    fourth = strangers.decide(a_call(cast.UMA)._replace(calls_at_once=4), plan, FRIDAY_MORNING)
    forwarded = strangers.decide(a_call(cast.UMA)._replace(not_rung=frozenset({"olga"})), plan, FRIDAY_MORNING)
    assert [one.reason.code.value for one in (usual, fourth, forwarded)] == ["queue", "too_many_calls", "nobody_serves"]
    assert strangers.decide(a_call(cast.UMA), plan, FRIDAY_MORNING) == usual
