"""A file of clients as rows of cells below a header."""

from collections.abc import Collection, Sequence
from itertools import zip_longest
from typing import Final

from app.base import limits
from app.base.problems.files import FileFault
from app.clients.imports.columns import SEVERAL, has_numbers, recognised
from app.lists.files.columns import folded_name
from app.lists.files.headed_table import HeadedTable, Kinds, Layout
from app.lists.files.table import FEWEST_DIGITS
from app.lists.import_options import OWN_FIELD

_LINES_IN_A_CELL: Final = limits.TEXT + 10
"""Each character of what is written about somebody may be a line break."""


def find_own_fields(table: HeadedTable, names: Collection[str], *, is_told: bool) -> None:
    """Read the columns that are called like a field of the company's own (one of ``names``) as that field, unless it is told
    what each column is; no column is one of a field that there is not."""
    alike = {folded_name(name): f"{OWN_FIELD}{name}" for name in names}
    known, taken = {f"{OWN_FIELD}{name}" for name in names}, set(table.fields)
    fields: list[str | None] = []
    for kind, name in zip_longest(table.fields, table.names[: len(table.fields)], fillvalue=""):
        found = alike.get(folded_name(name or "")) if not kind and not is_told else None
        if found is not None and found not in taken:
            taken.add(found)
            fields.append(found)
        else:
            fields.append(None if kind and kind.startswith(OWN_FIELD) and kind not in known else kind or None)
    table.fields = tuple(fields)


def _is_a_client(cells: Sequence[str], kinds: Kinds) -> bool:
    numbers = (cell for cell, kind in zip(cells, kinds, strict=True) if has_numbers([kind]))
    return any(sum(one.isdigit() for one in cell) >= FEWEST_DIGITS for cell in numbers)


CLIENT_LAYOUT: Final = Layout(
    recognised, has_numbers, _is_a_client, FileFault.NO_CLIENT_COLUMNS, SEVERAL, _LINES_IN_A_CELL
)
