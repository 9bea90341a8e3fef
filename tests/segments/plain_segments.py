"""Segments computed a second time, in plain Python with fractions, straight from what ``docs/segments.md`` says."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from app.sales.borders import Borders


@dataclass(frozen=True)
class PlainSale:
    client: str
    day: date
    amount: Fraction
    currency: str = "EUR"
    product: str = ""


@dataclass(frozen=True)
class Plain:
    abc: str | None
    xyz: str | None
    life_cycle: str
    loyalty: str | None
    repeat: Fraction | None
    relation: int | None


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def number_of_month(day: date) -> int:
    return day.year * 12 + day.month


def stage(settled: list[date], today: date, borders: Borders) -> str:
    days = sorted({one for one in settled if one <= today})
    if not days:
        return "potential"
    if months_later(days[-1], borders.lost_months) <= today:
        return "lost"
    back = [after for before, after in pairwise(days) if months_later(before, borders.lost_months) <= after]
    if back and months_later(back[-1], borders.new_months) > today:
        return "restored"
    return "new" if months_later(days[0], borders.new_months) > today else "regular"


def plain_segments(sales: Iterable[PlainSale], today: date, borders: Borders) -> dict[str, Plain]:
    of_client: dict[str, list[PlainSale]] = defaultdict(list)
    for sale in sales:
        if sale.day <= today:
            of_client[sale.client].append(sale)
    worth = {"EUR": Fraction(1)} | {currency: Fraction(rate) for currency, rate in borders.rates.items()}
    since = number_of_month(today) - borders.months + 1
    revenue = {}
    for client, theirs in of_client.items():
        counted = [one for one in theirs if number_of_month(one.day) >= since and one.currency in worth]
        if counted:
            revenue[client] = sum((one.amount * worth[one.currency] for one in counted), Fraction())
    return {
        client: _plain(client, theirs, revenue, worth, since, today, borders) for client, theirs in of_client.items()
    }


def _abc(client: str, revenue: dict[str, Fraction], borders: Borders) -> str | None:
    if client not in revenue:
        return None
    if revenue[client] <= 0:
        return "C"
    if revenue[client] == max(revenue.values()):
        return "A"
    total = sum(one for one in revenue.values() if one > 0)
    cumulated = sum(one for one in revenue.values() if one >= revenue[client])
    share = 100 * Fraction(cumulated) / total
    return "A" if share <= borders.abc_a else "B" if share <= borders.abc_b else "C"


def _xyz(amounts: list[Fraction], borders: Borders) -> str:
    if len(amounts) < 2 or sum(amounts) <= 0:
        return "Z"
    mean = sum(amounts) / len(amounts)
    variance = sum((one - mean) ** 2 for one in amounts) / len(amounts)
    squared = variance / mean**2
    if squared <= (Fraction(borders.xyz_x) / 100) ** 2:
        return "X"
    return "Y" if squared <= (Fraction(borders.xyz_y) / 100) ** 2 else "Z"


def _plain(
    client: str, theirs: list[PlainSale], revenue: dict[str, Fraction], worth: dict[str, Fraction], since: int,
    today: date, borders: Borders,
) -> Plain:  # fmt: skip
    settled = sorted(one.day for one in theirs if one.amount > 0)
    life = stage(settled, today, borders)
    abc = _abc(client, revenue, borders)
    if not settled:
        return Plain(abc, abc and "Z", life, None, None, None)
    this_month, begin = number_of_month(today), max(since, number_of_month(settled[0]))
    amounts = [
        sum(
            (one.amount * worth[one.currency] for one in theirs
             if number_of_month(one.day) == month and one.currency in worth),
            Fraction(),
        )
        for month in range(begin, this_month)
    ]  # fmt: skip
    bought = {number_of_month(one) for one in settled if number_of_month(one) >= begin}
    loyal = Fraction(100 * len(bought), this_month - begin + 1)
    paid = [one for one in theirs if one.amount > 0 and one.currency in worth and number_of_month(one.day) >= since]
    total = sum((one.amount * worth[one.currency] for one in paid), Fraction())
    again = sum((one.amount * worth[one.currency] for one in paid if one.day > settled[0]), Fraction())
    return Plain(
        abc, abc and _xyz(amounts, borders), life,
        "high" if loyal >= borders.loyal_high else "medium" if loyal >= borders.loyal_medium else "low",
        100 * again / total if total else None,
        ((settled[-1] if life == "lost" else today) - settled[0]).days,
    )  # fmt: skip
