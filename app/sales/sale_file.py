"""All sales as rows of a file that the import reads back."""

from collections.abc import AsyncIterator
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.lists.files.list_file import Entry
from models import Product, Sale

SALE_FIELDS: Final = ("client", "date", "amount", "currency", "product", "reference")
"""The columns of the file; ``client`` is the id."""
_FETCHED: Final = 5000


async def sale_entries(sessions: async_sessionmaker[AsyncSession], tenant_id: str) -> AsyncIterator[Entry]:
    """Every sale, in the order of the imports; memory stays small however many there are."""
    query = (
        select(Sale.client_id, Sale.day, Sale.amount, Sale.currency, Product.name, Sale.reference)
        .join(Product, (Product.tenant_id == Sale.tenant_id) & (Product.id == Sale.product_id), isouter=True)
        .where(Sale.tenant_id == tenant_id)
        .order_by(Sale.import_id, Sale.line)
    )
    async with sessions() as session:
        rows = await session.stream(query, execution_options={"yield_per": _FETCHED})
        async for row in rows:
            texts = (row[0], row[1].isoformat(), str(row[2]), row[3], row[4] or "", row[5])
            yield dict(zip(SALE_FIELDS, texts, strict=True))
