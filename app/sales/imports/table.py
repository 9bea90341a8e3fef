"""A file of sales as rows of cells below a header."""

from collections.abc import Sequence
from typing import Final

from app.base.problems.files import FileFault
from app.lists.files.headed_table import Kinds, Layout
from app.sales.imports.columns import AMOUNT, DATE, NEEDED, recognised


def _is_enough(kinds: Kinds) -> bool:
    return set(kinds) >= NEEDED


def _is_a_sale(cells: Sequence[str], kinds: Kinds) -> bool:
    return all(any(one.isdigit() for one in cells[kinds.index(field)]) for field in (DATE, AMOUNT))


SALE_LAYOUT: Final = Layout(recognised, _is_enough, _is_a_sale, FileFault.NO_SALES_COLUMNS)
