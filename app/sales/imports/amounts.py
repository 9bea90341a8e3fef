"""Amounts of money as files write them: ``1 234,56``, ``1,234.56``, ``(12.00)``, ``-5 €``, ``5,-``. Pure."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from babel import Locale

LARGEST: Final = Decimal(10) ** 12
"""An amount is below this; what is larger is no sale."""
_CENT: Final = Decimal("0.01")
_SIGNS: Final = {
    "€": "EUR", "$": "USD", "£": "GBP", "₽": "RUB", "¥": "JPY", "₴": "UAH", "₸": "KZT", "zł": "PLN", "руб.": "RUB",
    "руб": "RUB", "р.": "RUB", "chf": "CHF",
}  # fmt: skip
_AMOUNT: Final = re.compile(r"(?P<before>[^\d.,]*)(?P<digits>[\d.,'’\s]*\d[.,]?)(?P<after>[^\d]*)", re.DOTALL)
_CODE: Final = re.compile(r"[A-Za-z]{3}")
_MINUSES: Final = str.maketrans({"−": "-", "–": "-", "—": "-", "\u2010": "-", "\u2011": "-"})
_GROUPED: Final = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_NO_CENTS: Final = re.compile(r"\s*-{1,2}")
"""What stands behind the mark in place of the cents of a round price."""
_BETWEEN: Final = re.compile(r"[\s'’]")
_KNOWN_CODES: Final = frozenset(Locale("en").currencies)


class AmountUnreadable(ValueError):
    """The text is no amount."""


class AmountTooSmall(AmountUnreadable):
    """Less than half a cent, and not nothing."""


def mark_of(cells: Iterable[str], usual: str) -> str:
    """The decimal mark, ``.`` or ``,``, of the amounts in ``cells``: what they show that can be read in one way only; else
    ``usual``."""
    for cell in cells:
        found = _AMOUNT.fullmatch(cell.strip())
        digits = _BETWEEN.sub("", found["digits"]) if found else ""
        last = max(digits.rfind("."), digits.rfind(","))
        if last < 0:
            continue
        mark, other = digits[last], "," if digits[last] == "." else "."
        if digits.count(mark) > 1:
            return other
        if other in digits or not _may_group(digits, last):
            return mark
    return usual


def read_amount(text: str, mark: str) -> tuple[Decimal, str]:
    """The amount, to the cent, and the currency (ISO 4217) that stands beside it, empty for none. ``mark`` is the decimal
    mark where the text can be read in two ways; a dash behind it stands for no cents. Raises :class:`AmountUnreadable`."""
    plain = text.translate(_MINUSES).strip()
    negative = plain.startswith("(") and plain.endswith(")")
    found = _AMOUNT.fullmatch(plain[1:-1] if negative else plain)
    if found is None:
        raise AmountUnreadable(text)
    before, after, digits = found["before"].strip(), found["after"].strip(), _BETWEEN.sub("", found["digits"])
    if digits[-1] in ".," and (dash := _NO_CENTS.match(after)) is not None:
        after, digits = after[dash.end() :].strip(), _without_groups(digits[:-1])
        if "-" in after or not digits.isdecimal():
            raise AmountUnreadable(text)
    for one in (before, after):
        if one.count("-") > 1 or (one.count("-") and negative):
            raise AmountUnreadable(text)
    negative = negative or "-" in before or "-" in after
    currency = _currency(before.strip("-+ ")) or _currency(after.strip("-+ "))
    for one in (before, after):
        if (rest := one.strip("-+ ")) and not _currency(rest):
            raise AmountUnreadable(text)
    exact = _number(digits, mark)
    if exact is None or exact >= LARGEST:
        raise AmountUnreadable(text)
    amount = exact.quantize(_CENT, ROUND_HALF_UP)
    if exact and not amount:
        raise AmountTooSmall(text)
    return (-amount if negative else amount), currency


def read_currency(text: str) -> str:
    """The ISO 4217 code that a cell means; empty for none. Raises :class:`AmountUnreadable`."""
    plain = text.strip()
    if not plain:
        return ""
    if not (code := _currency(plain)):
        raise AmountUnreadable(text)
    return code


def _currency(text: str) -> str:
    if (sign := _SIGNS.get(text.lower())) is not None:
        return sign
    code = text.upper()
    return code if _CODE.fullmatch(text) and code in _KNOWN_CODES else ""


def _may_group(digits: str, last: int) -> bool:
    """Whether the mark at ``last`` may group digits by three: those of 0,500 it does not."""
    return len(digits) - last - 1 == 3 and not digits.startswith("0")


def _without_groups(digits: str) -> str:
    return re.sub("[.,]", "", digits) if _GROUPED.fullmatch(digits) else digits


def _number(digits: str, mark: str) -> Decimal | None:
    if not digits.isascii():
        return None
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        here, other = digits[last], "," if digits[last] == "." else "."
        if digits.count(here) > 1 or (here != mark and other not in digits and _may_group(digits, last)):
            # It groups digits by three.
            if other in digits or not _GROUPED.fullmatch(digits):
                return None
            digits = digits.replace(here, "")
        else:
            whole, fraction = digits[:last], digits[last + 1 :]
            if other in whole and not _GROUPED.fullmatch(whole):
                return None
            digits = f"{whole.replace(other, '')}.{fraction}"
    if len(digits) > 30:
        return None
    return Decimal(digits)
