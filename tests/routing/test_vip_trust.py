"""How far a VIP's number is believed, and who wins between the lists."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.attestation import Attestation
from filters.caller import CallerLists
from filters.clients import Client, ClientIndex, Standing
from filters.entries import EntryIndex, ListEntry
from filters.pattern import Pattern, PatternKind
from filters.vip import Doubt, VipPolicy
from filters.vip_pin import PinOutcome
from routing.actions import Connect, FakeQueue, Menu, Message, Phrase, PinAsked, Queue, QueuePriority
from routing.findings import Found, Question
from routing.plan import Treatments
from routing.reasons import ReasonCode
from tests import cast
from tests.routing.a_plan import CHRISTMAS_NIGHT, FRIDAY_MORNING, LINE, MARTIN, a_plan, asked, entry, found

A, B, C, FAILED, NONE = (
    Attestation.FULL, Attestation.PARTIAL, Attestation.GATEWAY, Attestation.FAILED, Attestation.NONE,
)  # fmt: skip
BELIEVED = {
    VipPolicy.NUMBER_ONLY: {A, B, C, FAILED, NONE},
    VipPolicy.UNLESS_DOUBTFUL: {A, B, NONE},
    VipPolicy.ATTESTED: {A},
}
DOUBTS = {
    FAILED: Doubt.FAILED_VALIDATION,
    C: Doubt.GATEWAY_ONLY,
    B: Doubt.NOT_FULLY_ATTESTED,
    NONE: Doubt.NOT_FULLY_ATTESTED,
}


@pytest.mark.parametrize("policy", VipPolicy)
@pytest.mark.parametrize("attestation", Attestation)
def test_a_vip_is_believed_as_far_as_the_policy_goes(attestation: Attestation, policy: VipPolicy) -> None:
    plan = a_plan(treatments=Treatments(vip_policy=policy))
    for at in (FRIDAY_MORNING, CHRISTMAS_NIGHT):
        decision = asked(cast.VERA, plan, at, attestation=attestation)
        if attestation in BELIEVED[policy]:
            assert decision.action == Connect((MARTIN.leg,), "q-main")
            assert decision.reason.code is ReasonCode.VIP
            assert decision.reason.finding.doubt is None
        else:
            assert decision.action == Queue("q-main", QueuePriority.VIP_UNCONFIRMED)
            assert decision.reason.code is ReasonCode.VIP_UNCONFIRMED
            assert decision.reason.finding.found is Found.VIP_UNCONFIRMED
            assert decision.reason.finding.doubt is DOUBTS[attestation]


@pytest.mark.parametrize("attestation", Attestation)
@pytest.mark.parametrize("policy", VipPolicy)
def test_attestation_never_lifts_anybody(attestation: Attestation, policy: VipPolicy) -> None:
    plan = a_plan(treatments=Treatments(vip_policy=policy))
    assert asked(cast.UMA, plan, attestation=attestation).action == Queue("q-main")
    assert asked(cast.BORIS, plan, attestation=attestation).action == FakeQueue(1800)


def test_a_doubtful_vip_without_a_queue_is_received_like_everybody() -> None:
    decision = asked(cast.VERA, a_plan(queues={}), attestation=FAILED)
    assert decision.action == Message(Phrase.APOLOGY)
    assert decision.reason.code is ReasonCode.DEFAULT
    said = found(decision, Question.VIP)
    assert (said.found, said.doubt) == (Found.VIP_UNCONFIRMED_UNSERVED, Doubt.FAILED_VALIDATION)


WITH_PIN = a_plan(pins={f"e-{cast.VERA}": "sealed"})
VERAS: dict[str, Any] = {"attestation": FAILED, "pin_of": f"e-{cast.VERA}"}


def test_a_doubtful_vip_is_asked_for_the_entry_s_pin() -> None:
    asking = asked(cast.VERA, WITH_PIN, attestation=FAILED)
    pin = PinAsked(f"e-{cast.VERA}", Doubt.FAILED_VALIDATION)
    assert asking.action == Queue("q-main", QueuePriority.VIP_UNCONFIRMED, pin=pin)
    assert asking.reason.code is ReasonCode.VIP_UNCONFIRMED
    assert asked(cast.VERA, WITH_PIN).action == Connect((MARTIN.leg,), "q-main")
    nobody = replace(WITH_PIN, operators={"martin": MARTIN})
    assert asked(cast.VERA, nobody, attestation=FAILED).action == asking.action, "it may be Vera, and Martin is there"


def test_only_the_right_pin_of_this_very_entry_makes_a_vip() -> None:
    right = asked(cast.VERA, WITH_PIN, pin=PinOutcome.RIGHT, **VERAS)
    assert (right.action, right.reason.code) == (Connect((MARTIN.leg,), "q-main"), ReasonCode.VIP)
    assert [one.found for one in right.trace][-2:] == [Found.VIP_PIN_RIGHT, Found.VIP_RINGS]
    for pin, pin_of in ((PinOutcome.RIGHT, "e-other"), (PinOutcome.WRONG, VERAS["pin_of"]), (PinOutcome.NOT_KEYED, "")):
        decision = asked(cast.VERA, WITH_PIN, attestation=FAILED, pin=pin, pin_of=pin_of)
        assert decision.action == Queue("q-main", QueuePriority.VIP_UNCONFIRMED)
        assert decision.reason.code is ReasonCode.VIP_UNCONFIRMED
    locked = asked(cast.VERA, WITH_PIN, attestation=FAILED, locked_pins=frozenset(WITH_PIN.pins))
    assert locked.action == Queue("q-main", QueuePriority.VIP_UNCONFIRMED)


def test_a_doubt_that_was_there_stays_and_a_right_pin_lifts_nobody_else() -> None:
    doubt = Doubt.GATEWAY_ONLY
    assert asked(cast.VERA, WITH_PIN, doubt=doubt).reason.code is ReasonCode.VIP_UNCONFIRMED
    for caller in (cast.UMA, cast.BORIS):
        keyed = asked(caller, WITH_PIN, pin=PinOutcome.RIGHT, doubt=doubt, **VERAS)
        assert keyed.action == asked(caller, WITH_PIN).action


def test_an_unconfirmed_vip_never_meets_the_fake_queue_of_a_broader_entry() -> None:
    plan = a_plan(blacklist=[entry("+336", PatternKind.PREFIX)])
    assert asked(cast.VERA, plan, attestation=FAILED).action == Queue("q-main", QueuePriority.VIP_UNCONFIRMED)
    assert asked(
        cast.VERA, a_plan(queues={}, blacklist=[entry("+336", PatternKind.PREFIX)]), attestation=FAILED
    ).action != (FakeQueue(1800))


def test_vip_and_blacklist_on_one_number_is_a_vip_and_the_trace_says_so() -> None:
    decision = asked(cast.VERA, a_plan(blacklist=[entry(cast.VERA)]))
    assert decision.reason.code is ReasonCode.VIP
    assert found(decision, Question.VIP).tie
    assert not found(asked(cast.VERA), Question.VIP).tie


def test_a_narrower_blacklist_entry_inside_a_vip_range_decides() -> None:
    decision = asked(cast.BORIS, a_plan(vip=[entry("+336", PatternKind.PREFIX)]))
    assert decision.action == FakeQueue(1800)
    outranked = found(decision, Question.VIP)
    assert outranked.found is Found.OUTRANKED
    assert outranked.entry == decision.caller.vip
    assert decision.reason.finding.entry == decision.caller.blacklist


def test_a_vip_inside_a_blocked_range_is_a_vip() -> None:
    decision = asked(cast.VERA, a_plan(blacklist=[entry("+33639", PatternKind.PREFIX)]))
    assert decision.reason.code is ReasonCode.VIP
    assert not decision.reason.finding.tie


def test_a_vip_without_a_queue_or_people_beats_a_broader_blacklist_entry_still() -> None:
    plan = a_plan(queues={}, blacklist=[entry("+33639", PatternKind.PREFIX)])
    decision = asked(cast.VERA, plan, attestation=FAILED)
    assert found(decision, Question.BLACKLIST).found is Found.BLACKLISTED_BUT_VIP


# --- an oracle that shares no code with the index or the decision ---

NUMBERS = ["+33199001111", "+33199001112", "+33199002222", "+12025550123", "+14165550123", "+79123456789"]
COUNTRY = dict(zip(NUMBERS, ["FR", "FR", "FR", "US", "CA", "RU"], strict=True))


def narrowness(pattern: Pattern, number: str) -> float | None:
    """How narrowly ``pattern`` names ``number``; None when it does not."""
    match pattern.kind:
        case PatternKind.EXACT:
            return 1000 if pattern.number == number else None
        case PatternKind.PREFIX:
            return len(pattern.number) - 1 if number[: len(pattern.number)] == pattern.number else None
        case PatternKind.COUNTRY:
            return 0 if COUNTRY[number] == pattern.number else None
        case PatternKind.RANGE:
            first, last = int(pattern.number), int(pattern.to or "0")
            if not (first <= int(number) <= last and len(number) == len(pattern.number)):
                return None
            free = 0 if first == last else len(str(last - first))
            return len(pattern.number) - 1 - free


def oracle(number: str, line: str, vip: list[ListEntry], blacklist: list[ListEntry], client: Client | None) -> str:
    def best(entries: list[ListEntry]) -> float:
        counting = [
            narrowness(one.pattern, number)
            for one in entries
            if (not one.lines or line in one.lines) and (one.expires_at is None or one.expires_at > FRIDAY_MORNING)
        ]
        return max((found for found in counting if found is not None), default=-1)

    person = client if client and number in client.numbers - client.shared else None
    allowed = max(best(vip), 1000 if person and person.standing is Standing.VIP else -1)
    blocked = max(best(blacklist), 1000 if person and person.standing is Standing.BLACKLISTED else -1)
    if allowed < 0 and blocked < 0:
        return "ordinary"
    return "vip" if allowed >= blocked else "blacklisted"


numbers = st.sampled_from(NUMBERS)
patterns = st.one_of(
    st.builds(Pattern, st.just(PatternKind.EXACT), numbers),
    st.builds(lambda number, cut: Pattern(PatternKind.PREFIX, number[:cut]), numbers, st.integers(3, 12)),
    st.builds(
        lambda number, size: Pattern(PatternKind.RANGE, number, f"+{int(number) + size}"), numbers, st.integers(0, 2000)
    ),
    st.builds(Pattern, st.just(PatternKind.COUNTRY), st.sampled_from(["FR", "US", "CA", "RU", "KZ"])),
)
entries = st.lists(
    st.builds(
        ListEntry,
        id=st.uuids().map(str),
        pattern=patterns,
        expires_at=st.sampled_from([None, None, FRIDAY_MORNING, CHRISTMAS_NIGHT]),
        lines=st.sampled_from([frozenset(), frozenset(), frozenset({"main"}), frozenset({"second"})]),
        treatment=st.none(),
    ),
    max_size=4,
)
people = st.none() | st.builds(
    Client,
    st.just("c"),
    st.just("Clara"),
    st.frozensets(numbers),
    st.frozensets(numbers, max_size=2),
    standing=st.sampled_from(Standing),
)


@settings(max_examples=1500, deadline=None)
@given(numbers, st.sampled_from([cast.LINE, cast.SECOND_LINE]), entries, entries, people, st.sampled_from(Attestation))
def test_the_lists_decide_as_the_oracle_says(
    number: str,
    to: str,
    vip: list[ListEntry],
    blacklist: list[ListEntry],
    client: Client | None,
    attestation: Attestation,
) -> None:
    lists = CallerLists(EntryIndex.of(vip), EntryIndex.of(blacklist), ClientIndex.of([client] if client else []))
    plan = a_plan(lists=lists)
    action = asked(number, plan, to=to, attestation=attestation).action
    expected = oracle(number, "main" if to == cast.LINE else "second", vip, blacklist, client)
    if expected == "blacklisted":
        assert isinstance(action, FakeQueue)
        assert not isinstance(action, Connect | Queue | Menu)
    elif expected == "vip":
        believed = attestation in BELIEVED[VipPolicy.UNLESS_DOUBTFUL]
        wanted = Connect((MARTIN.leg,), "q-main") if believed else Queue("q-main", QueuePriority.VIP_UNCONFIRMED)
        assert action == wanted
    else:
        assert action == Queue(LINE.queue_id or "")
