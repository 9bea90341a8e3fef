"""All clients as rows of a file that the import reads back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.clients.client import LISTS
from app.clients.imports.known import operator_ids
from app.clients.imports.line import SHARED_MARK
from app.clients.own_fields import OwnField, stored_fields
from app.clients.several_values import joined
from app.lists.files.list_file import Entry
from app.lists.import_options import OWN_FIELD
from models import CategoryRule, ClientCard, ClientNumber

CLIENT_FIELDS: Final = (
    "id", "name", "company", "numbers", "category", "standing", "language", "about", "pinned_note", "kind", "emails",
    "addresses", "card_number", "responsible", "tags", "consent", "consented_at", "keep_until",
)  # fmt: skip
"""The columns of the file, before those of the company's own fields. ``numbers`` are E.164, with a mark behind those that
others use too; ``responsible`` is the operator's name, or the address where several have that name."""
_FETCHED: Final = 500


@dataclass(frozen=True, slots=True)
class ClientFile:
    """What is exported of ``tenant_id``: ``fields`` are the columns."""

    sessions: async_sessionmaker[AsyncSession]
    tenant_id: str
    own: tuple[OwnField, ...]

    @classmethod
    async def of(cls, sessions: async_sessionmaker[AsyncSession], tenant_id: str) -> "ClientFile":
        """With the company's own fields as they are now."""
        async with sessions() as session:
            return cls(sessions, tenant_id, tuple(await stored_fields(session, tenant_id)))

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns."""
        return (*CLIENT_FIELDS, *(f"{OWN_FIELD}{one.name}" for one in self.own))

    async def entries(self) -> AsyncIterator[Entry]:
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
                ClientCard.language, ClientCard.about, ClientCard.pinned_note, ClientCard.kind, ClientCard.emails,
                ClientCard.addresses, ClientCard.card_number, ClientCard.responsible_operator_id, ClientCard.tags,
                ClientCard.consent, ClientCard.consented_at, ClientCard.keep_until, ClientCard.fields,
            )
            .join(
                CategoryRule,
                (CategoryRule.tenant_id == ClientCard.tenant_id) & (CategoryRule.id == ClientCard.category_id),
                isouter=True,
            )
            .where(ClientCard.tenant_id == self.tenant_id)
            .order_by(ClientCard.id)
        )  # fmt: skip
        async with self.sessions() as session:
            operators = {row_id: name for name, row_id in (await operator_ids(session, self.tenant_id)).items()}
            rows = await session.stream(query, execution_options={"yield_per": _FETCHED})
            async for *row, own in rows:
                entry: Entry = dict(zip(CLIENT_FIELDS, row, strict=True))
                entry["numbers"] = entry["numbers"] or []
                entry["responsible"] = operators.get(entry["responsible"] or "")
                entry |= {name: joined(name, entry[name]) for name in LISTS}
                entry |= {name: entry[name] and entry[name].isoformat() for name in ("consented_at", "keep_until")}
                yield entry | {f"{OWN_FIELD}{one.name}": own.get(one.id) for one in self.own}
