"""A decision is stored as codes and values, read back the same, and read too as release 0.1 stored it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.base.language import speak
from app.event_log.decision_of_0_1 import decision_of_0_1
from app.event_log.read_decision import read_decision
from app.event_log.stored_decision import OldWords, as_stored
from app.words.action_words import action_words
from app.words.told_decision import tell_decision, tell_reason
from filters.caller_id import CallerKind
from filters.list_entry import Idle
from filters.pattern import Pattern, PatternKind
from routing.actions import Connect, Leg
from tests import cast
from tests.routing.a_plan import FRIDAY_NIGHT, MARTIN, asked
from tests.words.every_decision import decisions

OLD = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "decisions_of_0_1.jsonl").read_text("utf-8").splitlines()
]


def written(decision: Any) -> dict[str, Any]:
    """The decision as the database gives it back."""
    stored: dict[str, Any] = json.loads(msgspec.json.encode(decision))
    return stored


def test_every_decision_is_read_as_it_was_stored() -> None:
    for decision in decisions():
        stored = as_stored(decision)
        read = read_decision(written(stored))
        assert read == stored
        assert read.action == decision.action
        assert [one.found for one in read.findings if not isinstance(one, OldWords)] == [
            one.found for one in decision.trace
        ]
        assert tell_decision(read) == tell_decision(stored)


def test_a_stranger_s_decision_takes_a_third_of_what_it_took() -> None:
    """Release 0.1 wrote 1,556 bytes for this one."""
    assert len(msgspec.json.encode(as_stored(asked(cast.UMA)))) < 1556 / 3


def test_no_sentence_is_stored() -> None:
    for decision in decisions():
        names = {"Vera", "Boris", "Accueil", "Ligne, principale", "Gold", "Martin", "Olga"}
        for text in _texts(written(as_stored(decision))["trace"]) - names:
            assert " " not in text or text in {"Room 1", "Hotel, 4th floor"}, text


def _texts(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(_texts, value.values()))
    if isinstance(value, list):
        return set().union(*map(_texts, value))
    return {value} if isinstance(value, str) else set()


def test_when_a_closed_line_opens_is_stored_by_the_clock_of_its_place() -> None:
    stored = written(as_stored(asked(cast.UMA, at=FRIDAY_NIGHT)))
    assert stored["trace"][-1] == {
        "found": "closed",
        "opening": {"kind": "outside_hours", "weekday": 4, "minute": 1380, "opens_at": "2026-07-27T09:00:00+02:00"},
    }


def test_an_action_is_stored_with_what_is_not_as_usual() -> None:
    stored = written(as_stored(asked(cast.VERA)))
    assert (stored["action"], stored["detail"]) == (
        "connect",
        {
            "queue_id": "q-main",
            "legs": [
                {
                    "operator_id": "martin",
                    "name": "Martin",
                    "address": cast.MARTIN,
                    "ring_seconds": 15,
                    "confirm": True,
                }
            ],
        },
    )


@pytest.mark.parametrize("stored", OLD)
def test_a_decision_of_0_1_is_told_in_the_words_that_it_stored(stored: dict[str, Any]) -> None:
    speak("en")
    told = tell_decision(read_decision(stored))
    assert (told.action, told.reason.code, told.reason.text) == (
        stored["action"], stored["reason"]["code"], stored["reason"]["text"],
    )  # fmt: skip
    added_since = {"spoken_in"} & (told.detail.keys() - stored["detail"].keys())
    assert told.detail == stored["detail"] | dict.fromkeys(added_since, "")
    assert (told.revision, told.language) == (stored["revision"], stored["language"])
    assert [(step.question, step.found, step.text, step.decided) for step in told.trace] == [
        (step["question"], "old_words", step["found"], step["decided"]) for step in stored["trace"]
    ]
    assert [step.matched for step in told.trace] == [step["matched"] for step in stored["trace"]]
    assert [(one.entry, one.label, one.specificity, one.counts, one.deciding) for one in told.matches] == [
        (one["entry"], one["label"], one["specificity"], one["counts"], one["deciding"]) for one in stored["matches"]
    ]
    assert told.caller.number == stored["caller"]["number"]
    assert told.line is None or told.line.label == stored["line"]["label"]
    assert action_words(read_decision(stored), None)


def test_what_an_entry_named_in_0_1_is_read_back_into_a_pattern() -> None:
    patterns = {match["names"]: read_decision(one).matches for one in OLD for match in one["matches"]}
    assert {kind for matches in patterns.values() for one in matches for kind in [one.kind]} == set(PatternKind)
    read = {names: one.pattern for names, matches in patterns.items() for one in matches}
    assert Pattern(PatternKind.COUNTRY, "DE") in read.values() or Pattern(PatternKind.COUNTRY, "BE") in read.values()
    assert {one.idle for matches in patterns.values() for one in matches} == {
        None,
        Idle.EXPIRED,
        Idle.OTHER_LINES,
        Idle.SHARED_NUMBER,
    }
    assert any(one.of_client and not one.reason for matches in patterns.values() for one in matches)


def test_a_decision_of_0_1_keeps_its_action_its_caller_and_its_moment() -> None:
    vip = next(one for one in OLD if one["action"] == "connect")
    action = read_decision(vip).action
    assert isinstance(action, Connect)
    assert all(isinstance(leg, Leg) for leg in action.legs)
    assert MARTIN.leg in action.legs or action.legs
    as_of = next(one for one in OLD if "as_of" in one)
    assert decision_of_0_1(as_of).as_of == datetime(2026, 7, 24, 21, tzinfo=UTC)
    addresses = {read_decision(one).caller.kind: read_decision(one).caller.address for one in OLD}
    assert addresses[CallerKind.SHORT_CODE] in ("112", "3949")


@pytest.mark.parametrize("stored", OLD)
def test_a_decision_of_0_1_can_be_told_in_every_language(stored: dict[str, Any]) -> None:
    try:
        for language in ("fr", "es", "ru"):
            speak(language)
            assert tell_reason(read_decision(stored)) == stored["reason"]["text"]
            assert tell_decision(read_decision(stored)).trace[0].title != "Whose line is this?"
    finally:
        speak("en")


@pytest.mark.parametrize(
    "later",
    [
        {"reason": {"code": "read_their_mind"}},
        {"trace": ["a_finding_of_2030"]},
        {"action": "teleport"},
        {"detail": {}},
        {"version": 3, "caller": 7},
        {"version": 3, "trace": None},
    ],
)
def test_what_a_later_release_decided_is_shown_as_such(later: dict[str, Any]) -> None:
    """While one worker is updated and the next is not yet, the older one shows the newer one's calls too."""
    decision = read_decision(written(as_stored(asked(cast.VERA))) | later)
    assert action_words(decision, None) == "Decided by another version of Antichambre"
    told = tell_decision(decision)
    assert told.reason.text.startswith("This version of Antichambre cannot read the stored decision")
    assert (told.trace, told.matches, told.detail) == ([], [], {})


@pytest.mark.parametrize("nonsense", [{}, {"version": 2}, {"caller": None}, {"trace": [], "reason": 1}])
def test_a_decision_that_nobody_can_read_is_no_error(nonsense: dict[str, Any]) -> None:
    assert read_decision(nonsense).action is None


def test_what_a_later_release_adds_does_not_hide_the_rest() -> None:
    stored = written(as_stored(asked(cast.VERA)))
    assert read_decision(stored | {"version": 3, "weather": "fine"}).action == asked(cast.VERA).action
