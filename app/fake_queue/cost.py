"""What the fake queue costs: seconds and a rate, never a price list of ours. Providers change their prices; what a company
pays for a minute is on its own bill."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from babel.numbers import format_currency
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.language import locale
from app.company.company import treatments_of
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from models import FakeQueueRate

_PLACES: Final = Decimal("0.0001")
"""Rates are fractions of a cent."""


class Rate(NamedTuple):
    """``per_minute``, in ``currency`` (ISO 4217), is None while nobody has entered it; the provider counts by ``increment``
    seconds, each begun one whole."""

    per_minute: Decimal | None
    increment: int
    currency: str

    def cost(self, billed_seconds: float) -> Decimal | None:
        """The cost of seconds that are whole increments already."""
        if self.per_minute is None:
            return None
        return (Decimal(round(billed_seconds)) / 60 * self.per_minute).quantize(_PLACES)

    def cost_of_call(self, seconds: float) -> Decimal | None:
        """The cost of one call of so many seconds."""
        return self.cost(math.ceil(max(seconds, 0.0) / self.increment) * self.increment)


@dataclass(frozen=True, slots=True)
class Tariff:
    """The company's rate of now, and those of the lines (by their numbers) that have their own; and what held before.

    A call is priced by the rate that was in force when it began. ``moments`` are those in which a rate was changed, and
    divide time into periods: 0 is before the first. ``of_company`` and ``of_lines`` (by the lines' ids) have the rate of
    each period."""

    company: Rate
    lines: Mapping[str, Rate]
    moments: tuple[datetime, ...]
    of_company: tuple[Rate, ...]
    of_lines: Mapping[str, tuple[Rate, ...]]

    @property
    def currency(self) -> str:
        """That of now."""
        return self.company.currency

    def in_period(self, line_id: str, period: int) -> Rate:
        """The rate of a line, or the company's where it has none of its own."""
        return self.of_lines.get(line_id, self.of_company)[period]

    def at(self, line_id: str, moment: datetime) -> Rate:
        """The rate of a line for calls that begin at ``moment`` (aware)."""
        return self.in_period(line_id, bisect_right(self.moments, moment))

    def words(self, cost: Decimal | None, currency: str = "") -> str:
        """``€1.31``, in the currency of now unless another is named; empty where no rate was entered."""
        return "" if cost is None else str(format_currency(cost, currency or self.currency, locale=locale()))


async def tariff_of(session: AsyncSession, tenant: TenantRows) -> Tariff:
    """What the company has entered so far. What it entered first holds for everything before as well: nothing else is known
    of that time."""
    row = tenant.rows["company"][tenant.tenant_id]
    nothing = _chosen_rate(treatments_of(row | {"treatments": {}}))
    company = _chosen_rate(treatments_of(row))
    lines = {}
    for line in tenant.rows["line"].values():
        own, increment = _decimal(line.get("rate_per_minute")), line.get("billing_increment_seconds")
        per_minute = company.per_minute if own is None else own
        lines[line["number"]] = Rate(per_minute, increment or company.increment, company.currency)
    mine = select(FakeQueueRate).where(FakeQueueRate.tenant_id == tenant.tenant_id).order_by(FakeQueueRate.since)
    entered = list(await session.scalars(mine))
    moments = sorted({one.since for one in entered})
    in_force: dict[str, list[FakeQueueRate | None]] = {}
    for line_id in dict.fromkeys(("", *(one.line_id for one in entered))):
        own_rates = [one for one in entered if one.line_id == line_id]
        since = [one.since for one in own_rates]
        places = [bisect_right(since, moment) for moment in moments]
        in_force[line_id] = [None, *(own_rates[place - 1] if place else None for place in places)]
    of_company = [_rate(one, nothing) for one in in_force.pop("")]
    of_lines = {
        line_id: _from_the_beginning([_rate(one, whole) for one, whole in zip(rates, of_company, strict=True)])
        for line_id, rates in in_force.items()
    }
    return Tariff(company, lines, tuple(moments), _from_the_beginning(of_company), of_lines)


def _chosen_rate(chosen: Row) -> Rate:
    return Rate(_decimal(chosen["rate_per_minute"]), chosen["billing_increment_seconds"], chosen["currency"])


def _rate(entered: FakeQueueRate | None, whole: Rate) -> Rate:
    """What was entered, with ``whole`` for what was not."""
    if entered is None:
        return whole
    per_minute = whole.per_minute if entered.per_minute is None else _decimal(entered.per_minute)
    return Rate(per_minute, entered.increment or whole.increment, entered.currency or whole.currency)


def _from_the_beginning(rates: Sequence[Rate]) -> tuple[Rate, ...]:
    first = next((place for place, rate in enumerate(rates) if rate.per_minute is not None), 0)
    return (*([rates[first]] * first), *rates[first:])


def sum_of(costs: list[Decimal | None]) -> Decimal | None:
    """All together; None where one of them is not known, since less than the whole would mislead."""
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal(0)) if len(known) == len(costs) else None


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
