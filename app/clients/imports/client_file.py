"""All clients as rows of a file that the import reads back."""

from collections.abc import AsyncIterator
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.clients.imports.line import SHARED_MARK
from app.lists.files.list_file import Entry
from models import CategoryRule, ClientCard, ClientNumber

CLIENT_FIELDS: Final = (
    "id", "name", "company", "numbers", "category", "standing", "language", "about", "pinned_note",
)  # fmt: skip
"""The columns of the file. ``numbers`` are E.164, with a mark behind those that others use too."""
_FETCHED: Final = 500


async def client_entries(sessions: async_sessionmaker[AsyncSession], tenant_id: str) -> AsyncIterator[Entry]:
    """Every client, the oldest first, as they are at one moment; memory stays small however many there are."""
    marked = ClientNumber.number + case((ClientNumber.shared, f" {SHARED_MARK}"), else_="")
    numbers = (
        select(func.array_agg(aggregate_order_by(marked, ClientNumber.position, ClientNumber.number)))
        .where(ClientNumber.tenant_id == ClientCard.tenant_id, ClientNumber.client_id == ClientCard.id)
        .scalar_subquery()
    )
    query = (
        select(
            ClientCard.id, ClientCard.name, ClientCard.company, numbers, CategoryRule.name, ClientCard.standing,
            ClientCard.language, ClientCard.about, ClientCard.pinned_note,
        )
        .join(
            CategoryRule,
            (CategoryRule.tenant_id == ClientCard.tenant_id) & (CategoryRule.id == ClientCard.category_id),
            isouter=True,
        )
        .where(ClientCard.tenant_id == tenant_id)
        .order_by(ClientCard.id)
    )  # fmt: skip
    async with sessions() as session:
        rows = await session.stream(query, execution_options={"yield_per": _FETCHED})
        async for row in rows:
            entry: Entry = dict(zip(CLIENT_FIELDS, row, strict=True))
            entry["numbers"] = entry["numbers"] or []
            yield entry
