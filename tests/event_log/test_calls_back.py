"""Places that are kept for callers, and operators who call somebody back: folded from facts, in any repetition."""

from datetime import timedelta

import pytest

from app.callbacks.derive_callbacks import derive_callbacks
from app.event_log.call_store import store
from app.event_log.calls_back import KEPT_FOR, MOST_VAIN_RINGS, CallsBack, Over
from app.event_log.records import CallFact, FactKind, Payload, callback_fact, fact
from tests.event_log.facts import TENANT, at, call_id, connected, ended, incoming

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


def test_whoever_asks_twice_keeps_the_place_they_had() -> None:
    again = fact(TENANT, "CA2", FactKind.CALLBACK_OPENED, at(200), ASKED | {"since": at(150).isoformat()})
    known = callback_fact(TENANT, "cb", "CA2", FactKind.CALLBACK_CHANGED, at(201), {}, "known again")
    calls_back = folded(*asked_for(), again, known)
    (kept,) = calls_back.places(TENANT, at(202))
    assert kept.place.since == at(0)
    calls_back.apply(told(210, {}, "d", kind=FactKind.CALLBACK_DONE))
    assert calls_back.places(TENANT, at(211)) == []


def test_of_two_who_are_rung_at_once_it_is_the_first_one_s() -> None:
    late = told(101, {"leg": "CA9", "of": "oscar"}, "leg of another")
    calls_back = folded(*asked_for(), rung(100), rung(100.5, "oscar"), late)
    one = calls_back.of_callback(TENANT, "cb")
    assert one is not None
    assert (one.operator_id, one.leg) == ("olga", "")


def test_the_late_end_of_an_earlier_ring_ends_no_other() -> None:
    first = [rung(100), told(100, {"leg": "CA1", "of": "olga"}, "leg 1")]
    second = [rung(150, "oscar"), told(150, {"leg": "CA2", "of": "oscar"}, "leg 2")]
    calls_back = folded(*asked_for(), *first, *second, told(151, {"over": "no-answer", "leg": "CA1"}, "over 1"))
    assert {*calls_back.calling(TENANT, at(152))} == {"oscar"}


def test_what_is_seen_to_while_it_rings_is_void() -> None:
    calls_back = folded(*asked_for(), rung(100), told(110, {}, "d", kind=FactKind.CALLBACK_DONE))
    one = calls_back.of_callback(TENANT, "cb")
    assert one is not None
    assert one.void


def test_ten_rings_in_vain_are_the_list_s() -> None:
    calls_back = folded(*asked_for())
    for turn in range(MOST_VAIN_RINGS):
        assert calls_back.places(TENANT, at(100 + 60 * turn))
        calls_back.apply(rung(100 + 60 * turn))
        calls_back.apply(told(130 + 60 * turn, {"over": "no-answer"}, "over", turn))
    assert calls_back.places(TENANT, at(1000)) == []


def test_a_talk_whose_end_nobody_told_of_is_over_by_the_next_morning() -> None:
    calls_back = folded(*asked_for(), rung(100), told(110, {"picked_up": "olga", "leg": "CA2"}, "picked up"))
    assert {*calls_back.calling(TENANT, at(3600))} == {"olga"}
    assert calls_back.calling(TENANT, at(5 * 3600)) == {}
    calls_back.forget_old(at(9 * 3600))
    assert calls_back.of_callback(TENANT, "cb") is None


def test_a_pick_up_without_a_ring_takes_the_operator() -> None:
    calls_back = folded(*asked_for(), told(110, {"picked_up": "olga", "leg": "CA2"}, "picked up"))
    assert ({*calls_back.calling(TENANT, at(111))}, calls_back.places(TENANT, at(111))) == ({"olga"}, [])


@pytest.mark.anyio
async def test_a_call_back_that_is_stored_before_its_call_is_one(database_url: str) -> None:
    database, call = await connected(database_url), call_id(1)
    came_in = incoming(call)
    number = came_in.payload["call"]["caller"]["number"]
    opened = fact(TENANT, call, FactKind.CALLBACK_OPENED, at(20), ASKED | {"number": number})
    await store(database, [opened], derive_callbacks)
    await store(database, [came_in, ended(call, 25)], derive_callbacks)
    rows = await database.fetch("SELECT reason, queue_id, call_id FROM callback")
    await database.close()
    assert [tuple(row) for row in rows] == [("queue", "q", call)]
