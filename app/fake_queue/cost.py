"""What the fake queue costs: seconds and a rate, never a price list of ours. Providers change their prices; what a company
pays for a minute is on its own bill."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from babel.numbers import format_currency

from app.base.language import locale
from app.company.company import treatments_of
from app.plan.tenant_rows import TenantRows

_PLACES: Final = Decimal("0.0001")
"""Rates are fractions of a cent."""


class Rate(NamedTuple):
    """``per_minute`` is None while nobody has entered it; the provider counts by ``increment`` seconds, each begun one
    whole."""

    per_minute: Decimal | None
    increment: int

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
    """The company's rate in its currency (ISO 4217), and those of the lines (by their numbers) that have their own."""

    currency: str
    company: Rate
    lines: Mapping[str, Rate] = field(default_factory=dict)

    def of_line(self, number: str) -> Rate:
        """The rate of a line; the company's for one that is there no more."""
        return self.lines.get(number, self.company)

    def words(self, cost: Decimal | None) -> str:
        """``€1.31``; empty where no rate was entered."""
        return "" if cost is None else str(format_currency(cost, self.currency, locale=locale()))


def tariff_of(tenant: TenantRows) -> Tariff:
    """What the company has entered."""
    chosen = treatments_of(tenant.rows["company"][tenant.tenant_id])
    usual = Rate(_decimal(chosen["rate_per_minute"]), chosen["billing_increment_seconds"])
    lines = {}
    for row in tenant.rows["line"].values():
        own, increment = _decimal(row.get("rate_per_minute")), row.get("billing_increment_seconds")
        lines[row["number"]] = Rate(usual.per_minute if own is None else own, increment or usual.increment)
    return Tariff(chosen["currency"], usual, lines)


def sum_of(costs: list[Decimal | None]) -> Decimal | None:
    """All together; None where one of them is not known, since less than the whole would mislead."""
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal(0)) if len(known) == len(costs) else None


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
