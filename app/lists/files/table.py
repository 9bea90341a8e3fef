"""A text cut into rows of cells: CSV (RFC 4180) with commas, semicolons or tabs, or one number a line.

A stray quotation mark spoils its own line and no other: what does not parse is reported, and reading goes on with the
next line.
"""

import csv
import string
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from app.base.problems.files import FileFault, LineFault, LineProblem, LineTooLong
from app.lists.files.columns import BARE, Columns, chosen_columns, columns_of
from app.lists.files.decoded_file import FileUnreadable

DELIMITERS: Final = (",", ";", "\t")
LINES_IN_A_CELL: Final = 50
_LONGEST_LINE: Final = 20_000
HEADER_WITHIN: Final = 8
"""How far down a header may stand, below a title, a date, a source."""
FEWEST_DIGITS: Final = 7
_REMARK: Final = ("#", "//")
_ORDINARY: Final = frozenset("+'" + string.digits + string.ascii_letters)
"""What most lines begin with, and no remark or blank line does."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of the file that cannot be imported, and why. ``value`` is what stands there."""

    line: int
    field: str
    problem: LineProblem
    value: str = ""


Row = tuple[int, list[str]]
"""The number of the (first) line in the file, from 1, and the cells."""


@dataclass(slots=True)
class Table:
    """The columns, and the rows below the header. ``remarks`` counts what was skipped so far: comments, and titles above the
    header."""

    columns: Columns
    rows: Iterator[Row | BadLine]
    remarks: "Remarks"


@dataclass(slots=True)
class Remarks:
    """How many lines were for people only."""

    count: int = 0


def delimiter_said(line: str) -> str | None:
    """What ``sep=;``, written and read by Excel, says in the first line; None for any other line."""
    name, _equals, said = line.strip("\r\n ").lower().partition("sep=")
    return {",": ",", ";": ";", "\t": "\t", "\\t": "\t"}.get(said) if not name else None


def read_table(lines: Iterable[str], chosen: Sequence[str | None] | None = None) -> Table:
    """Recognise the header and the delimiter; ``chosen`` says what the columns are, in their order, whatever the header
    calls them. Raises :class:`app.lists.files.decoded_file.FileUnreadable`."""
    numbered: Iterator[tuple[int, str]] = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    beginning = list(islice(numbered, HEADER_WITHIN))
    remarks = Remarks(_lines_above(beginning))
    numbered = chain(beginning[remarks.count :], numbered)
    first = next(numbered, None)
    if first is None:
        raise FileUnreadable(FileFault.EMPTY)
    if (forced := delimiter_said(first[1])) is not None:
        first = next(numbered, None)
        if first is None:
            raise FileUnreadable(FileFault.EMPTY)
    if chosen is not None:
        return _as_chosen(chosen, first, numbered, forced, remarks)
    found: tuple[str, Columns] | None = None
    for delimiter in (forced,) if forced else DELIMITERS:
        columns = columns_of(cells_of(first[1], delimiter))
        if columns is not None and (found is None or len(columns.places) > len(found[1].places)):
            found = delimiter, columns
    if found is not None:
        return Table(found[1], rows_of(numbered, found[0], remarks), remarks)
    if forced or any(len(cells_of(first[1], delimiter)) > 1 for delimiter in DELIMITERS):
        raise FileUnreadable(FileFault.NO_COLUMN_OF_NUMBERS)
    return Table(BARE, rows_of(chain([first], numbered), None, remarks), remarks)


def first_cells(lines: Iterable[str]) -> list[list[str]]:
    """The cells of the first lines of a file in which no column of numbers was recognised, for somebody who says what they
    are."""
    beginning = [line for line in islice(lines, HEADER_WITHIN) if line.strip() and not is_remark(line)]
    if not beginning:
        return []
    delimiter = likely_delimiter(beginning[0])
    return [cells_of(line, delimiter) for line in beginning]


def likely_delimiter(line: str) -> str:
    """The one that cuts the line into most cells."""
    return max(DELIMITERS, key=lambda delimiter: len(cells_of(line, delimiter)))


def _as_chosen(
    chosen: Sequence[str | None], first: tuple[int, str], numbered: Iterator[tuple[int, str]], forced: str | None,
    remarks: Remarks,
) -> Table:  # fmt: skip
    delimiter = forced or likely_delimiter(first[1])
    cells = cells_of(first[1], delimiter)
    columns = chosen_columns(chosen, [cell.strip() for cell in cells], len(cells))
    if "number" not in columns.places:
        raise FileUnreadable(FileFault.NO_COLUMN_OF_NUMBERS)
    is_header = sum(one.isdigit() for one in cells[columns.places["number"]]) < FEWEST_DIGITS
    if not is_header:
        numbered, columns = chain([first], numbered), replace(columns, names=(), unread=())
    if len(cells) == 1:
        return Table(replace(columns, width=1), rows_of(numbered, None, remarks), remarks)
    return Table(columns, rows_of(numbered, delimiter, remarks), remarks)


def _lines_above(beginning: list[tuple[int, str]]) -> int:
    """How many lines stand above the header, or above the first number where there is none: comments and titles."""
    comments = 0
    for place, (_, line) in enumerate(beginning):
        if is_remark(line):
            comments += comments == place
        elif line.strip().lower().startswith("sep=") or _names_columns(line):
            return place
        elif sum(one.isdigit() for one in line) >= FEWEST_DIGITS:
            alone = all(len(cells_of(line, delimiter)) == 1 for delimiter in DELIMITERS)
            return place if alone else comments
    return comments


def is_remark(line: str) -> bool:
    """Whether a line is a comment."""
    return line.lstrip("\ufeff \t").startswith(_REMARK)


def _names_columns(line: str) -> bool:
    return any(columns_of(cells_of(line, delimiter)) is not None for delimiter in DELIMITERS)


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of a line."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.rstrip("\r\n").split(delimiter)


def rows_of(
    numbered: Iterator[tuple[int, str]],
    delimiter: str | None,
    remarks: Remarks,
    lines_in_a_cell: int = LINES_IN_A_CELL,
) -> Iterator[Row | BadLine]:
    """The rows of the numbered lines below a header; ``delimiter`` None: each line is one cell."""
    waiting: deque[tuple[int, str]] = deque()
    while True:
        if not waiting:
            for number, line in numbered:
                if line[:1] not in _ORDINARY or '"' in line or len(line) > _LONGEST_LINE:
                    waiting.append((number, line))
                    break
                text = line.rstrip("\r\n")
                yield number, text.split(delimiter) if delimiter else [text]
        if not waiting:
            return
        number, line = waiting.popleft()
        if not line.strip():
            continue
        if is_remark(line):
            remarks.count += 1
        elif len(line) > _LONGEST_LINE:
            yield BadLine(number, "line", LineTooLong(_LONGEST_LINE), line[:60])
        elif '"' not in line:
            text = line.rstrip("\r\n")
            yield number, text.split(delimiter) if delimiter else [text]
        else:
            yield _quoted_row(number, line, delimiter or ",", numbered, waiting, lines_in_a_cell)


def _quoted_row(
    number: int, line: str, delimiter: str, numbered: Iterator[tuple[int, str]], waiting: deque[tuple[int, str]],
    lines_in_a_cell: int,
) -> Row | BadLine:  # fmt: skip
    """One row that may go over several lines; those that were looked at in vain are put back for later."""
    taken: list[tuple[int, str]] = []

    def lines() -> Iterator[str]:
        yield line
        while len(taken) < lines_in_a_cell:
            following = waiting.popleft() if waiting else next(numbered, None)
            if following is None:
                return
            taken.append(following)
            yield following[1]

    try:
        return number, next(csv.reader(lines(), delimiter=delimiter, strict=True))
    except csv.Error:
        waiting.extendleft(reversed(taken))
        return BadLine(number, "line", LineFault.QUOTATION_MARKS_DO_NOT_MATCH, line.strip()[:60])
