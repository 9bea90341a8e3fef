"""Matters of a person."""

from typing import Final

from sqlalchemy import ColumnElement, and_, null, or_, select, update

from app.edits.personal_data import Dossier, Held, Person, Place, Rows, among
from models import AuditEntry, Matter


def _theirs(person: Person) -> ColumnElement[bool]:
    nobodys = and_(Matter.client_id.is_(None), among(Matter.call_id, person.call_ids))
    return or_(among(Matter.client_id, person.client_ids), nobodys)


class Matters:
    """What was written goes from the audit trail too; who has changed them stays known."""

    place: Place = Place.MATTERS
    tables: frozenset[str] = frozenset({Matter.__tablename__})
    _rows: Final = Rows(Place.MATTERS, Matter, _theirs)

    async def held(self, dossier: Dossier) -> list[Held]:
        """Open and settled ones."""
        return await self._rows.held(dossier)

    async def erase(self, dossier: Dossier) -> int:
        """All of them."""
        person = dossier.person
        theirs = select(Matter.id).where(Matter.tenant_id == person.tenant_id, _theirs(person))
        await dossier.edit.session.execute(
            update(AuditEntry)
            .where(
                AuditEntry.tenant_id == person.tenant_id, AuditEntry.subject == Matter.__tablename__,
                AuditEntry.row_id.in_(theirs),
            )
            .values(before=null(), after=null())
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        return await self._rows.erase(dossier)


OF_MATTERS: Final = (Matters(),)
