"""Places that are kept for callers, and operators who call somebody back: folded from facts, in any repetition."""

from datetime import timedelta

from app.event_log.calls_back import KEPT_FOR, CallsBack, Over
from app.event_log.records import CallFact, FactKind, Payload, callback_fact, fact
from tests.event_log.facts import TENANT, at

ASKED = {
    "queue_id": "q", "priority": 0, "since": at(0).isoformat(), "number": "+33639980001", "line": "+33", "language": "fr",
}  # fmt: skip


def asked_for() -> list[CallFact]:
    opened = fact(TENANT, "CA1", FactKind.CALLBACK_OPENED, at(60), ASKED)
    return [opened, told(61, {}, "known")]


def told(seconds: float, payload: Payload, *identity: object, kind: FactKind = FactKind.CALLBACK_CHANGED) -> CallFact:
    return callback_fact(TENANT, "cb", "CA1", kind, at(seconds), payload, *identity)


def rung(seconds: float, operator_id: str = "olga") -> CallFact:
    return told(seconds, {"rings": operator_id, "seconds": 40}, seconds)


def folded(*facts: CallFact) -> CallsBack:
    """Each fact is heard of twice."""
    calls_back = CallsBack()
    for one in facts:
        calls_back.apply(one)
        calls_back.apply(one)
    return calls_back


def test_a_place_is_that_of_the_call_and_is_kept_for_four_hours() -> None:
    calls_back = folded(*asked_for())
    (kept,) = calls_back.places(TENANT, at(120))
    assert (kept.place.since, kept.place.queue_id, kept.callback_id) == (at(0), "q", "cb")
    assert calls_back.places(TENANT, at(60) + KEPT_FOR) == []
    calls_back.forget_old(at(60) + KEPT_FOR)
    assert calls_back.tenants() == []


def test_whoever_is_rung_for_it_is_taken_until_it_is_over() -> None:
    calls_back = folded(*asked_for(), rung(100))
    assert {*calls_back.calling(TENANT, at(110))} == {"olga"}
    assert calls_back.places(TENANT, at(110)) == []
    calls_back.apply(told(120, {"picked_up": True, "leg": "CA2"}, "picked up"))
    assert {*calls_back.calling(TENANT, at(4000))} == {"olga"}, "a talk has no end but its own"
    assert calls_back.of_leg(TENANT, "CA2") is not None
    over = told(4000, {"over": "done"}, "over")
    assert calls_back.apply(over) == Over("olga", "q")
    assert calls_back.apply(over) is None
    assert (calls_back.calling(TENANT, at(4001)), calls_back.places(TENANT, at(4001))) == ({}, [])


def test_whoever_does_not_pick_up_is_passed_over_and_the_place_stays() -> None:
    let_it_ring = folded(*asked_for(), rung(100), told(130, {"over": "no-answer"}, "over"))
    declined = folded(*asked_for(), rung(100), told(105, {"over": "busy"}, "over"))
    unheard_of = folded(*asked_for(), rung(100))
    (one,), (two,), (three,) = (calls.places(TENANT, at(150)) for calls in (let_it_ring, declined, unheard_of))
    assert (one.missed, one.declined) == ({"olga": at(130)}, {})
    assert (two.missed, two.declined) == ({}, {"olga": at(105)})
    assert three.missed == {"olga": at(140)}, "its time is over, whatever was heard of it"


def test_a_ring_that_the_provider_refused_is_nobody_s_fault() -> None:
    (kept,) = folded(*asked_for(), rung(100), told(101, {"over": ""}, "over")).places(TENANT, at(102))
    assert (kept.missed, kept.declined) == ({}, {})


def test_what_was_dealt_with_has_no_place() -> None:
    for one in (told(90, {"taken": True}, "t"), told(90, {}, "d", kind=FactKind.CALLBACK_DONE)):
        assert folded(*asked_for(), one).places(TENANT, at(91)) == []
    assert folded(*asked_for()).places("another company", at(91)) == []


def test_a_call_back_by_hand_takes_the_operator_as_well() -> None:
    calls_back = folded(rung(0), told(1, {"leg": "CA9"}, "leg"))
    assert {*calls_back.calling(TENANT, at(39))} == {"olga"}
    assert calls_back.calling(TENANT, at(0) + timedelta(seconds=41)) == {}
