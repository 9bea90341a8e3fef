"""``/products``: what is sold, and for whom it is meant."""

from typing import Final

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import func, select

from app.auth.roles import Role
from app.base import limits
from app.base.errors import InUse, Unprocessable
from app.base.problems.edits import EditFault
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.plan.rows import Row
from app.sales.segment_codes import SEGMENTS
from app.sales.segments_wanted import want_segments
from app.web.resource import Resource
from app.web.schema import Input, Name
from models import Product, Sale


class ProductIn(Input):
    """A product."""

    name: Name = Field(examples=["Tea"])
    segments: list[str] = Field(
        [], max_length=len(SEGMENTS), examples=[["A", "regular"]],
        description="For whom it is meant: `A` to `C`, `X` to `Z`, both as `AX`, or a stage: `potential`, `new`, `regular`, "
        "`lost`, `restored`.",
    )  # fmt: skip

    @field_validator("segments")
    @classmethod
    def there_are(cls, segments: list[str]) -> list[str]:
        """Codes that there are, each once, in their order."""
        if set(segments) - set(SEGMENTS):
            raise PydanticCustomError("enum", "There is no such segment.", {"expected": ", ".join(SEGMENTS)})
        return [one for one in SEGMENTS if one in segments]


class Products(Resource[Product]):
    """Products have names of their own, and stay while they were sold."""

    async def check(self, edit: Edit, fields: Row, record: Product | None) -> None:
        """Not more than the matrix has columns."""
        if record is None:
            there = select(func.count()).select_from(Product).where(Product.tenant_id == edit.tenant_id)
            if (await edit.session.scalar(there) or 0) >= limits.PRODUCTS:
                raise Unprocessable(EditFault.TOO_MANY_PRODUCTS)

    async def check_saved(self, edit: Edit, row: Row) -> None:
        """What is meant for whom counts for the maturity."""
        await want_segments(edit.session, edit.tenant_id, edit.now)

    async def delete(self, edit: Edit, row_id: str) -> None:
        """Only what was never sold."""
        await take_turn(edit)
        record = await find_or_404(edit, Product, row_id)
        sold = select(Sale.line).where(Sale.tenant_id == edit.tenant_id, Sale.product_id == record.id).limit(1)
        if await edit.session.scalar(sold) is not None:
            raise InUse(EditFault.PRODUCT_SOLD)
        await edit.record_deleted(record)


PRODUCTS: Final = Products(
    Product, ProductIn, "product", finds=(Product.name,), write=Role.SUPERVISOR,
    about="What is sold, and for whom it is meant.", lists="The products.", reads="One product.",
    adds="Add a product; an import of sales adds those that it names.", replaces="Write the product anew.",
    deletes="Delete a product that was never sold.",
)  # fmt: skip
