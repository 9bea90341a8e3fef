"""A file below a header that is needed, in which each column is of some kind: clients, sales."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from app.base.problems.files import FileFault
from app.lists.files.decoded_file import FileUnreadable
from app.lists.files.table import (
    DELIMITERS,
    HEADER_WITHIN,
    LINES_IN_A_CELL,
    BadLine,
    Remarks,
    Row,
    cells_of,
    delimiter_said,
    is_remark,
    likely_delimiter,
    rows_of,
)

Kinds = tuple[str | None, ...]
"""What each column is; None: it is not read."""


@dataclass(slots=True)
class HeadedTable:
    """``fields`` says what each column is, ``names`` what the header calls it; ``rows`` are below it."""

    fields: Kinds
    names: tuple[str, ...]
    rows: Iterator[Row | BadLine]
    remarks: Remarks

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of columns that say nothing to us."""
        return tuple(
            name for name, field in zip(self.names, self.fields, strict=False) if field is None and name.strip()
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """What one kind of file looks like. ``recognised`` says what the columns below a header's cells are, None when these are
    no header; ``is_enough`` whether such columns will do, else the file is at ``fault``; ``is_row`` whether the cells of the
    first line are a row already. ``several`` are the kinds of which there may be more than one column."""

    recognised: Callable[[Sequence[str]], Kinds | None]
    is_enough: Callable[[Kinds], bool]
    is_row: Callable[[Sequence[str], Kinds], bool]
    fault: FileFault
    several: frozenset[str] = frozenset()
    lines_in_a_cell: int = LINES_IN_A_CELL

    def read(self, lines: Iterable[str], fields: Kinds | None = None) -> HeadedTable:
        """Recognise header and delimiter; ``fields`` says what the columns are, whatever the header calls them. Raises
        :class:`app.lists.files.decoded_file.FileUnreadable`."""
        numbered = enumerate(lines, 1)
        looked_at: list[tuple[int, str]] = []
        forced, remarks = None, Remarks()
        for number, line in numbered:
            if not line.strip() or (not looked_at and is_remark(line)):
                remarks.count += bool(line.strip())
                continue
            if not looked_at and forced is None and (forced := delimiter_said(line)) is not None:
                continue
            looked_at.append((number, line))
            if fields is not None:
                return self._as_chosen(fields, looked_at[0], numbered, forced, remarks)
            if (found := self._header_in(line, forced)) is not None:
                delimiter, kinds, cells = found
                remarks.count += len(looked_at) - 1
                return self._below(kinds, _names(cells), numbered, delimiter, remarks)
            if len(looked_at) == HEADER_WITHIN:
                break
        raise FileUnreadable(self.fault if looked_at else FileFault.EMPTY)

    def _header_in(self, line: str, forced: str | None) -> tuple[str, Kinds, list[str]] | None:
        """The delimiter that makes a header of the line; of two the one that cuts it into more cells."""
        found: tuple[str, Kinds, list[str]] | None = None
        for delimiter in (forced,) if forced else DELIMITERS:
            cells = cells_of(line, delimiter)
            kinds = self.recognised(cells)
            if kinds is not None and (found is None or len(cells) > len(found[2])):
                found = delimiter, kinds, cells
        return found

    def _as_chosen(
        self, fields: Kinds, first: tuple[int, str], numbered: Iterator[tuple[int, str]], forced: str | None,
        remarks: Remarks,
    ) -> HeadedTable:  # fmt: skip
        delimiter = forced or likely_delimiter(first[1])
        cells = cells_of(first[1], delimiter)
        kinds = first_of_each([*fields, *[None] * len(cells)][: len(cells)], self.several)
        if not self.is_enough(kinds):
            raise FileUnreadable(self.fault)
        if self.is_row(cells, kinds):
            return self._below(kinds, (), chain([first], numbered), delimiter, remarks)
        return self._below(kinds, _names(cells), numbered, delimiter, remarks)

    def _below(
        self, kinds: Kinds, names: tuple[str, ...], numbered: Iterator[tuple[int, str]], delimiter: str, remarks: Remarks
    ) -> HeadedTable:  # fmt: skip
        return HeadedTable(kinds, names, rows_of(numbered, delimiter, remarks, self.lines_in_a_cell), remarks)


def first_of_each(fields: Sequence[str | None], several: Collection[str] = ()) -> Kinds:
    """The columns, of which of two of one kind the first counts, but for kinds that ``several`` may be."""
    taken: set[str] = set()
    result: list[str | None] = []
    for field in fields:
        result.append(None if field in taken and field not in several else field)
        if field is not None:
            taken.add(field)
    return tuple(result)


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in cells)
