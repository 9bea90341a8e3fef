"""What the client base holds of a person."""

from typing import Final

from sqlalchemy import ColumnElement, or_, select

from app.edits.personal_data import Dossier, Held, Person, Place, Rows, among, mentions
from models import ClientCard, ClientNote, ClientNumber, GoneClient


def _gone(person: Person) -> ColumnElement[bool]:
    return or_(among(GoneClient.client_id, person.client_ids), among(GoneClient.into_id, person.client_ids))


class EarlierCards:
    """Cards that can come back: the person's go, others lose what can only be theirs."""

    place: Place = Place.EARLIER_CARDS
    tables: frozenset[str] = frozenset({GoneClient.__tablename__})
    _rows: Final = Rows(Place.EARLIER_CARDS, GoneClient, _gone)

    async def held(self, dossier: Dossier) -> list[Held]:
        """The person's own."""
        return await self._rows.held(dossier)

    async def erase(self, dossier: Dossier) -> int:
        """How many cards that was."""
        count, person, session = await self._rows.erase(dossier), dossier.person, dossier.edit.session
        columns = (GoneClient.card, GoneClient.kept_before, GoneClient.kept_after)
        others = await session.scalars(
            select(GoneClient).where(
                GoneClient.tenant_id == person.tenant_id, or_(*(mentions(one, person.traces.marks) for one in columns))
            )
        )
        for gone in others.all():
            for name in ("card", "kept_before", "kept_after"):
                if (row := getattr(gone, name)) is not None:
                    setattr(gone, name, person.traces.without_marks(row))
            count += 1
        await session.flush()
        return count


OF_CLIENTS: Final = (
    Rows(Place.NOTES, ClientNote, lambda person: among(ClientNote.client_id, person.client_ids)),
    EarlierCards(),
    Rows(Place.NUMBERS, ClientNumber, lambda person: among(ClientNumber.client_id, person.client_ids)),
    Rows(Place.CARD, ClientCard, lambda person: among(ClientCard.id, person.client_ids)),
)
