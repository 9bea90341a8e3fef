"""What else to offer, on a client's page: said there that it was offered or refused, and taken back."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound
from app.base.problems.clients import ClientFault
from app.edits.confirmed_edit import confirmed_edit
from app.plan.zones import zone_of_company
from app.sales.client_products import Since, moment_of, products_for, say_standing
from app.sales.offer import ProductFor, product_to_offer
from app.web.page_route import PageRoute
from models import ClientCard
from models.segment import ProductStanding

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])


@dataclass(frozen=True, slots=True)
class Offered:
    """How a client stands to the products: the one to offer (``best``), and those that they have, were offered or refused
    or that are meant for them."""

    best: ProductFor | None
    told: tuple[ProductFor, ...]


async def offered_to(session: AsyncSession, tenant_id: str, client_id: str, zone: ZoneInfo, today: date) -> Offered:
    """For the client's page."""
    products = await products_for(session, tenant_id, client_id, zone)
    told = tuple(one for one in products if one.meant or one.standing is not ProductStanding.NOT_YET)
    return Offered(product_to_offer(products, today), told)


@router.post("/clients/{client_id}/offer")
async def say(
    board: Board,
    who: Who,
    client_id: str,
    product: Annotated[str, Form(max_length=limits.ROW_ID)],
    state: Annotated[ProductStanding, Form()],
    since: Since = None,
) -> Response:
    """Say how the client stands to a product, now or since a day."""
    tenant = await tenant_of(board, who)
    if client_id not in tenant.rows[ClientCard.__tablename__]:
        raise NotFound(ClientFault.PERHAPS_DELETED)
    at = moment_of(since, zone_of_company(tenant), board.clock())
    async with confirmed_edit(board, who) as edit:
        await say_standing(edit, client_id, product, state, at)
    return RedirectResponse(f"/clients/{client_id}#products", 303)
