"""From a text to rows of cells."""

import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lists.files.columns import BARE
from app.lists.files.decoded_file import FileUnreadable
from app.lists.files.table import BadLine, Row, read_table


def rows(text: str) -> list[Row | BadLine]:
    return list(read_table(io.StringIO(text, newline="")).rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_tells_the_delimiter(delimiter: str) -> None:
    table = read_table(io.StringIO(delimiter.join(["Téléphone", "Nom", "Motif"]) + f"\n1{delimiter}2{delimiter}3\n"))
    assert table.columns.places == {"number": 0, "label": 1, "reason": 2}
    assert list(table.rows) == [(2, ["1", "2", "3"])]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("number", "number"),
        ("Phone Number", "number"),
        ("caller_id", "number"),
        ("Numéro de téléphone", "number"),
        ("TELEPHONE", "number"),
        ("Номер", "number"),
    ],
)
def test_columns_of_numbers_go_by_many_names(header: str, field: str) -> None:
    assert read_table([f"label,{header}\n"]).columns.places[field] == 1


def test_columns_that_say_nothing_to_us_are_named() -> None:
    columns = read_table(["id,number,created_at,label,name\n"]).columns
    assert columns.unread == ("id", "created_at", "name")


def test_without_a_header_a_line_is_a_number() -> None:
    table = read_table(["\n", "+33639980001\n", " \n", "+33639980002"])
    assert table.columns == BARE
    assert list(table.rows) == [(2, ["+33639980001"]), (4, ["+33639980002"])]


def test_cells_without_a_header_are_refused_rather_than_guessed() -> None:
    with pytest.raises(FileUnreadable, match="NO_COLUMN_OF_NUMBERS"):
        read_table(["+33639980001,Vera\n"])


@pytest.mark.parametrize("text", ["", "\n \n", "sep=;\n"])
def test_an_empty_file_is_said_to_be_empty(text: str) -> None:
    with pytest.raises(FileUnreadable, match="EMPTY"):
        read_table(io.StringIO(text))


def test_excels_first_line_is_understood() -> None:
    table = read_table(["sep=;\n", "number;label\n", '1;"a,b"\n'])
    assert list(table.rows) == [(3, ["1", "a,b"])]


def test_a_quoted_cell_may_go_over_lines_and_lines_are_counted_as_an_editor_does() -> None:
    assert rows('number,label\n1,"two\nlines"\n2,x\n') == [(2, ["1", "two\nlines"]), (4, ["2", "x"])]


def test_a_stray_quotation_mark_spoils_its_own_line_only() -> None:
    read = rows('number,label\n1,"never closed\n2,x\n3,"y"\n4,z\n')
    assert isinstance(read[0], BadLine)
    assert (read[0].line, read[0].field) == (2, "line")
    assert read[1:] == [(3, ["2", "x"]), (4, ["3", "y"]), (5, ["4", "z"])]


def test_an_endless_line_is_reported_and_not_kept() -> None:
    read = rows("number,label\n1," + "x" * 100_000 + "\n2,y\n")
    assert isinstance(read[0], BadLine)
    assert len(read[0].value) <= 60
    assert read[1] == (3, ["2", "y"])


@given(
    st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), min_size=1, max_size=20), st.sampled_from(",;\t")
)
def test_what_the_standard_librarys_writer_writes_is_read_back(cells: list[tuple[str, str]], delimiter: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["number", "label"])
    writer.writerows(cells)
    read = read_table(io.StringIO(out.getvalue(), newline="")).rows
    assert [row[1] for row in read if not isinstance(row, BadLine)] == [list(pair) for pair in cells]


@given(st.text(max_size=400))
def test_no_text_is_a_surprise(text: str) -> None:
    with contextlib.suppress(FileUnreadable):
        assert isinstance(rows(text), list)
