"""A file of clients as rows of cells below a header."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Final

from app.base import limits
from app.base.problems.files import FileFault
from app.clients.imports.columns import chosen, has_numbers, recognised
from app.lists.files.columns import folded_name
from app.lists.files.decoded_file import FileUnreadable
from app.lists.files.table import (
    DELIMITERS,
    FEWEST_DIGITS,
    HEADER_WITHIN,
    BadLine,
    Remarks,
    Row,
    cells_of,
    delimiter_said,
    is_remark,
    likely_delimiter,
    rows_of,
)
from app.lists.import_options import OWN_FIELD

_LINES_IN_A_CELL: Final = limits.TEXT + 10
"""Each character of what is written about somebody may be a line break."""


@dataclass(slots=True)
class ClientTable:
    """``fields`` says what each column is (None: not read), ``names`` what the header calls it; ``rows`` are below it."""

    fields: tuple[str | None, ...]
    names: tuple[str, ...]
    rows: Iterator[Row | BadLine]
    remarks: Remarks

    def find_own_fields(self, names: Collection[str], *, is_told: bool) -> None:
        """Read the columns that are called like a field of the company's own (one of ``names``) as that field, unless it is
        told what each column is; no column is one of a field that there is not."""
        alike = {folded_name(name): f"{OWN_FIELD}{name}" for name in names}
        known, taken = set(alike.values()), set(self.fields)
        fields: list[str | None] = []
        for kind, name in zip_longest(self.fields, self.names[: len(self.fields)], fillvalue=""):
            found = alike.get(folded_name(name or "")) if not kind and not is_told else None
            if found is not None and found not in taken:
                taken.add(found)
                fields.append(found)
            else:
                fields.append(None if kind and kind.startswith(OWN_FIELD) and kind not in known else kind or None)
        self.fields = tuple(fields)

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of columns that say nothing to us."""
        return tuple(
            name for name, field in zip(self.names, self.fields, strict=False) if field is None and name.strip()
        )


def read_client_table(lines: Iterable[str], fields: tuple[str | None, ...] | None = None) -> ClientTable:
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
            return _as_chosen(fields, looked_at[0], numbered, forced, remarks)
        if (found := _header_in(line, forced)) is not None:
            delimiter, kinds, cells = found
            remarks.count += len(looked_at) - 1
            rows = rows_of(numbered, delimiter, remarks, _LINES_IN_A_CELL)
            return ClientTable(kinds, tuple(cell.strip() for cell in cells), rows, remarks)
        if len(looked_at) == HEADER_WITHIN:
            break
    raise FileUnreadable(FileFault.NO_CLIENT_COLUMNS if looked_at else FileFault.EMPTY)


def _header_in(line: str, forced: str | None) -> tuple[str, tuple[str | None, ...], list[str]] | None:
    found: tuple[str, tuple[str | None, ...], list[str]] | None = None
    for delimiter in (forced,) if forced else DELIMITERS:
        cells = cells_of(line, delimiter)
        kinds = recognised(cells)
        if kinds is not None and (found is None or len(cells) > len(found[2])):
            found = delimiter, kinds, cells
    return found


def _as_chosen(
    fields: tuple[str | None, ...], first: tuple[int, str], numbered: Iterator[tuple[int, str]], forced: str | None,
    remarks: Remarks,
) -> ClientTable:  # fmt: skip
    delimiter = forced or likely_delimiter(first[1])
    cells = cells_of(first[1], delimiter)
    kinds = chosen(fields, len(cells))
    if not has_numbers(kinds):
        raise FileUnreadable(FileFault.NO_CLIENT_COLUMNS)
    digits = max(
        sum(one.isdigit() for one in cell) for cell, kind in zip(cells, kinds, strict=True) if has_numbers([kind])
    )
    names = tuple(cell.strip() for cell in cells)
    if digits >= FEWEST_DIGITS:
        numbered, names = chain([first], numbered), ()
    return ClientTable(kinds, names, rows_of(numbered, delimiter, remarks, _LINES_IN_A_CELL), remarks)
