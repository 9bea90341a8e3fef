"""What other programs have answered about a person."""

from typing import Final

from sqlalchemy import ColumnElement, or_, select

from app.edits.personal_data import Dossier, Held, Person, Place, Rows, among
from models import CallRecord, LookUpAnswer


def _about_them(person: Person) -> ColumnElement[bool]:
    """By their numbers, and by those that they share with others and have called from: the answer may name them."""
    called_from = select(CallRecord.caller_number).where(
        CallRecord.tenant_id == person.tenant_id, among(CallRecord.call_id, person.call_ids)
    )
    return or_(among(LookUpAnswer.number, person.numbers), LookUpAnswer.number.in_(called_from))


class LookedUp:
    """Answers, which are kept by number. A program that is thinking at this moment comes too late."""

    place: Place = Place.LOOKED_UP
    tables: frozenset[str] = frozenset({LookUpAnswer.__tablename__})
    _rows: Final = Rows(Place.LOOKED_UP, LookUpAnswer, _about_them)

    async def held(self, dossier: Dossier) -> list[Held]:
        """The answers."""
        return await self._rows.held(dossier)

    async def erase(self, dossier: Dossier) -> int:
        """They are deleted. Their calls, which lose the number in the same transaction, are locked first: what comes for
        them now waits, and finds no number to keep it under."""
        person = dossier.person
        theirs = CallRecord.tenant_id == person.tenant_id, among(CallRecord.call_id, person.call_ids)
        await dossier.edit.session.execute(select(CallRecord.call_id).where(*theirs).with_for_update())
        return await self._rows.erase(dossier)


OF_LOOK_UPS: Final = (LookedUp(),)
