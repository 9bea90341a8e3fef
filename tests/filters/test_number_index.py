"""The number index says what a dictionary of the same entries would say, and refuses a buffer that is not whole."""

import io
import random
from collections import defaultdict
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from filters.entries import EntryIndex
from filters.list_entry import ListEntry, Treatment
from filters.number_index import (
    ENTRY_BYTES,
    HEADER_BYTES,
    EntryFault,
    EntryUnwritable,
    IndexFault,
    NumberIndex,
    NumberIndexDamaged,
    NumberIndexWriter,
    key_of,
    read_header,
)
from filters.pattern import Pattern, PatternKind
from models.base import new_id
from tests import cast
from tests.filters.number_indexes import STANDS_FOR, index_of, written

# Every length that E.164 has, few digits: numbers meet, and some are the beginning of others.
NUMBERS = st.builds(
    lambda first, rest: f"+{first}{rest}", st.sampled_from("139"), st.text("01", min_size=6, max_size=14)
)
OWN_IDS = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=19, max_size=19).map(lambda text: f"0{text}")
IDS = st.one_of(OWN_IDS, OWN_IDS.map(lambda text: "1" + text[1:]), st.text(min_size=1, max_size=30))
ENTRIES = st.builds(
    ListEntry,
    id=IDS,
    pattern=NUMBERS.map(lambda number: Pattern(PatternKind.EXACT, number)),
    label=st.sampled_from(["", "Vera", "Boris"]) | st.text(max_size=200),
    reason=st.text(max_size=20),
    expires_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    lines=st.frozensets(st.text(min_size=1, max_size=3), max_size=3),
    treatment=st.none() | st.sampled_from(Treatment),
)
LISTS = st.lists(ENTRIES, max_size=40, unique_by=lambda entry: entry.id)


def naming(entries: list[ListEntry], number: str) -> list[ListEntry]:
    """What a look at every entry finds."""
    found = [entry for entry in entries if entry.pattern.number == number]
    return sorted(found, key=lambda entry: entry.id)


@given(LISTS, NUMBERS)
def test_a_number_is_named_by_the_entries_that_a_look_at_all_finds(entries: list[ListEntry], stranger: str) -> None:
    index = index_of(entries)
    assert len(index) == len(entries)
    for number in {entry.pattern.number for entry in entries} | {stranger}:
        assert sorted(index.naming(number), key=lambda entry: entry.id) == naming(entries, number)


@given(LISTS)
def test_reading_an_index_gives_back_what_was_written(entries: list[ListEntry]) -> None:
    index = index_of(entries)
    assert sorted(index, key=lambda one: one.id) == sorted(entries, key=lambda one: one.id)
    assert index.stands_for == STANDS_FOR


@settings(max_examples=200)
@given(LISTS, st.lists(st.tuples(st.integers(0, 60), st.none() | ENTRIES), max_size=40), NUMBERS)
def test_an_index_with_later_changes_on_top_equals_a_dictionary(
    base: list[ListEntry], changes: list[tuple[int, ListEntry | None]], stranger: str
) -> None:
    """Changes add new entries, and give entries of the base, and of earlier changes, new values or delete them."""
    index = EntryIndex(base=index_of(base))
    everything = {entry.id: entry for entry in base}
    on_top: dict[str, ListEntry] = {}
    for which, after in changes:
        ids = sorted(everything)
        changed = ids[which] if which < len(ids) else f"new {which}"
        if after is not None:
            after = ListEntry(changed, after.pattern, after.label)
        index = index.with_changes([(on_top.pop(changed, None), after)], [changed])
        everything.pop(changed, None)
        if after is not None:
            everything[changed] = on_top[changed] = after
    for number in {entry.pattern.number for entry in [*base, *everything.values()]} | {stranger}:
        assert index.naming(number) == naming(list(everything.values()), number)


@given(NUMBERS, NUMBERS)
def test_two_numbers_have_the_same_key_only_if_they_are_the_same(one: str, other: str) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)
    assert 0 < key_of(one) < 1 << 64


@given(NUMBERS)
def test_a_key_would_keep_a_leading_zero(number: str) -> None:
    assert key_of(f"+0{number[1:]}") != key_of(number)


@given(LISTS, st.data())
@example([], None)
def test_a_truncated_index_is_refused(entries: list[ListEntry], data: st.DataObject | None) -> None:
    whole = written(entries)
    cut = data.draw(st.integers(0, len(whole) - 1)) if data else 0
    with pytest.raises(NumberIndexDamaged):
        NumberIndex(whole[:cut])


@given(LISTS, st.data())
def test_an_index_with_one_flipped_bit_is_refused(entries: list[ListEntry], data: st.DataObject) -> None:
    damaged = bytearray(written(entries))
    used = [at for at in range(len(damaged)) if at < read_header(bytes(damaged)).total_bytes and not _is_padding(at)]
    at = data.draw(st.sampled_from(used))
    damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(NumberIndexDamaged):
        NumberIndex(bytes(damaged))


def _is_padding(at: int) -> bool:
    return 80 <= at < HEADER_BYTES


@given(st.binary(max_size=200))
def test_any_other_file_is_refused(content: bytes) -> None:
    with pytest.raises(NumberIndexDamaged):
        NumberIndex(content)


def fault_of(content: bytes | bytearray) -> tuple[IndexFault, int, int]:
    with pytest.raises(NumberIndexDamaged) as refusal:
        NumberIndex(bytes(content))
    assert str(refusal.value).startswith(refusal.value.fault)
    return refusal.value.fault, refusal.value.found, refusal.value.expected


def test_what_is_wrong_with_a_file_is_told_apart() -> None:
    whole = bytearray(written([ListEntry(new_id(), Pattern(PatternKind.EXACT, cast.BORIS))]))
    assert fault_of(whole[:10]) == (IndexFault.SHORTER_THAN_ITS_HEADER, 0, 0)
    assert fault_of(b"x" * 200) == (IndexFault.NOT_AN_INDEX, 0, 0)
    assert fault_of(whole[:-1]) == (IndexFault.WRONG_LENGTH, len(whole) - 1, len(whole))
    assert fault_of(whole[:-1] + bytes([whole[-1] ^ 1])) == (IndexFault.CONTENT_DAMAGED, 0, 0)
    assert fault_of(whole[:20] + bytes([whole[20] ^ 1]) + whole[21:]) == (IndexFault.HEADER_DAMAGED, 0, 0)
    assert fault_of(whole[:12] + whole[15:11:-1] + whole[16:]) == (IndexFault.OTHER_BYTE_ORDER, 0, 0)
    whole[8] += 1
    assert fault_of(whole) == (IndexFault.OTHER_FORMAT, 2, 1)


def test_an_entry_costs_24_bytes_and_shared_details_are_there_once() -> None:
    reason = "a complaint to the authority " * 30
    entries = [
        ListEntry(new_id(), Pattern(PatternKind.EXACT, f"+3363998{number:04}"), "list of 2026", reason)
        for number in range(1000)
    ]
    assert len(written(entries)) <= HEADER_BYTES + 1000 * ENTRY_BYTES + 1000
    assert ENTRY_BYTES == 24


def test_ids_of_ours_are_kept_in_the_entry_and_others_beside_it() -> None:
    number = Pattern(PatternKind.EXACT, cast.BORIS)
    assert next(iter(index_of([ListEntry(one := new_id(), number)]))).id == one
    for other in ("z" * 20, "0" * 19, "O" * 20, "entry-1", "0l234567890123456789", "0_234567890123456789"):
        assert next(iter(index_of([ListEntry(other, number)]))).id == other


@pytest.mark.parametrize("number", ["+33", "33639980001", "+0633998000", "+3363998000x", "+1234567890123456", ""])
def test_what_is_no_number_is_not_written(number: str) -> None:
    writer = NumberIndexWriter(io.BytesIO(), io.BytesIO(), io.BytesIO())
    with pytest.raises(EntryUnwritable) as refusal:
        writer.add_all([(number, new_id(), ("", "", None, (), None))])
    assert refusal.value.fault is EntryFault.NOT_E164


def test_numbers_out_of_order_are_not_written() -> None:
    writer = NumberIndexWriter(io.BytesIO(), io.BytesIO(), io.BytesIO())
    writer.add_all([("+33639980001", new_id(), ("", "", None, (), None))])
    writer.add_all([("+33639980001", new_id(), ("", "", datetime(2026, 1, 1, tzinfo=UTC), (), None))])
    with pytest.raises(EntryUnwritable) as refusal:
        writer.add_all([("+4915123456", new_id(), ("", "", None, (), None))])
    assert refusal.value.fault is EntryFault.OUT_OF_ORDER


def test_details_that_do_not_fit_are_not_written() -> None:
    writer = NumberIndexWriter(io.BytesIO(), io.BytesIO(), io.BytesIO())
    with pytest.raises(EntryUnwritable) as refusal:
        writer.add_all([("+33639980001", new_id(), ("", "x" * 70_000, None, (), None))])
    assert refusal.value.fault is EntryFault.DETAILS_TOO_LONG


def test_a_treatment_that_there_is_none_of_is_not_written() -> None:
    writer = NumberIndexWriter(io.BytesIO(), io.BytesIO(), io.BytesIO())
    with pytest.raises(ValueError, match="scream"):
        writer.add_all([("+33639980001", new_id(), ("", "", None, (), "scream"))])


def test_thousands_of_entries_many_of_one_number_are_all_found() -> None:
    random_ = random.Random(6)
    entries = [
        ListEntry(new_id(), Pattern(PatternKind.EXACT, f"+336{number:08}"), label=f"list {copy % 3}")
        for number in random_.sample(range(100_000_000), 2_000)
        for copy in range(random_.choice([1, 1, 1, 2, 3, 200 if number % 40 == 0 else 1]))
    ]
    assert len(entries) > 5_000
    index, by_number = index_of(entries), defaultdict(list)
    for entry in entries:
        by_number[entry.pattern.number].append(entry)
    for number, expected in by_number.items():
        assert sorted(index.naming(number), key=lambda entry: entry.id) == sorted(expected, key=lambda entry: entry.id)
        for near in (f"+{int(number) - 1}", f"+{int(number) + 1}"):
            assert len(index.naming(near)) == len(by_number.get(near, ()))
    for outside in ("+1000000", "+999999999999999"):
        assert index.naming(outside) == []
