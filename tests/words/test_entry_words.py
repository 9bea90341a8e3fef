"""Entries of the lists as people read them, and the boxes' lines as they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base import limits
from app.lists.pasted_lines import read_pasted
from app.words.entry_words import entry_words, sample_number
from filters.pattern import Pattern, PatternKind

EXACT, PREFIX, RANGE, COUNTRY = PatternKind.EXACT, PatternKind.PREFIX, PatternKind.RANGE, PatternKind.COUNTRY


@pytest.mark.parametrize(
    ("pattern", "names", "reach"),
    [
        (Pattern(EXACT, "+33639980001"), "+33 6 39 98 00 01", ""),
        (Pattern(PREFIX, "+33162"), "+33 1 62 •• •• ••", "1,000,000 numbers"),
        (Pattern(PREFIX, "+3363998000"), "+33 6 39 98 00 0•", "10 numbers"),
        (Pattern(PREFIX, "+49151"), "+49 151• •••••••", "100,000,000 numbers"),
        (Pattern(PREFIX, "+1212"), "+1 212-•••-••••", "10,000,000 numbers"),
        (Pattern(PREFIX, "+88212"), "+882 12…", ""),
        (Pattern(RANGE, "+33639980150", "+33639980180"), "+33 6 39 98 01 50 – +33 6 39 98 01 80", "31 numbers"),
        (Pattern(COUNTRY, "DE"), "Germany", "every number of the country"),
    ],
)
def test_what_is_open_is_shown_as_open(pattern: Pattern, names: str, reach: str) -> None:
    words = entry_words(pattern)
    assert (words.names, words.reach) == (names, reach)


@pytest.mark.parametrize(
    "pattern",
    [Pattern(PREFIX, "+33162"), Pattern(PREFIX, "+49151"), Pattern(COUNTRY, "ES"), Pattern(EXACT, "+33639980001")],
)
def test_the_number_to_try_an_entry_with_is_covered_by_it(pattern: Pattern) -> None:
    assert pattern.covers(sample_number(pattern))


@pytest.mark.parametrize(
    ("line", "kind", "number", "to", "label"),
    [
        ("+33 6 12 34 56 78 Anna F.", EXACT, "+33 6 12 34 56 78", None, "Anna F."),
        ("Anna Fournier; 06 12 34 56 78", EXACT, "06 12 34 56 78", None, "Anna Fournier"),
        ("01-62-12-34-56", EXACT, "01-62-12-34-56", None, ""),
        ('"Boris" <+33639980002>', EXACT, "+33639980002", None, "Boris"),
        ("+33162* telephone sellers", PREFIX, "+33162", None, "telephone sellers"),
        ("+33 1 62 •• •• ••", PREFIX, "+33 1 62", None, ""),
        ("+33899…", PREFIX, "+33899", None, ""),
        ("+33 6 39 98 01 50 - +33 6 39 98 01 80 floor 2", RANGE, "+33 6 39 98 01 50", "+33 6 39 98 01 80", "floor 2"),
        ("0639980150–0639980180", RANGE, "0639980150", "0639980180", ""),
        ("DE", COUNTRY, "DE", None, ""),
        ("DE, all of it", COUNTRY, "DE", None, "all of it"),
        ("IT department", EXACT, "IT department", None, ""),
        ("banana", EXACT, "banana", None, ""),
        ("3949", EXACT, "3949", None, ""),
    ],
)
def test_lines_are_read_as_they_are_meant(
    line: str, kind: PatternKind, number: str, to: str | None, label: str
) -> None:
    (read,) = read_pasted(f"\n  {line} \r\n\n")
    assert (read.match, read.number, read.to, read.label, read.text) == (kind, number, to, label, line)


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    for line in read_pasted(text):
        assert line.number
        assert line.text


def test_no_more_lines_are_read_than_are_promised() -> None:
    assert len(read_pasted("+33639980001\n" * 1000)) == limits.PASTED_LINES
