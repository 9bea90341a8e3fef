"""Numbers as they really come in, and texts that somebody sends to break us."""

import contextlib
from pathlib import Path

import phonenumbers
import pytest

from filters.caller_id import CallerKind, read_caller_id
from filters.entries import EntryIndex, ListEntry
from filters.number import NumberUnreadable, read_number
from filters.pattern import PatternKind, PatternUnreadable, read_pattern

DATA = Path(__file__).parent.parent / "data"
HOSTILE = (DATA / "hostile_caller_strings.txt").read_text().split("\n")[:-1]
COMPLAINTS = (DATA / "ftc_complaints_sample.csv").read_text().split()[1:]
ARCEP = [line.split(",") for line in (DATA / "fr_arcep_telemarketing_prefixes.csv").read_text().splitlines()[1:]]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_caller_id_is_classified_and_never_raises(text: str) -> None:
    for country in ("FR", "US", "RU"):
        caller = read_caller_id(text, country)
        assert caller.number is None or phonenumbers.is_possible_number(phonenumbers.parse(caller.number, None))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_entry_is_refused_or_becomes_a_clean_pattern(text: str) -> None:
    for kind in PatternKind:
        with contextlib.suppress(PatternUnreadable):
            pattern = read_pattern(kind, text, text if kind is PatternKind.RANGE else None, "FR")
            assert pattern.number.isascii()
            assert pattern.number.lstrip("+").isalnum()


def test_two_thousand_reported_numbers_are_read_as_the_library_reads_them() -> None:
    assert len(COMPLAINTS) == 2000
    valid = 0
    for text in COMPLAINTS:
        caller = read_caller_id(text, "US")
        try:
            parsed = phonenumbers.parse(text, "US")
        except phonenumbers.NumberParseException:
            assert caller.number is None
            continue
        if phonenumbers.is_valid_number(parsed):
            valid += 1
            assert caller.kind is CallerKind.NUMBER
            assert caller.number == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    assert valid > 1900


def test_reported_junk_never_becomes_a_number_that_cannot_exist() -> None:
    for text in COMPLAINTS:
        if (number := read_caller_id(text, "US").number) is not None:
            reason = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(number, None))
            assert reason == phonenumbers.ValidationResult.IS_POSSIBLE, text


@pytest.mark.parametrize(("national", "e164", "zone", "source"), ARCEP)
def test_a_telemarketing_range_is_one_prefix_however_it_is_typed(
    national: str, e164: str, zone: str, source: str
) -> None:
    for typed in (national, e164, e164[1:], "00" + e164[1:], f"{national}*", f"{e164[:3]} {e164[3:]}", national + " "):
        assert read_pattern(PatternKind.PREFIX, typed, None, "FR").number == e164


def test_the_telemarketing_ranges_cover_their_numbers_and_no_neighbours() -> None:
    index = EntryIndex.of(
        ListEntry(national, read_pattern(PatternKind.PREFIX, e164, None, "FR")) for national, e164, *_ in ARCEP
    )
    for national, e164, *_ in ARCEP:
        for filler in ("0", "5", "9"):
            called = read_number(national + filler * (10 - len(national)), "FR")
            assert [entry.id for entry in index.naming(called)] == [national]
            assert called.startswith(e164)
    for neighbour in ("0161234567", "0164234567", "0612345678", "0947412345", "0199001234"):
        assert index.naming(read_number(neighbour, "FR")) == []
    with pytest.raises(NumberUnreadable):
        read_number("0162", "FR")
