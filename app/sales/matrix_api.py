"""``/products/matrix``: how the clients of each segment stand to each product."""

from pydantic import BaseModel, Field
from sqlalchemy import select

from app.auth.require import Board, Who
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.plan.zones import zone_of_company
from app.sales.client_products import matrix_counts
from app.sales.segment_codes import ALWAYS_SHOWN, SEGMENTS
from app.switchboard import Switchboard
from app.web.resource import resource
from models import Product
from models.segment import ProductStanding

router = resource("products/matrix", "Products by segments.", read=Role.SUPERVISOR)


class CellOut(BaseModel):
    """How the clients of a segment stand to a product; whoever is in none of the three was not offered it yet."""

    segment: str
    product: str = Field(description="Its id.")
    meant: bool
    has: int
    offered: int
    refused: int


class MatrixProduct(BaseModel):
    """A column of the matrix."""

    id: str
    name: str


class MatrixOut(BaseModel):
    """Products by segments."""

    segments: list[str]
    products: list[MatrixProduct]
    cells: list[CellOut]


@router.get("", name="get_product_matrix")
async def get_matrix(board: Board, who: Who) -> MatrixOut:
    """For each segment and product: whether it is meant, and how many clients have it, were offered it, refused it."""
    return await matrix_of(board, who.tenant_id, zone_of_company(await tenant_of(board, who)).key)


async def matrix_of(board: Switchboard, tenant_id: str, zone: str) -> MatrixOut:
    """The matrix of a company whose time zone is ``zone``."""
    async with board.sessions() as session:
        products = (
            await session.scalars(
                select(Product).where(Product.tenant_id == tenant_id).order_by(Product.name, Product.id)
            )
        ).all()
        named = {segment for product in products for segment in product.segments}
        segments = [one for one in SEGMENTS if one in ALWAYS_SHOWN or one in named]
        counts = await matrix_counts(session, tenant_id, segments, zone)
    nobody = dict.fromkeys(ProductStanding, 0)
    cells = []
    for segment in segments:
        for product in products:
            cell = counts.get((segment, product.id), nobody)
            cells.append(
                CellOut(
                    segment=segment, product=product.id, meant=segment in product.segments, has=cell[ProductStanding.HAS],
                    offered=cell[ProductStanding.OFFERED], refused=cell[ProductStanding.REFUSED],
                )
            )  # fmt: skip
    return MatrixOut(
        segments=segments, products=[MatrixProduct(id=one.id, name=one.name) for one in products], cells=cells
    )
