"""A decision is told in the reader's language, whatever it found."""

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.language import LANGUAGES, speak
from app.event_log.stored_decision import StoredDecision, StoredFinding, as_stored
from app.words.finding_words import finding_words
from app.words.told_decision import tell_decision, tell_reason
from filters.attestation import Attestation
from filters.caller_id import CallerKind
from filters.entries import ListEntry
from filters.pattern import Pattern, PatternKind
from routing.findings import Found
from tests import cast
from tests.routing.a_plan import CHRISTMAS_NIGHT, FRIDAY_NIGHT, a_plan, asked, entry
from tests.words.every_decision import decisions


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    speak("en")
    yield
    speak("en")


@cache
def one_for_each_finding() -> dict[Found, StoredDecision]:
    """A decision in which each finding is found."""
    found: dict[Found, StoredDecision] = {}
    for decision in decisions():
        if new := {one.found for one in decision.trace} - found.keys():
            found |= dict.fromkeys(new, as_stored(decision))
    return found


def told(found: Found) -> str:
    """What the trace says of ``found`` in the present language."""
    decision = one_for_each_finding()[found]
    return next(step.text for step in tell_decision(decision).trace if step.found == found)


def test_everything_that_can_be_found_is_found_by_some_decision() -> None:
    assert set(one_for_each_finding()) == set(Found)


@pytest.mark.parametrize("found", Found)
def test_every_finding_is_said_in_every_language(found: Found) -> None:
    texts = {}
    for language in LANGUAGES:
        speak(language)
        texts[language] = told(found)
    assert all(texts.values())
    if found is not Found.OUR_LINE and found is not Found.CATEGORY_PRIORITY:
        assert len({texts[language] for language in ("en", "fr", "ru")}) == 3


def test_a_trace_names_questions_and_findings_by_their_codes() -> None:
    steps = tell_decision(as_stored(asked(cast.UMA))).trace
    assert [(step.question, step.found, step.matched, step.decided, step.text) for step in steps] == [
        ("line_is_unknown", "our_line", False, False, "Accueil, +33 1 99 00 10 00"),
        ("number_is_our_own", "other_number", False, False, "no"),
        ("number_is_protected", "not_protected", False, False, "no"),
        ("caller_is_a_vip", "not_on_vip_list", False, False, "not on the VIP list"),
        ("caller_calls_too_often_at_once", "few_calls", False, False, "no"),
        ("caller_is_blacklisted", "not_blacklisted", False, False, "not on the blacklist"),
        ("category_says", "no_category", False, False, "no category"),
        ("rule_says", "no_rule", False, False, "no rule decides"),
        ("number_is_hidden", "number_shown", False, False, "no"),
        ("line_is_closed", "open", False, False, "open until 18:00"),
        ("line_has_a_menu", "no_menu", False, False, "this line has no menu"),
        ("line_has_a_queue", "line_queue", True, True, "The line's queue “Accueil”."),
    ]


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (asked(cast.VERA), "VIP: +33 6 39 98 00 01 “Vera”. Straight to Martin."),
        (
            asked(cast.VERA, attestation=Attestation.GATEWAY),
            "VIP: +33 6 39 98 00 01 “Vera”, but the identity is unconfirmed: the network knows only the gateway that the "
            "call came through (attestation C). Near the front of the queue.",
        ),
        (asked(cast.BORIS), "Blacklisted: +33 6 39 98 00 02 “Boris”."),
        (
            asked("+33899123456", a_plan(blacklist=[entry("0899", PatternKind.PREFIX, label="premium rate")])),
            "Blacklisted: +33 899 •• •• •• “premium rate”.",
        ),
        (asked("+4915112345678", a_plan(blacklist=[entry("DE", PatternKind.COUNTRY)])), "Blacklisted: Germany."),
        (
            asked(cast.UMA, at=FRIDAY_NIGHT),
            "Outside opening hours: closed on Friday at 23:00. Opens again on Monday 27 July at 09:00.",
        ),
        (
            asked(cast.UMA, at=CHRISTMAS_NIGHT),
            "Outside opening hours: holiday: Noël. Opens again on Monday 28 December at 09:00.",
        ),
        (asked("anonymous"), "The caller withholds the number. The line's queue “Accueil”."),
        (
            asked(cast.SECOND_LINE),
            "The caller shows one of our own numbers: never a VIP, handled like any other call. "
            "The line's queue “Accueil”.",
        ),
        (asked(cast.UMA, to="+33199009999"), "The called number is not one of our lines."),
    ],
)  # fmt: skip
def test_a_reason_is_a_sentence_or_two(decision: object, reason: str) -> None:
    assert tell_reason(as_stored(decision)) == reason  # type: ignore[arg-type]


def test_weekdays_countries_and_dates_are_in_the_reader_s_language() -> None:
    speak("fr")
    assert "lundi 27 juillet" in tell_reason(as_stored(asked(cast.UMA, at=FRIDAY_NIGHT)))
    german = a_plan(blacklist=[entry("DE", PatternKind.COUNTRY)])
    assert "Allemagne" in tell_reason(as_stored(asked("+4915112345678", german)))


def test_a_tie_is_pointed_out_in_the_trace() -> None:
    decision = as_stored(asked(cast.VERA, a_plan(blacklist=[entry(cast.VERA)])))
    step = tell_decision(decision).trace[-1]
    assert step.text.endswith("Also on the blacklist, just as specific: VIP wins.")
    assert "blacklist" not in tell_reason(decision)


def test_what_names_the_number_is_told_with_codes_and_words() -> None:
    plan = a_plan(blacklist=[entry("+336399800", PatternKind.PREFIX, label="village", reason="complaints")])
    (vip, village) = tell_decision(as_stored(asked(cast.VERA, plan))).matches
    assert (vip.list, vip.number, vip.deciding, vip.counts, vip.idle) == ("vip", cast.VERA, True, True, None)
    assert (village.match, village.number, village.names) == ("prefix", "+336399800", "+33 6 39 98 00 ••")
    assert (village.label, village.reason, village.specificity, village.deciding) == (
        "village",
        "complaints",
        9,
        False,
    )


def test_what_does_not_count_says_why_in_code_and_words() -> None:
    plan = a_plan(blacklist=[entry(cast.UMA, lines=frozenset({"second"}))])
    (match,) = tell_decision(as_stored(asked(cast.UMA, plan))).matches
    assert (match.counts, match.idle, match.idle_because) == (False, "other_lines", "limited to other lines")


@pytest.mark.parametrize(
    ("caller", "kind", "number", "address"),
    [(cast.UMA, CallerKind.NUMBER, cast.UMA, ""), ("sip:uma@example.org", CallerKind.SIP, None, "uma@example.org"),
     ("112", CallerKind.SHORT_CODE, None, "112"), ("anonymous", CallerKind.WITHHELD, None, "")],
)  # fmt: skip
def test_the_caller_is_told_whatever_kind_it_is(caller: str, kind: str, number: str | None, address: str) -> None:
    who = tell_decision(as_stored(asked(caller))).caller
    assert (who.kind, who.number, who.address) == (kind, number, address)


def test_an_action_is_told_with_all_its_fields() -> None:
    assert tell_decision(as_stored(asked(cast.UMA))).detail == {
        "queue_id": "q-main",
        "priority": 0,
        "greeting": "",
        "spoken_in": "",
    }


@given(st.text(max_size=300))
def test_no_name_breaks_a_sentence(label: str) -> None:
    village = ListEntry("village", Pattern(PatternKind.EXACT, cast.UMA), label)
    reason = tell_reason(as_stored(asked(cast.UMA, a_plan(blacklist=[village]))))
    assert label in reason
    assert reason.startswith("Blacklisted: +33 6 39 98 00 03")


def test_a_finding_whose_entry_is_not_among_the_matches_is_told_by_its_id() -> None:
    decision = as_stored(asked(cast.UMA))
    assert finding_words(StoredFinding(Found.OUTRANKED, "e-1"), decision).startswith("e-1, but")
