"""The segments of clients as they were computed last, with the numbers by which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.sales.borders import Borders, borders_of
from app.words.segment_words import abc_reason, loyalty_reason, stage_reason, xyz_reason
from models import ClientSegment, SegmentState
from models.segment import LifeCycle, Loyalty


class ReasonsOut(BaseModel):
    """Why: sentences, and the numbers in them. Amounts are in `currency`; shares and the variation are percentages."""

    abc: str | None = None
    xyz: str | None = None
    life_cycle: str | None = None
    loyalty: str | None = None
    currency: str | None = Field(None, examples=["EUR"])
    since: date | None = Field(None, description="From this day on revenue counts.")
    revenue: float | None = None
    share: float | None = None
    cumulated: float | None = Field(None, description="Of everybody who brings as much or more.")
    months: int | None = Field(None, description="Whole months whose amounts are compared.")
    monthly: float | None = None
    variation: float | None = None
    first_sale: date | None = None
    last_sale: date | None = None
    back_on: date | None = Field(None, description="When they came back last after they were lost.")
    sales: int = 0
    returns: int = 0
    active_months: int | None = None
    repeat_share: float | None = Field(None, description="Of what was paid, what did not come with the first purchase.")
    relation_days: int | None = None
    products_used: int | None = None
    products_meant: int | None = None


class SegmentsOut(BaseModel):
    """The segments of a client; null where there are no sales to tell."""

    abc: str | None = Field(None, description="`A`, `B` or `C`, by the cumulated share of revenue.")
    xyz: str | None = Field(None, description="`X`, `Y` or `Z`, by how much the monthly amounts vary.")
    life_cycle: LifeCycle = LifeCycle.POTENTIAL
    loyalty: Loyalty | None = None
    reasons: ReasonsOut = Field(default_factory=ReasonsOut)


@dataclass(frozen=True, slots=True)
class SegmentReader:
    """What the sentences need besides a client's numbers; ``state`` is None as long as nothing was computed."""

    state: SegmentState | None
    borders: Borders

    def out(self, row: ClientSegment | None) -> SegmentsOut:
        """What is told of a client."""
        if row is None or self.state is None:
            nothing = stage_reason(LifeCycle.POTENTIAL, None, None, None)
            return SegmentsOut(reasons=ReasonsOut(life_cycle=nothing))
        state, borders, stage = self.state, self.borders, LifeCycle(row.life_cycle)
        reasons = ReasonsOut(
            life_cycle=stage_reason(stage, row.first_day, row.last_day, row.back_day), currency=state.currency,
            since=state.since, revenue=_number(row.revenue), share=_number(row.share), cumulated=_number(row.cumulated),
            months=row.months, monthly=_number(row.monthly), variation=_number(row.variation),
            first_sale=row.first_day, last_sale=row.last_day,
            back_on=row.back_day, sales=row.settlements, returns=row.returns, active_months=row.active_months,
            repeat_share=_number(row.repeat_share), relation_days=row.relation_days, products_used=row.products_used,
            products_meant=row.products_meant,
        )  # fmt: skip
        if row.abc is not None and row.revenue is not None:
            reasons.abc = abc_reason(
                row.revenue, row.share, row.cumulated, state.since, state.currency, borders.abc_a, borders.abc_b
            )
        if row.xyz is not None:
            reasons.xyz = xyz_reason(
                row.variation, row.monthly, row.months, state.currency, borders.xyz_x, borders.xyz_y
            )
        if row.loyalty is not None and row.loyalty_share is not None:
            reasons.loyalty = loyalty_reason(row.active_months, row.loyalty_months, row.loyalty_share)
        loyalty = Loyalty(row.loyalty) if row.loyalty is not None else None
        return SegmentsOut(abc=row.abc, xyz=row.xyz, life_cycle=stage, loyalty=loyalty, reasons=reasons)


async def segment_reader(session: AsyncSession, tenant_id: str) -> SegmentReader:
    """For the clients of a company."""
    return SegmentReader(await session.get(SegmentState, tenant_id), await borders_of(session, tenant_id))


async def segments_of(session: AsyncSession, tenant_id: str, client_ids: Sequence[str]) -> dict[str, SegmentsOut]:
    """The segments of these clients, by id."""
    reader = await segment_reader(session, tenant_id)
    rows = await session.scalars(
        select(ClientSegment).where(ClientSegment.tenant_id == tenant_id, ClientSegment.client_id.in_(client_ids))
    )
    found = {row.client_id: row for row in rows}
    return {one: reader.out(found.get(one)) for one in client_ids}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
