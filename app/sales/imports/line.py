"""One line of a file of sales: what it says, checked by itself and against who our clients are."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, TypeVar

from app.base import limits
from app.base.problems.files import (
    CellTooLong,
    ControlCharacter,
    LineFault,
    LineProblem,
    OtherNumberOfCells,
    SaleFault,
)
from app.base.search_text import folded
from app.lists.files.formula_guard import unguarded
from app.lists.files.headed_table import HeadedTable
from app.lists.files.table import BadLine, Row
from app.sales.imports.amounts import AmountTooSmall, AmountUnreadable, read_amount, read_currency
from app.sales.imports.buyers import Buyers
from app.sales.imports.columns import AMOUNT, CLIENT, CURRENCY, DATE, PRODUCT, REFERENCE
from app.sales.imports.days import EARLIEST, DayUnreadable, read_day

_BROKEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_REMEMBERED: Final = 200_000
Read = TypeVar("Read")


class SaleLine(NamedTuple):
    """What line ``line`` of a file says, in the order of the columns into which it is copied. ``client`` is the cell,
    ``client_id`` whom it means."""

    line: int
    client: str
    client_id: str
    day: date
    amount: Decimal
    currency: str
    product: str
    reference: str


class _Bad(Exception):
    def __init__(self, field: str, problem: LineProblem, value: str = "") -> None:
        super().__init__(problem)
        self.field, self.problem, self.value = field, problem, value


@dataclass(slots=True)
class SaleReader:
    """Reads the rows of ``table``. ``decimal_mark`` and ``month_first`` read what can be read in two ways; ``currency`` is
    that of amounts without one, ``latest`` the last day on which something can have been sold. ``products`` are names by
    their :func:`app.base.search_text.folded` form; new ones are added, up to :data:`app.base.limits.PRODUCTS`."""

    table: HeadedTable
    buyers: Buyers
    decimal_mark: str
    month_first: bool
    currency: str
    latest: date
    products: dict[str, str]
    _places: dict[str, int] = field(init=False)
    _days: dict[str, date] = field(default_factory=dict)
    _amounts: dict[str, tuple[Decimal, str]] = field(default_factory=dict)
    _named: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._places = {name: place for place, name in enumerate(self.table.fields) if name is not None}

    def read(self, row: Row | BadLine) -> SaleLine | BadLine:
        """What a row of the table says."""
        if isinstance(row, BadLine):
            return row
        line, cells = row
        try:
            return self._read(line, cells)
        except _Bad as bad:
            return BadLine(line, bad.field, bad.problem, _storable(bad.value))

    def _read(self, line: int, cells: list[str]) -> SaleLine:
        width = len(self.table.fields)
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            raise _Bad("line", OtherNumberOfCells(len(cells), width))
        client = self._cell(cells, CLIENT)
        found = self.buyers.find(client)
        if isinstance(found, SaleFault):
            raise _Bad(CLIENT, found, client)
        day = _remembered(self._days, self._cell(cells, DATE), self._day)
        amount, beside = _remembered(self._amounts, self._cell(cells, AMOUNT), self._amount)
        said = self._currency(self._cell(cells, CURRENCY))
        if said and beside and said != beside:
            raise _Bad(CURRENCY, SaleFault.TWO_CURRENCIES, said)
        product = _remembered(self._named, self._cell(cells, PRODUCT, limits.NAME), self._product)
        reference = self._cell(cells, REFERENCE, limits.NAME)
        return SaleLine(line, client, found, day, amount, said or beside or self.currency, product, reference)

    def _cell(self, cells: list[str], field: str, longest: int = limits.TYPED_NUMBER) -> str:
        place = self._places.get(field)
        if place is None or place >= len(cells):
            return ""
        text = unguarded(cells[place]).strip()
        if len(text) > longest:
            raise _Bad(field, CellTooLong(longest, len(text)), text)
        if (broken := _BROKEN.search(text)) is not None:
            is_control = ord(broken[0]) < 0x80
            raise _Bad(field, ControlCharacter(ord(broken[0])) if is_control else LineFault.NOT_UTF_8, text)
        return text

    def _day(self, text: str) -> date:
        if not text:
            raise _Bad(DATE, SaleFault.DATE_MISSING)
        try:
            day = read_day(text, month_first=self.month_first)
        except DayUnreadable as error:
            raise _Bad(DATE, SaleFault.DATE_UNREADABLE, text) from error
        if not EARLIEST <= day <= self.latest:
            raise _Bad(DATE, SaleFault.DATE_TOO_FAR_AWAY, text)
        return day

    def _amount(self, text: str) -> tuple[Decimal, str]:
        if not text:
            raise _Bad(AMOUNT, SaleFault.AMOUNT_MISSING)
        try:
            return read_amount(text, self.decimal_mark)
        except AmountTooSmall as error:
            raise _Bad(AMOUNT, SaleFault.AMOUNT_TOO_SMALL, text) from error
        except AmountUnreadable as error:
            raise _Bad(AMOUNT, SaleFault.AMOUNT_UNREADABLE, text) from error

    def _currency(self, text: str) -> str:
        try:
            return read_currency(text)
        except AmountUnreadable as error:
            raise _Bad(CURRENCY, SaleFault.CURRENCY_UNKNOWN, text) from error

    def _product(self, text: str) -> str:
        if not text:
            return ""
        name = " ".join(text.split())
        key = folded(name)
        if key not in self.products and len(self.products) >= limits.PRODUCTS:
            raise _Bad(PRODUCT, SaleFault.TOO_MANY_PRODUCTS, name)
        return self.products.setdefault(key, name)


def _remembered(known: dict[str, Read], text: str, read: Callable[[str], Read]) -> Read:
    """Files repeat themselves."""
    found = known.get(text)
    if found is None:
        if len(known) > _REMEMBERED:
            known.clear()
        found = known[text] = read(text)
    return found


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")[: limits.TYPED_NUMBER]
