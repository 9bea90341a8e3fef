"""A file of sales as rows of cells below a header."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from app.base.problems.files import FileFault
from app.lists.files.decoded_file import FileUnreadable
from app.lists.files.table import (
    DELIMITERS,
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
from app.sales.imports.columns import AMOUNT, DATE, NEEDED, chosen, recognised


@dataclass(slots=True)
class SaleTable:
    """``fields`` says what each column is (None: not read), ``names`` what the header calls it; ``rows`` are below it."""

    fields: tuple[str | None, ...]
    names: tuple[str, ...]
    rows: Iterator[Row | BadLine]
    remarks: Remarks

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of columns that say nothing to us."""
        return tuple(
            name for name, field in zip(self.names, self.fields, strict=False) if field is None and name.strip()
        )


def read_sale_table(lines: Iterable[str], fields: tuple[str | None, ...] | None = None) -> SaleTable:
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
        for delimiter in (forced,) if forced else DELIMITERS:
            cells = cells_of(line, delimiter)
            if (kinds := recognised(cells)) is not None:
                remarks.count += len(looked_at) - 1
                names = tuple(cell.strip() for cell in cells)
                return SaleTable(kinds, names, rows_of(numbered, delimiter, remarks), remarks)
        if len(looked_at) == HEADER_WITHIN:
            break
    raise FileUnreadable(FileFault.NO_SALES_COLUMNS if looked_at else FileFault.EMPTY)


def _as_chosen(
    fields: tuple[str | None, ...], first: tuple[int, str], numbered: Iterator[tuple[int, str]], forced: str | None,
    remarks: Remarks,
) -> SaleTable:  # fmt: skip
    delimiter = forced or likely_delimiter(first[1])
    cells = cells_of(first[1], delimiter)
    kinds = chosen(fields, len(cells))
    if not set(kinds) >= NEEDED:
        raise FileUnreadable(FileFault.NO_SALES_COLUMNS)
    names = tuple(cell.strip() for cell in cells)
    if all(any(one.isdigit() for one in cells[kinds.index(field)]) for field in (DATE, AMOUNT)):
        numbered, names = chain([first], numbered), ()
    return SaleTable(kinds, names, rows_of(numbered, delimiter, remarks), remarks)
