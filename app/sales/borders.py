"""The borders between segments: a company's own, or those that everybody begins with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from models import SegmentBorders

ID: Final = "borders"
"""Of the one row."""


@dataclass(frozen=True, slots=True)
class Borders:
    """Percentages and months. ``months`` of revenue count, the current one included. Clients are A as long as the cumulated
    share is at most ``abc_a``, B to ``abc_b``; X as long as the monthly amounts vary by at most ``xyz_x``, Y to ``xyz_y``.
    A client is new, and restored, for ``new_months``, and lost when nothing was bought for ``lost_months``. Loyalty is high
    from ``loyal_high`` percent of the months on, medium from ``loyal_medium``. ``rates`` are what one unit of another
    currency is worth in the company's. ``suggests`` has the ids of the categories that segments suggest, by segment."""

    months: int = 12
    abc_a: Decimal = Decimal(50)
    abc_b: Decimal = Decimal(79)
    xyz_x: Decimal = Decimal(10)
    xyz_y: Decimal = Decimal(25)
    new_months: int = 3
    lost_months: int = 3
    loyal_high: Decimal = Decimal(75)
    loyal_medium: Decimal = Decimal(40)
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    suggests: Mapping[str, str] = field(default_factory=dict)

    def since(self, day: date) -> date:
        """The first day that counts for revenue on ``day``."""
        return months_before(day.replace(day=1), self.months - 1)


def months_before(first: date, months: int) -> date:
    """The first day of the month that is ``months`` before that of ``first``."""
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return date(year, month + 1, 1)


async def borders_of(session: AsyncSession, tenant_id: str) -> Borders:
    """The company's."""
    row = await session.get(SegmentBorders, {"tenant_id": tenant_id, "id": ID})
    return borders_in(row) if row is not None else Borders()


def borders_in(row: SegmentBorders) -> Borders:
    """What a row says."""
    return Borders(
        row.months, row.abc_a, row.abc_b, row.xyz_x, row.xyz_y, row.new_months, row.lost_months, row.loyal_high,
        row.loyal_medium, {currency: Decimal(rate) for currency, rate in row.rates.items()},
        {segment: str(category_id) for segment, category_id in row.suggests.items()},
    )  # fmt: skip
