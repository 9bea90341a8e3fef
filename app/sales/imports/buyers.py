"""Whom the lines of a file mean: the company's clients by id, card number and telephone number."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.problems.files import SaleFault
from app.sales.merged import MERGED
from filters.number import NumberUnreadable, read_number
from models import ClientCard, ClientNumber


@dataclass(slots=True)
class Buyers:
    """The clients of a company: ``names`` by id, ``merged`` the ids of cards by those of cards that were merged into them,
    ``by_card`` the ids of those who have a card number, and by E.164 number who has it and whether others use it too.
    ``country`` (ISO 3166 alpha-2) reads national numbers."""

    country: str
    names: Mapping[str, str]
    merged: Mapping[str, str]
    by_card: Mapping[str, list[str]]
    by_number: Mapping[str, list[tuple[str, bool]]]
    _found: dict[str, str | SaleFault] = field(default_factory=dict)

    def find(self, cell: str) -> str | SaleFault:
        """The id of the client whom ``cell`` means, or why that is nobody."""
        found = self._found.get(cell)
        if found is None:
            found = self._found[cell] = self._find(cell)
        return found

    def _find(self, cell: str) -> str | SaleFault:
        if not cell:
            return SaleFault.CLIENT_MISSING
        if cell in self.names:
            return cell
        if (client_id := self.merged.get(cell)) is not None:
            return client_id
        if (holders := self.by_card.get(cell)) is not None:
            return holders[0] if len(holders) == 1 else SaleFault.SEVERAL_WITH_CARD
        try:
            having = self.by_number.get(read_number(cell, self.country), [])
        except NumberUnreadable:
            return SaleFault.CLIENT_UNKNOWN
        own = [client_id for client_id, shared in having if not shared]
        meant = own or [client_id for client_id, _ in having]
        if len(meant) > 1:
            return SaleFault.SEVERAL_CLIENTS
        return meant[0] if meant else SaleFault.CLIENT_UNKNOWN


async def buyers_of(session: AsyncSession, tenant_id: str, country: str) -> Buyers:
    """Everybody who may have bought something."""
    mine = ClientCard.tenant_id == tenant_id
    cards = (await session.execute(select(ClientCard.id, ClientCard.name, ClientCard.card_number).where(mine))).all()
    names = {row.id: row.name for row in cards}
    merged = await session.execute(text(MERGED.format(tenant=":tenant_id")), {"tenant_id": tenant_id})
    by_card: dict[str, list[str]] = {}
    for card in cards:
        if card.card_number:
            by_card.setdefault(card.card_number, []).append(card.id)
    numbers = select(ClientNumber.number, ClientNumber.client_id, ClientNumber.shared)
    by_number: dict[str, list[tuple[str, bool]]] = {}
    for row in await session.execute(numbers.where(ClientNumber.tenant_id == tenant_id)):
        by_number.setdefault(row.number, []).append((row.client_id, row.shared))
    return Buyers(country, names, {row.was: row.now for row in merged}, by_card, by_number)
