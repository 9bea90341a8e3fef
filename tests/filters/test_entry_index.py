"""The index finds exactly the entries that cover a number, also after any number of changes."""

from hypothesis import given
from hypothesis import strategies as st

from filters.entries import EntryIndex, ListEntry
from filters.pattern import Pattern, PatternKind

# Few digits, so that entries and numbers meet often; +1, +7 and +44 share their codes among countries.
NUMBERS = st.one_of(
    st.builds(lambda code, rest: f"+{code}{rest}", st.sampled_from(["33", "49"]), st.text("12", min_size=6, max_size=7)),
    st.sampled_from(
        ["+12025550123", "+12025550124", "+14165550123", "+18765230123", "+79123456789", "+77123456789", "+442079460958",
         "+441534456789", "+882130000000"]
    ),
)  # fmt: skip
PATTERNS = st.one_of(
    st.builds(lambda number: Pattern(PatternKind.EXACT, number), NUMBERS),
    st.builds(lambda number, cut: Pattern(PatternKind.PREFIX, number[:cut]), NUMBERS, st.integers(3, 10)),
    st.builds(
        lambda number, size: Pattern(PatternKind.RANGE, number, f"+{int(number[1:]) + size}"),
        NUMBERS,
        st.integers(0, 30_000),
    ),
    st.builds(
        lambda country: Pattern(PatternKind.COUNTRY, country),
        st.sampled_from(["FR", "DE", "US", "CA", "JM", "RU", "KZ", "GB", "JE"]),
    ),
)
ENTRIES = st.lists(PATTERNS, max_size=12).map(
    lambda patterns: [ListEntry(f"entry-{number}", pattern) for number, pattern in enumerate(patterns)]
)


def by_brute_force(entries: list[ListEntry], number: str) -> list[ListEntry]:
    covering = [entry for entry in entries if entry.pattern.covers(number)]
    return sorted(covering, key=lambda entry: (-entry.pattern.specificity, entry.id))


@given(ENTRIES, NUMBERS)
def test_naming_finds_what_every_pattern_says_for_itself(entries: list[ListEntry], number: str) -> None:
    assert EntryIndex.of(entries).naming(number) == by_brute_force(entries, number)


@given(ENTRIES, st.lists(st.tuples(st.booleans(), st.integers(0, 11)), max_size=30), NUMBERS)
def test_an_index_that_was_changed_equals_one_that_was_rebuilt(
    entries: list[ListEntry], changes: list[tuple[bool, int]], number: str
) -> None:
    kept: dict[str, ListEntry] = {}
    index = EntryIndex()
    for add, which in changes:
        if which >= len(entries):
            continue
        entry = entries[which]
        if add and entry.id not in kept:
            index, kept[entry.id] = index.with_changes([(None, entry)]), entry
        elif not add:
            index = index.with_changes([(entry, None)])
            kept.pop(entry.id, None)
    rebuilt = EntryIndex.of(kept.values())
    assert index.naming(number) == rebuilt.naming(number)
    assert index.prefix_lengths == rebuilt.prefix_lengths
    assert set(index.exact) == set(rebuilt.exact)
    assert set(index.countries) == set(rebuilt.countries)


@given(ENTRIES)
def test_taking_out_everything_leaves_an_empty_index(entries: list[ListEntry]) -> None:
    index = EntryIndex.of(entries)
    for entry in entries:
        index = index.with_changes([(entry, None)])
    assert index == EntryIndex()


@given(ENTRIES.flatmap(lambda entries: st.tuples(st.just(entries), st.permutations(entries))), NUMBERS)
def test_the_order_of_loading_never_decides_which_entry_comes_first(
    loadings: tuple[list[ListEntry], list[ListEntry]], number: str
) -> None:
    one, other = (EntryIndex.of(entries).naming(number) for entries in loadings)
    assert one == other


def test_a_change_leaves_the_old_index_as_it_was() -> None:
    entry = ListEntry("a", Pattern(PatternKind.PREFIX, "+33899"))
    before = EntryIndex()
    after = before.with_changes([(None, entry)])
    assert before.naming("+33899123456") == []
    assert after.naming("+33899123456") == [entry]
    assert after.with_changes([(entry, None)]).naming("+33899123456") == []
    assert after.naming("+33899123456") == [entry]


def test_a_prefix_as_long_as_the_number_is_named_once_beside_longer_ones() -> None:
    whole, longer = (ListEntry(text, Pattern(PatternKind.PREFIX, text)) for text in ("+49111111", "+4911111122"))
    assert EntryIndex.of([whole, longer]).naming("+49111111") == [whole]
