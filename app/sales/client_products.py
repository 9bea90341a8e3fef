"""How a client stands to each product: what sales say, or what somebody has said since."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Form
from sqlalchemy import Date, cast, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.errors import NotFound
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.edits.edit import Edit
from app.plan.rows import Row
from app.sales.offer import ProductFor, product_to_offer, segments_of_client
from models import ClientSegment, Product, ProductSold, ProductState
from models.segment import LifeCycle, ProductStanding

FIRST_DAY: Final = date(1970, 1, 1)
Since = Annotated[date | None, Form(ge=FIRST_DAY)]
"""The day on which something was said, as a form has it."""


async def products_for(session: AsyncSession, tenant_id: str, client_id: str, zone: ZoneInfo) -> list[ProductFor]:
    """Every product of the company as it stands to the client, by name. Somebody's word counts from the day after the last
    sale on: whoever buys has it, whatever was said before."""
    own = await session.get(ClientSegment, {"tenant_id": tenant_id, "client_id": client_id})
    mine = segments_of_client(own.abc, own.xyz, own.life_cycle) if own else frozenset({LifeCycle.POTENTIAL.value})
    buyers = (
        select(ProductSold.product_id, func.count().label("buyers"))
        .where(ProductSold.tenant_id == tenant_id)
        .group_by(ProductSold.product_id)
        .subquery()
    )
    query = (
        select(
            Product.id, Product.name, Product.segments, ProductSold.first_day, ProductSold.last_day, ProductState.state,
            ProductState.at, func.coalesce(buyers.c.buyers, 0),
        )
        .outerjoin(buyers, buyers.c.product_id == Product.id)
        .outerjoin(
            ProductSold,
            (ProductSold.tenant_id == Product.tenant_id) & (ProductSold.product_id == Product.id)
            & (ProductSold.client_id == client_id),
        )
        .outerjoin(
            ProductState,
            (ProductState.tenant_id == Product.tenant_id) & (ProductState.product_id == Product.id)
            & (ProductState.client_id == client_id),
        )
        .where(Product.tenant_id == tenant_id)
        .order_by(Product.name, Product.id)
    )  # fmt: skip
    found = []
    for product_id, name, segments, first, last, said, at, count in await session.execute(query):
        standing, since = _standing(first, last, said, at, zone)
        found.append(ProductFor(product_id, name, not mine.isdisjoint(segments), standing, since, count))
    return found


def _standing(
    first: date | None, last: date | None, said: str | None, at: datetime | None, zone: ZoneInfo
) -> tuple[ProductStanding, date | None]:
    day = at.astimezone(zone).date() if at is not None else None
    if said is not None and (last is None or (day is not None and day > last)):
        return ProductStanding(said), day
    return (ProductStanding.HAS, first) if first is not None else (ProductStanding.NOT_YET, None)


async def offer_for(
    session: AsyncSession, tenant_id: str, client_id: str, zone: ZoneInfo, today: date
) -> ProductFor | None:
    """The one product to offer the client now, for one line of the card; None for none."""
    return product_to_offer(await products_for(session, tenant_id, client_id, zone), today)


def moment_of(since: date | None, zone: ZoneInfo, now: datetime) -> datetime:
    """When something was said that counts ``since`` a day of ``zone``: now without one, and never later."""
    return min(now, datetime.combine(since, time(12), zone)) if since else now


async def say_standing(edit: Edit, client_id: str, product_id: str, standing: ProductStanding, at: datetime) -> None:
    """What whoever edits says about a product and a client, as of ``at`` (UTC). Raises :class:`NotFound` for a product that
    there is not."""
    product = None
    if is_storable(product_id):
        product = await edit.session.get(Product, {"tenant_id": edit.tenant_id, "id": product_id})
    if product is None:
        raise NotFound(RequestFault.NOT_FOUND)
    values = {"state": standing.value, "at": at, "actor": edit.actor}
    await edit.session.execute(
        insert(ProductState)
        .values(tenant_id=edit.tenant_id, client_id=client_id, product_id=product_id, **values)
        .on_conflict_do_update(index_elements=["client_id", "product_id", "tenant_id"], set_=values)
    )
    said: Row = {"product_id": product_id, "state": standing.value}
    edit.record_act("change", ProductState.__tablename__, client_id, None, said)


async def matrix_counts(
    session: AsyncSession, tenant_id: str, segment_columns: Sequence[str], zone: str
) -> dict[tuple[str, str], dict[ProductStanding, int]]:
    """By segment and product, how many clients stand how; who has said and bought nothing is not counted."""
    # Sales are many and words are few: everybody who has bought is counted first, then put right by what was said since.
    kind = (ClientSegment.abc, ClientSegment.xyz, ClientSegment.life_cycle)
    segment = (ClientSegment.tenant_id == tenant_id) & (ClientSegment.client_id == ProductSold.client_id)
    bought = (
        select(*kind, ProductSold.product_id, func.count())
        .outerjoin(ClientSegment, segment)
        .where(ProductSold.tenant_id == tenant_id)
        .group_by(*kind, ProductSold.product_id)
    )
    has_bought = ProductSold.last_day.is_not(None)
    said = (
        select(*kind, ProductState.product_id, ProductState.state, has_bought, func.count())
        .outerjoin(
            ProductSold,
            (ProductSold.tenant_id == tenant_id) & (ProductSold.client_id == ProductState.client_id)
            & (ProductSold.product_id == ProductState.product_id),
        )
        .outerjoin(
            ClientSegment,
            (ClientSegment.tenant_id == tenant_id) & (ClientSegment.client_id == ProductState.client_id),
        )
        .where(
            ProductState.tenant_id == tenant_id,
            or_(
                ProductSold.last_day.is_(None),
                cast(func.timezone(zone, ProductState.at), Date) > ProductSold.last_day,
            ),
        )
        .group_by(*kind, ProductState.product_id, ProductState.state, has_bought)
    )  # fmt: skip
    found: dict[tuple[str, str], dict[ProductStanding, int]] = {}

    def add(segments: Iterable[str], product_id: str, how: ProductStanding, count: int) -> None:
        for one in segments:
            if one in segment_columns:
                cell = found.setdefault((one, product_id), dict.fromkeys(ProductStanding, 0))
                cell[how] += count

    for abc, xyz, stage, product_id, count in await session.execute(bought):
        add(segments_of_client(abc, xyz, stage or LifeCycle.POTENTIAL.value), product_id, ProductStanding.HAS, count)
    for abc, xyz, stage, product_id, how, is_buyer, count in await session.execute(said):
        segments = segments_of_client(abc, xyz, stage or LifeCycle.POTENTIAL.value)
        add(segments, product_id, ProductStanding(how), count)
        if is_buyer:
            add(segments, product_id, ProductStanding.HAS, -count)
    return found
