"""``/settings/products``: what is sold, and for whom it is meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select

from app.auth.principal import Principal
from app.base.errors import NotFound
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.plan.rows import Row, as_row
from app.plan.tenant_rows import TenantRows
from app.sales.products import PRODUCTS
from app.sales.segment_codes import SEGMENTS
from app.switchboard import Switchboard
from app.web.resource_pages import ResourcePages, Shown
from app.web.typed_form import TypedForm
from app.words.segment_words import segment_words
from models import Product


@dataclass(frozen=True, slots=True)
class ProductSeen:
    """A product in the list; ``meant`` are the names of the segments for which it is meant."""

    id: str
    name: str
    meant: str


class ProductPages(ResourcePages[Product]):
    """Products are no part of the plan: they are read from the database."""

    folder: ClassVar[str] = "settings_products"
    is_rehearsed: ClassVar[bool] = False

    async def items(self, board: Switchboard, tenant: TenantRows) -> Sequence[ProductSeen]:
        """By name."""
        query = select(Product).where(Product.tenant_id == tenant.tenant_id).order_by(Product.name, Product.id)
        async with board.sessions() as session:
            return [
                ProductSeen(one.id, one.name, ", ".join(segment_words(code) for code in one.segments))
                for one in await session.scalars(query)
            ]

    async def row_or_404(self, board: Switchboard, who: Principal, row_id: str) -> Row:
        """The row. Raises :class:`NotFound`."""
        record = None
        if is_storable(row_id):
            async with board.sessions() as session:
                record = await session.get(Product, {"tenant_id": who.tenant_id, "id": row_id})
        if record is None:
            raise NotFound(RequestFault.NOT_FOUND)
        return as_row(record)

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """Name and segments."""
        return {"name": form.text("name"), "segments": form.chosen("segments")}

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields."""
        return {"name": str(row["name"]), "segments": list(row["segments"])} if row else {"segments": []}

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> list[tuple[str, str]]:
        """All segments."""
        return [(code, segment_words(code)) for code in SEGMENTS]


PAGES = ProductPages(PRODUCTS)
