"""``/clients/{id}/products``: how a client stands to each product."""

from datetime import UTC, date, datetime, time
from typing import Final

from pydantic import BaseModel, Field

from app.auth.require import Board, Who
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base.errors import NotFound, Unprocessable
from app.base.problems.requests import RequestFault
from app.edits.confirmed_edit import confirmed_edit
from app.plan.zones import zone_of_company
from app.sales.client_products import FIRST_DAY, products_for, say_standing
from app.sales.offer import product_to_offer
from app.web.resource import ItemId, resource
from app.web.schema import Id, Input
from models import ClientCard
from models.segment import ProductStanding

FIRST_MOMENT: Final = datetime.combine(FIRST_DAY, time(), UTC)

router = resource("clients", "Who they are, their numbers, and how they stand with us.", write=Role.OPERATOR)


class ClientProductOut(BaseModel):
    """How a client stands to a product: by sales `has`, or what somebody has said after the last sale."""

    product_id: str
    product: str
    state: ProductStanding
    at: date | None = Field(description="Since when; null when nothing is known.")
    meant: bool = Field(description="Whether it is meant for such clients.")
    to_offer: bool = Field(description="The one that the card names, at most.")


class ClientProductsOut(BaseModel):
    """Every product."""

    items: list[ClientProductOut]


class ProductStandingIn(Input):
    """What is said about a product and a client."""

    product_id: Id
    state: ProductStanding
    at: datetime | None = Field(None, description="When it was; now, when left out.")


@router.get("/{item_id}/products", name="list_client_products")
async def list_products(board: Board, who: Who, item_id: ItemId) -> ClientProductsOut:
    """How the client stands to every product."""
    return await _products(board, who, item_id)


@router.put("/{item_id}/products", name="set_client_product")
async def set_product(board: Board, who: Who, item_id: ItemId, form: ProductStandingIn) -> ClientProductsOut:
    """Say how the client stands to one product."""
    await _known(board, who, item_id)
    now = board.clock()
    if form.at is not None and (form.at.tzinfo is None or not FIRST_MOMENT <= form.at <= now):
        raise Unprocessable(RequestFault.DAY_UNREADABLE, field="at")
    async with confirmed_edit(board, who) as edit:
        await say_standing(edit, item_id, form.product_id, form.state, form.at or now)
    return await _products(board, who, item_id)


async def _known(board: Board, who: Who, client_id: str) -> None:
    if client_id not in (await tenant_of(board, who)).rows[ClientCard.__tablename__]:
        raise NotFound(RequestFault.NOT_FOUND)


async def _products(board: Board, who: Who, client_id: str) -> ClientProductsOut:
    await _known(board, who, client_id)
    zone = zone_of_company(await tenant_of(board, who))
    async with board.sessions() as session:
        products = await products_for(session, who.tenant_id, client_id, zone)
    best = product_to_offer(products, board.clock().astimezone(zone).date())
    return ClientProductsOut(
        items=[
            ClientProductOut(
                product_id=one.id,
                product=one.name,
                state=one.standing,
                at=one.at,
                meant=one.meant,
                to_offer=one is best,
            )
            for one in products
        ]
    )
