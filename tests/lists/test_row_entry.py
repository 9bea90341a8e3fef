"""From rows to entries: by the API's limits, and every bad line with its remedy."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lists.files.columns import BARE, FIELDS, Columns
from app.lists.files.row_entry import EntryRow, ReadingPlace, read_batches, read_entries
from app.lists.files.table import BadLine
from app.words.problems.files import line_words
from tests import cast

NOW = datetime(2026, 7, 24, 8, tzinfo=UTC)
PLACE = ReadingPlace(
    "FR", ZoneInfo("Europe/Paris"),
    {"line1": ("line1", "FR"), cast.LINE: ("line1", "FR"), "line2": ("line2", "GB"), "+442079460000": ("line2", "GB")},
    NOW, True,
)  # fmt: skip
COLUMNS = Columns({field: place for place, field in enumerate(FIELDS)}, len(FIELDS))


def read(**cells: str) -> EntryRow | BadLine:
    row = [cells.get(field, "") for field in FIELDS]
    return next(read_entries([(2, row)], COLUMNS, PLACE))


def test_a_whole_row() -> None:
    entry = read(
        number="06 39 98 00 02", match="Exact", label=" Boris ", reason="Threats", expires_at="2026-12-31T18:00:00Z",
        lines="01 99 00 10 00", treatment="busy",
    )  # fmt: skip
    assert isinstance(entry, BadLine), "a line's number is written without spaces, since they stand between two"
    entry = read(
        number="06 39 98 00 02", match="Exact", label=" Boris ", reason="Threats", expires_at="2026-12-31T18:00:00Z",
        lines="0199001000", treatment="busy",
    )  # fmt: skip
    expiry = datetime(2026, 12, 31, 18, tzinfo=UTC)
    assert entry == EntryRow(2, "exact", cast.BORIS, None, "Boris", "Threats", expiry, '["line1"]', "busy")


def test_formula_guards_are_taken_off_exactly_once() -> None:
    entry = read(number=f"'{cast.BORIS}", label="'=1+1", reason="''=1+1")
    assert isinstance(entry, tuple)
    assert (entry[2], entry[4], entry[5]) == (cast.BORIS, "=1+1", "'=1+1")


def test_national_numbers_are_read_with_the_lines_country_before_the_companys() -> None:
    entry = read(number="07700 900123", lines="line2 line1")
    assert isinstance(entry, tuple)
    assert (entry[2], entry[7]) == ("+447700900123", '["line2", "line1"]')


@pytest.mark.parametrize(
    ("cells", "number", "to"),
    [
        ({"match": "prefix", "number": "0899"}, "+33899", None),
        ({"match": "country", "number": "ru"}, "RU", None),
        ({"match": "range", "number": "+33639980000", "to": "+33639980099"}, "+33639980000", "+33639980099"),
    ],
)
def test_prefixes_countries_and_ranges(cells: dict[str, str], number: str, to: str | None) -> None:
    entry = read(**cells)
    assert isinstance(entry, tuple)
    assert entry[1:4] == (cells["match"], number, to)


def test_a_day_is_meant_to_its_end_where_the_company_is() -> None:
    entry = read(number=cast.BORIS, expires_at="2026-12-31")
    assert isinstance(entry, tuple)
    assert entry[6] == datetime(2026, 12, 31, 23, tzinfo=UTC)
    entry = read(number=cast.BORIS, expires_at="2026-07-23")
    assert isinstance(entry, tuple)
    assert entry[6] == datetime(2026, 7, 23, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "field", "remedy"),
    [
        ({}, "number", "There is no number"),
        ({"number": "112"}, "number", "short code"),
        ({"number": "abc"}, "number", "write it in international form"),
        ({"number": "9" * 101}, "number", "At most 100 "),
        ({"number": cast.BORIS, "label": "x" * 201}, "label", "At most 200 characters; this has 201"),
        ({"number": cast.BORIS, "reason": "x" * 1001}, "reason", "At most 1000 "),
        ({"number": cast.BORIS, "label": "a\x1b[31m"}, "label", "control character U+001B"),
        ({"number": cast.BORIS, "label": "a\x00"}, "label", "control character U+0000"),
        ({"number": cast.BORIS, "label": "a\udcff"}, "label", "save the file as UTF-8"),
        ({"number": cast.BORIS, "match": "regex"}, "match", "exact, prefix, range or country"),
        ({"number": cast.BORIS, "to": cast.VERA}, "to", "Only a range has a last number"),
        ({"number": cast.BORIS, "match": "range"}, "to", "needs its last number"),
        ({"number": cast.BORIS, "expires_at": "soon"}, "expires_at", "This is not a date"),
        ({"number": cast.BORIS, "expires_at": "9999-12-31"}, "expires_at", "too far away"),
        ({"number": cast.BORIS, "expires_at": "9999-12-31T23:59:59-23:59"}, "expires_at", "too far away"),
        ({"number": cast.BORIS, "lines": "+33199009999"}, "lines", "not a line of yours"),
        ({"number": cast.BORIS, "treatment": "shout"}, "treatment", "one of allow, busy"),
    ],
)
def test_what_is_wrong_is_named_with_the_remedy(cells: dict[str, str], field: str, remedy: str) -> None:
    problem = read(**cells)
    assert isinstance(problem, BadLine)
    assert (problem.line, problem.field) == (2, field)
    assert remedy in line_words(problem.problem)


def test_a_row_that_is_too_long_says_so() -> None:
    columns = Columns({"number": 0, "label": 1}, 2)
    row = [cast.BORIS, "Smith", " John"]
    problem = next(read_entries([(7, row)], columns, PLACE))
    assert isinstance(problem, BadLine)
    assert "3 cells, the header 2" in line_words(problem.problem)
    assert isinstance(next(read_entries([(7, [cast.BORIS, "Smith", " "])], columns, PLACE)), tuple)


@given(st.lists(st.text(max_size=40), max_size=10))
def test_no_row_is_a_surprise(cells: list[str]) -> None:
    assert isinstance(next(read_entries([(1, cells)], COLUMNS, PLACE)), tuple | BadLine)


NUMBERS = st.sampled_from(
    [cast.BORIS, cast.VERA, "+442079460000", "+4402079460000", "+525512345678", "+266696687", "+39061234567"]
)


@given(
    st.lists(NUMBERS | st.from_regex(r"\+[0-9]{5,16}\n?", fullmatch=True) | st.text(max_size=9), max_size=30),
    st.integers(1, 7),
)
def test_rows_read_together_are_what_they_are_one_by_one(texts: list[str], at_once: int) -> None:
    rows = [(line, [text]) for line, text in enumerate(texts, 2)]
    entries, bad = [], []
    for batch in read_batches(rows, BARE, PLACE, at_once):
        entries += [EntryRow(line, "exact", number) for line, number in batch.numbers] + batch.entries
        bad += batch.bad
    one_by_one = list(read_entries(rows, BARE, PLACE))
    assert entries == [one for one in one_by_one if isinstance(one, EntryRow)]
    assert bad == [one for one in one_by_one if isinstance(one, BadLine)]


def test_a_file_of_numbers_alone_is_read_together() -> None:
    rows = [(line, [f"+336399800{line:02}"]) for line in range(2, 90)]
    (batch,) = read_batches(rows, BARE, PLACE, 100)
    assert (len(batch.numbers), batch.entries, batch.bad) == (88, [], [])
