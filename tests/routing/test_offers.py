"""Who is rung for whom: examples first, then what holds for every company, whoever waits and whatever rings."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from routing.actions import QueuePriority
from routing.call_queue import RingStrategy, WaitingCall, in_order
from routing.offers import (
    IN_VAIN_AFTER,
    MOST_RINGS,
    PAUSE_AFTER_DECLINING,
    PAUSE_AFTER_MISSING,
    Asking,
    Desk,
    Offers,
    Ring,
    decide_offers,
)

NOW = datetime(2026, 7, 24, 8, tzinfo=UTC)
VIP = QueuePriority.VIP


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def asks(call_id: str, waited: float = 10, priority: int = 0, queue: str = "q", **more: object) -> Asking:
    return Asking(WaitingCall(call_id, queue, priority, ago(waited)), **more)  # type: ignore[arg-type]


def desk(name: str, idle: float = 100, *, queues: Iterable[str] = ("q",), free: bool = True, position: int = 0) -> Desk:
    return Desk(name, frozenset(queues), ago(idle), free, position)


def ring(call_id: str, name: str, rung: float = 5, seconds: float = 50) -> Ring:
    return Ring(call_id, name, ago(rung), ago(rung) + timedelta(seconds=seconds))


def decided(
    asking: Iterable[Asking], desks: Iterable[Desk], rings: Iterable[Ring] = (), how: RingStrategy = RingStrategy.ALL,
    *, reachable: bool = True,
) -> Offers:  # fmt: skip
    return decide_offers(list(asking), list(desks), list(rings), {"q": how, "p": how}, NOW, reachable=reachable)


def made(offers: Offers) -> dict[str, str]:
    return {call_id: " ".join(names) for call_id, names in offers.make.items()}


def test_one_caller_has_everybody_rung() -> None:
    assert made(decided([asks("uma")], [desk("olga"), desk("oscar")])) == {"uma": "olga oscar"}


def test_the_longest_idle_or_the_first_in_order_is_rung_alone_where_the_queue_says_so() -> None:
    desks = [desk("olga", 10, position=1), desk("oscar", 90, position=2)]
    assert made(decided([asks("uma")], desks, how=RingStrategy.LONGEST_IDLE)) == {"uma": "oscar"}
    assert made(decided([asks("uma")], desks, how=RingStrategy.IN_ORDER)) == {"uma": "olga"}


def test_two_callers_share_the_operators_and_the_first_gets_the_rest() -> None:
    desks = [desk(name) for name in ("nina", "olga", "oscar")]
    assert made(decided([asks("uma", 20), asks("clara", 10)], desks)) == {"uma": "nina oscar", "clara": "olga"}


def test_a_vip_has_everybody_rung_and_leaves_nobody_to_those_behind() -> None:
    desks = [desk("olga"), desk("oscar")]
    assert made(decided([asks("uma", 500), asks("vera", 1, VIP)], desks)) == {"vera": "olga oscar"}


def test_a_vip_gets_the_first_operator_who_becomes_free_while_others_ring_in_vain() -> None:
    waiting = [asks(f"u{number}", 100 - number) for number in range(5)]
    rings = [ring("vera", "oscar", 15), ring("vera", "nina", 15)]
    desks = [desk("oscar"), desk("nina"), desk("olga", 0.5)]
    assert made(decided([*waiting, asks("vera", 20, VIP)], desks, rings)) == {"vera": "olga"}


def test_the_first_caller_gets_whoever_becomes_free_while_another_telephone_rings() -> None:
    callers = [asks("uma", 60), asks("clara", 30)]
    desks = [desk("oscar"), desk("olga", 1)]
    assert made(decided(callers, desks, [ring("uma", "oscar", 5)], RingStrategy.LONGEST_IDLE)) == {"uma": "olga"}


def test_who_was_free_before_goes_to_the_next_caller() -> None:
    callers = [asks("uma", 60), asks("clara", 3)]
    desks = [desk("oscar"), desk("olga")]
    offers = decided(callers, desks, [ring("uma", "oscar", 5)], RingStrategy.LONGEST_IDLE)
    assert made(offers) == {"clara": "olga"}
    assert made(decided(callers[:1], desks, [ring("uma", "oscar", 5)], RingStrategy.LONGEST_IDLE)) == {}


def test_a_vip_for_whom_nobody_is_rung_takes_an_operator_from_an_ordinary_caller() -> None:
    offers = decided([asks("uma", 60), asks("vera", 0, VIP)], [desk("olga")], [ring("uma", "olga", 1)])
    assert made(offers) == {"vera": "olga"}
    assert [one.call_id for one in offers.withdraw] == ["uma"]


def test_no_vip_takes_an_operator_from_another_vip() -> None:
    offers = decided([asks("vera", 60, VIP), asks("victor", 0, VIP)], [desk("olga")], [ring("vera", "olga", 1)])
    assert (made(offers), offers.withdraw) == ({}, ())


def test_a_group_that_rings_in_vain_gives_one_to_the_next_caller() -> None:
    desks = [desk("olga"), desk("oscar")]
    callers = [asks("uma", 60), asks("clara", 1)]
    for seconds in (1, IN_VAIN_AFTER.total_seconds()):
        offers = decided(callers, desks, [ring("uma", "olga", seconds), ring("uma", "oscar", seconds)])
        assert made(offers) == ({"clara": "olga"} if seconds > 1 else {})
        assert len(offers.withdraw) == (seconds > 1)


def test_a_decline_moves_on_and_is_remembered() -> None:
    desks = [desk("olga"), desk("oscar")]
    caller = asks("uma", declined={"olga": ago(1)})
    assert made(decided([caller], desks)) == {"uma": "oscar"}
    assert made(decided([caller, asks("clara", 1)], desks)) == {"uma": "oscar", "clara": "olga"}
    later = asks("uma", declined={"olga": ago(PAUSE_AFTER_DECLINING.total_seconds())})
    assert made(decided([later], desks)) == {"uma": "olga oscar"}


def test_a_missed_ring_moves_on_and_comes_last() -> None:
    desks = [desk("olga", 500), desk("oscar")]
    caller = asks("uma", missed={"olga": ago(1)})
    assert made(decided([caller], desks[:1])) == {}
    rested = asks("uma", missed={"olga": ago(PAUSE_AFTER_MISSING.total_seconds())})
    assert made(decided([rested], desks[:1])) == {"uma": "olga"}
    assert made(decided([rested], desks, how=RingStrategy.LONGEST_IDLE)) == {"uma": "oscar"}


def test_whoever_has_after_call_work_is_not_rung_before_it_is_done() -> None:
    assert made(decided([asks("uma")], [desk("olga", -1)])) == {}
    assert made(decided([asks("uma")], [desk("olga", 0)])) == {"uma": "olga"}


def test_a_ring_without_a_reason_is_withdrawn() -> None:
    gone = decided([], [desk("olga")], [ring("uma", "olga")])
    assert [one.operator_id for one in gone.withdraw] == ["olga"]
    away = decided([asks("uma")], [desk("olga", free=False)], [ring("uma", "olga")])
    assert [one.operator_id for one in away.withdraw] == ["olga"]
    twice = decided([asks("uma", 20), asks("clara", 10)], [desk("olga")], [ring("uma", "olga"), ring("clara", "olga")])
    assert [one.call_id for one in twice.withdraw] == ["clara"]


def test_a_call_that_cannot_be_reached_keeps_its_rings_and_gets_no_more() -> None:
    callers = [asks("uma", 60), asks("vera", 0, VIP)]
    offers = decided(callers, [desk("olga"), desk("oscar", 1)], [ring("uma", "olga", 8)], reachable=False)
    assert (made(offers), offers.withdraw) == ({"vera": "oscar"}, ())
    assert decided(callers, [desk("olga")], [ring("uma", "olga", 8)], reachable=False) == Offers()


OPERATORS = [f"o{number}" for number in range(7)]
CALLS = [f"c{number}" for number in range(7)]
QUEUES = ("q", "p", "r")
SECONDS = st.integers(0, 150)
PAST = st.dictionaries(st.sampled_from(OPERATORS), SECONDS.map(ago), max_size=4)
ASKING = st.lists(
    st.builds(
        Asking,
        st.builds(
            WaitingCall,
            st.sampled_from(CALLS),
            st.sampled_from(QUEUES),
            st.sampled_from([0, 0, 0, 10, 100, 500, 900, 1000]),
            SECONDS.map(ago),
        ),
        PAST,
        PAST,
        st.frozensets(st.sampled_from(OPERATORS), max_size=2),
        st.sampled_from(["", *OPERATORS]),
    ),
    max_size=7,
    unique_by=lambda one: one.call.call_id,
)
DESKS = st.lists(
    st.builds(
        Desk,
        st.sampled_from(OPERATORS),
        st.frozensets(st.sampled_from(QUEUES)),
        st.integers(-20, 150).map(ago),
        st.booleans() | st.just(True),
        st.integers(0, 2),
    ),
    max_size=7,
    unique_by=lambda one: one.operator_id,
)
RINGS = st.lists(
    st.builds(
        lambda call, name, rung, left: Ring(call, name, ago(rung), NOW + timedelta(seconds=left)),
        st.sampled_from([*CALLS, "gone"]),
        st.sampled_from(OPERATORS),
        st.integers(0, 40),
        st.integers(-5, 40),
    ),
    max_size=6,
    unique_by=lambda one: one.operator_id,
)
STRATEGIES = st.fixed_dictionaries({queue: st.sampled_from(RingStrategy) for queue in QUEUES})


def after(asking: list[Asking], rings: list[Ring], offers: Offers) -> list[Ring]:
    """The rings when what was decided has been done."""
    begun = [Ring(call, name, NOW, NOW + timedelta(seconds=50)) for call, made in offers.make.items() for name in made]
    return [one for one in rings if one not in offers.withdraw] + begun


def suits(one: Desk, caller: Asking) -> bool:
    """Whether the telephone of an operator may ring for a caller at all."""
    declined, missed = caller.declined.get(one.operator_id), caller.missed.get(one.operator_id)
    return (
        one.can_be_rung(NOW)
        and caller.call.queue_id in one.queue_ids
        and one.operator_id not in caller.not_rung
        and (declined is None or NOW - declined >= PAUSE_AFTER_DECLINING)
        and (missed is None or NOW - missed >= PAUSE_AFTER_MISSING)
    )


def left_to_first(caller: Asking, rings: list[Ring], now: datetime) -> bool:
    """Whether the caller's own operator is rung for them alone."""
    if caller.call.priority >= QueuePriority.VIP_UNCONFIRMED or caller.first in {*caller.missed, *caller.declined}:
        return False
    mine = {one.operator_id for one in rings if one.call_id == caller.call.call_id and one.until > now}
    return mine == {caller.first}


@given(ASKING, DESKS, RINGS, STRATEGIES, st.booleans())
def test_the_callers_own_operator_is_rung_alone_and_nobody_waits_for_who_cannot_be(
    asking: list[Asking], desks: list[Desk], rings: list[Ring], how: Mapping[str, RingStrategy], reachable: bool
) -> None:
    offers = decide_offers(asking, desks, rings, how, NOW, reachable=reachable)
    standing = [one for one in rings if one.until > NOW and one not in offers.withdraw]
    by_id, order = {one.operator_id: one for one in desks}, in_order((one.call for one in asking), NOW)
    by_call, given_before = {one.call.call_id: one for one in asking}, set[str]()
    for call in order:
        mine, names = by_call[call.call_id], offers.make.get(call.call_id, ())
        if left_to_first(mine, standing, NOW):
            assert not names, "while they ring, nobody is added"
        is_new = call.call_id not in {one.call_id for one in standing}
        asks_for_one = bool(mine.first) and mine.first not in {*mine.missed, *mine.declined}
        if is_new and asks_for_one and call.priority < QueuePriority.VIP_UNCONFIRMED and mine.first in names:
            assert names == (mine.first,)
        elif is_new and asks_for_one and names and call.priority < QueuePriority.VIP_UNCONFIRMED:
            busy = {one.operator_id for one in (*standing, *offers.withdraw)} | given_before
            own = by_id.get(mine.first)
            assert own is None or not suits(own, mine) or mine.first in busy
        given_before |= set(names)
    without = [replace(one, first="") for one in asking]
    if any(offers.make.values()) or standing:
        served = {one.call_id for one in after(asking, rings, offers) if one.until > NOW}
        plain = decide_offers(without, desks, rings, how, NOW, reachable=reachable)
        assert bool(served) == bool({one.call_id for one in after(asking, rings, plain) if one.until > NOW})


def test_the_own_operator_is_rung_before_the_others() -> None:
    desks = [desk("nina"), desk("olga"), desk("oscar")]
    clara = asks("clara", first="olga")
    assert made(decided([clara], desks)) == {"clara": "olga"}
    rung = [ring("clara", "olga")]
    assert made(decided([clara], [*desks, desk("new", 1)], rung)) == {}, "for one ring they are rung alone"
    assert made(decided([replace(clara, missed={"olga": ago(1)})], desks)) == {"clara": "nina oscar"}
    assert made(decided([replace(clara, declined={"olga": ago(1)})], desks)) == {"clara": "nina oscar"}
    away = [desk("nina"), desk("olga", free=False), desk("oscar")]
    assert made(decided([clara], away)) == {"clara": "nina oscar"}, "nobody waits for who cannot be rung"
    elsewhere = [desk("nina"), desk("olga", queues=["p"])]
    assert made(decided([clara], elsewhere)) == {"clara": "nina"}
    assert made(decided([asks("uma", 50), clara], desks)) == {"uma": "nina oscar", "clara": "olga"}
    vera = asks("vera", 1, VIP, first="olga")
    assert made(decided([vera], desks)) == {"vera": "nina olga oscar"}


@given(ASKING, DESKS, RINGS, STRATEGIES, st.booleans())
def test_an_operator_rings_for_one_caller_whom_they_may_be_rung_for(
    asking: list[Asking], desks: list[Desk], rings: list[Ring], how: Mapping[str, RingStrategy], reachable: bool
) -> None:
    offers = decide_offers(asking, desks, rings, how, NOW, reachable=reachable)
    now_ringing = [one for one in after(asking, rings, offers) if one.until > NOW]
    assert max(Counter(one.operator_id for one in now_ringing).values(), default=0) <= 1
    by_id, by_call = {one.operator_id: one for one in desks}, {one.call.call_id: one for one in asking}
    for call_id, names in offers.make.items():
        assert all(suits(by_id[name], by_call[call_id]) for name in names)
        assert len(names) <= MOST_RINGS
    assert set(offers.withdraw) <= set(rings)
    if reachable:
        assert all(one.call_id in by_call and by_id[one.operator_id].can_be_rung(NOW) for one in now_ringing)
    else:
        assert offers.withdraw == ()
        assert not {one.call_id for one in rings if one.until > NOW} & set(offers.make)


@given(ASKING, DESKS, RINGS, STRATEGIES, st.booleans())
def test_nobody_is_passed_over(
    asking: list[Asking], desks: list[Desk], rings: list[Ring], how: Mapping[str, RingStrategy], reachable: bool
) -> None:
    """While somebody has nobody rung for them, nobody behind them is given an operator who could be, and none is left."""
    offers = decide_offers(asking, desks, rings, how, NOW, reachable=reachable)
    ringing = [one for one in after(asking, rings, offers) if one.until > NOW]
    served, taken = {one.call_id for one in ringing}, {one.operator_id for one in ringing}
    by_id, by_call = {one.operator_id: one for one in desks}, {one.call.call_id: one for one in asking}
    order = [call.call_id for call in in_order((one.call for one in asking), NOW)]
    for place, call_id in enumerate(order):
        if call_id not in served:
            mine = by_call[call_id]
            assert not [one for one in desks if suits(one, mine) and one.operator_id not in taken]
            given_behind = [name for behind in order[place + 1 :] for name in offers.make.get(behind, ())]
            assert not [name for name in given_behind if suits(by_id[name], mine)]
            if reachable and mine.call.priority >= QueuePriority.VIP_UNCONFIRMED:
                ordinary = {one for one in order if by_call[one].call.priority < QueuePriority.VIP_UNCONFIRMED}
                rung_for_ordinary = [one.operator_id for one in ringing if one.call_id in ordinary]
                assert not [name for name in rung_for_ordinary if suits(by_id[name], mine)]


@given(ASKING, DESKS, RINGS, STRATEGIES)
def test_what_has_been_decided_stands(
    asking: list[Asking], desks: list[Desk], rings: list[Ring], how: Mapping[str, RingStrategy]
) -> None:
    """Asked again at once, nothing more is to be done: telephones do not begin to ring and stop again."""
    offers = decide_offers(asking, desks, rings, how, NOW, reachable=True)
    again = decide_offers(asking, desks, after(asking, rings, offers), how, NOW, reachable=True)
    assert again == Offers()


@given(ASKING, DESKS, RINGS, STRATEGIES, st.booleans())
def test_who_becomes_free_goes_to_the_first_caller_whom_they_suit(
    asking: list[Asking], desks: list[Desk], rings: list[Ring], how: Mapping[str, RingStrategy], reachable: bool
) -> None:
    """Everybody else may be ringing in vain."""
    assume(desks)
    settled = after(asking, rings, decide_offers(asking, desks, rings, how, NOW, reachable=reachable))
    newcomer = Desk("new", frozenset(QUEUES), NOW + timedelta(seconds=1))
    later = NOW + timedelta(seconds=1)
    by_call = {one.call.call_id: one for one in asking}
    offers = decide_offers(asking, [*desks, newcomer], settled, how, later, reachable=reachable)
    given_to = [call_id for call_id, names in offers.make.items() if "new" in names]
    order = [call.call_id for call in in_order((one.call for one in asking), later)]
    rung = {one.call_id for one in settled if one.until > later}
    counts = Counter(one.call_id for one in settled)
    able = [
        one
        for one in order
        if (reachable or one not in rung)
        and counts[one] < MOST_RINGS
        and not left_to_first(by_call[one], settled, later)
    ]
    others = {name for names in offers.make.values() for name in names} - {"new"}
    assume(not others)  # else a caller may have got somebody else instead, whose pause is over just now
    assert given_to == able[:1]
    assert not given_to or given_to[0] in by_call


@given(ASKING, DESKS, STRATEGIES, st.data())
def test_everybody_is_served_in_the_end_however_many_decline(
    asking: list[Asking], desks: list[Desk], how: Mapping[str, RingStrategy], data: st.DataObject
) -> None:
    """Operators who let it ring, decline or take the call, in any mixture that takes a call now and then."""
    waiting = {one.call.call_id: replace(one, declined={}, missed={}) for one in asking}
    able = {one.operator_id: replace(one, is_free=True) for one in desks}
    servable = {
        call_id
        for call_id, one in waiting.items()
        if any(one.call.queue_id in d.queue_ids and d.operator_id not in one.not_rung for d in able.values())
    }
    now, rings = NOW + timedelta(seconds=20), list[Ring]()
    for round_ in range(100):
        offers = decide_offers(list(waiting.values()), able.values(), rings, how, now, reachable=True)
        rings = [one for one in rings if one not in offers.withdraw]
        rings += [
            Ring(call, name, now, now + timedelta(seconds=20)) for call, names in offers.make.items() for name in names
        ]
        takes = round_ % 4 == 3 or data.draw(st.booleans())
        for one in list(rings):
            if one.call_id not in waiting or (not takes and now - one.since < timedelta(seconds=15)):
                continue
            rings.remove(one)
            caller = waiting[one.call_id]
            if takes:
                del waiting[one.call_id]
                able[one.operator_id] = replace(able[one.operator_id], idle_since=now + timedelta(seconds=30))
            else:
                waiting[one.call_id] = replace(caller, missed={**caller.missed, one.operator_id: now})
        now += timedelta(seconds=5)
        if not servable & set(waiting):
            return
    raise AssertionError(f"never served: {servable & set(waiting)}")
