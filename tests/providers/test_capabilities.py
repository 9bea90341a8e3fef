"""What a provider cannot do is replaced by the nearest thing that it can, and never by one nearer to a person."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.answers import (
    Answer,
    Ask,
    Callee,
    GoOn,
    HangUp,
    Hold,
    HoldBy,
    Nothing,
    Record,
    Reject,
    Ring,
    Say,
    Speech,
)
from app.providers.capabilities import Capabilities, Lack, degrade
from routing.actions import RejectReason
from routing.carriers import Rings
from routing.step import Step, StepKind
from tests import cast
from tests.answering.any_answer import answers, that_reach_nobody

EVERYTHING = Capabilities(early_media=True, unattended_queue=True)
DONE = Step(StepKind.OPERATOR_DONE, cast.LINE, 1, "q", 3)
ROUND = Hold(None, again=Step(StepKind.FAKE_QUEUE, cast.LINE, 1, count=1))
OLGA, OSCAR, SAM = Callee(cast.OLGA), Callee(cast.OSCAR), Callee("sip:sam@pbx.example.org")
MARTIN = Callee(cast.MARTIN, replace(DONE, kind=StepKind.CONFIRM))
ANY_CAPABILITIES = st.builds(
    Capabilities,
    **{one.name: st.booleans() for one in fields(Capabilities) if isinstance(one.default, bool)},
    rings=st.builds(
        Rings,
        **{one.name: st.booleans() for one in fields(Rings) if isinstance(one.default, bool)},
        at_once=st.integers(1, 10),
        seconds=st.sampled_from([(1, 600), (5, 120)]),
    ),
)


def ring(*callees: Callee, seconds: int = 20, in_turn: bool = False, then: Step | None = DONE) -> Ring:
    return Ring(callees, cast.UMA, seconds, then, in_turn)


@given(answers())
def test_a_provider_that_can_do_everything_does_as_it_is_told(answer: Answer) -> None:
    if isinstance(answer, Ring):
        answer = replace(answer, callees=answer.callees[:10], in_turn=answer.in_turn and len(answer.callees) > 1)
    if isinstance(answer, Hold) and answer.again is not None:
        answer = replace(answer, by=HoldBy.ROUNDS)
    assert degrade(answer, EVERYTHING) == answer


@given(answers(), ANY_CAPABILITIES)
def test_what_was_degraded_once_is_not_degraded_again(answer: Answer, can: Capabilities) -> None:
    assert degrade(degrade(answer, can), can) == degrade(answer, can)


@given(that_reach_nobody(), ANY_CAPABILITIES)
def test_who_was_to_reach_nobody_reaches_nobody(answer: Answer, can: Capabilities) -> None:
    assert isinstance(degrade(answer, can), (Hold, Record, Reject, Say, HangUp, Nothing))


@given(answers(), ANY_CAPABILITIES)
def test_nobody_is_rung_who_was_not_to_be_rung(answer: Answer, can: Capabilities) -> None:
    degraded = degrade(answer, can)
    if isinstance(degraded, Ring):
        assert isinstance(answer, Ring)
        assert set(degraded.callees) <= set(answer.callees)
    assert not isinstance(degraded, Ask) or isinstance(answer, Ask)


def test_a_browser_is_left_out_where_none_can_be_rung() -> None:
    can = Capabilities(rings=Rings(browser_phones=False))
    assert degrade(ring(OSCAR, OLGA), can) == ring(OLGA)
    assert degrade(ring(OSCAR), can) == GoOn(DONE), "as if nobody had answered"
    alone = replace(ring(OSCAR, then=None), after=(Speech("Désolés.", "fr"),))
    assert degrade(alone, can) == Say((Speech("Désolés.", "fr"),))
    assert degrade(replace(alone, after=()), can) == HangUp()


def test_the_first_alone_is_rung_where_they_cannot_be_rung_in_turn() -> None:
    """Rung at once, a voicemail that picks up first would end the ringing of all others."""
    can = Capabilities(rings=Rings(in_turn=False))
    assert degrade(ring(MARTIN, OLGA, in_turn=True), can) == ring(MARTIN)
    assert degrade(ring(MARTIN, OLGA), can) == ring(MARTIN, OLGA), "at once is at once"


def test_sip_telephones_are_rung_alone_where_they_have_to_be() -> None:
    can = Capabilities(rings=Rings(sip_among_others=False))
    assert degrade(ring(OLGA, SAM, MARTIN), can) == ring(OLGA, MARTIN)
    assert degrade(ring(SAM, OLGA), can) == ring(SAM)
    assert degrade(ring(SAM), can) == ring(SAM)


def test_how_long_and_how_many_are_rung_is_limited() -> None:
    can = Capabilities(rings=Rings(at_once=2, seconds=(5, 120)))
    assert degrade(ring(OLGA, MARTIN, SAM, seconds=3), can) == ring(OLGA, MARTIN, seconds=5)
    assert degrade(ring(OLGA, seconds=300), can) == ring(OLGA, seconds=120)


def test_a_caller_cannot_be_kept_ringing_everywhere() -> None:
    assert degrade(ring(OLGA), Capabilities(unanswered=False)) == replace(ring(OLGA), unanswered=False)


def test_who_is_to_ring_out_is_refused_at_once_where_that_is_not_possible() -> None:
    assert degrade(Reject(RejectReason.BUSY, 45), Capabilities(reject_after_ringing=False)) == Reject(RejectReason.BUSY)


def test_a_callee_is_not_thanked_where_a_whisper_may_only_ask() -> None:
    ask = Ask((Speech("Press 1", "en"),), 8, 1, DONE, Say((Speech("Gone", "en"),)))
    assert degrade(ask, Capabilities(speech_after_asking=False)) == replace(ask, silence=Say(()))


@pytest.mark.parametrize(
    ("can", "becomes"),
    [
        (Capabilities(), ROUND),
        (Capabilities(hold_rounds=False, early_media=True), replace(ROUND, by=HoldBy.EARLY_MEDIA)),
        (Capabilities(hold_rounds=False, unattended_queue=True), replace(ROUND, by=HoldBy.UNATTENDED)),
        (Capabilities(hold_rounds=False), Reject(RejectReason.BUSY)),
    ],
)
def test_the_fake_queue_becomes_less_and_less_but_never_more(can: Capabilities, becomes: Answer) -> None:
    assert degrade(ROUND, can) == becomes


def test_where_nothing_is_recorded_callers_hear_so() -> None:
    sorry = (Speech("No messages today.", "en"),)
    record = Record((Speech("Speak.", "en"),), 60, replace(DONE, kind=StepKind.RECORDED), sorry)
    assert degrade(record, Capabilities(records=False)) == Say(sorry)


def test_music_in_a_real_queue_stays() -> None:
    assert degrade(Hold(None, 1), Capabilities(hold_rounds=False)) == Hold(None, 1)


def test_every_lack_is_named() -> None:
    switches: dict[str, Any] = {one.name: False for one in fields(Capabilities) if isinstance(one.default, bool)}
    nobody: dict[str, Any] = {one.name: False for one in fields(Rings) if isinstance(one.default, bool)}
    nothing = Capabilities(rings=Rings(**nobody), **switches)
    assert set(nothing.lacks()) == set(Lack) - {Lack.BOOTH}, "which no capability decides"
    assert Capabilities().lacks() == []
