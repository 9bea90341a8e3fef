"""Calls of a person in rehearsals."""

from typing import Final

from sqlalchemy import or_, select

from app.calls.personal_data import of_their_calls
from app.edits.personal_data import Dossier, OfOthers, Place, Rows, mentions
from app.edits.without_person import without_client
from models import RehearsalDifference


class RehearsedCallsOfOthers(OfOthers):
    """From a number that the person used too: they stay, and do not name the person any more. None is handed out."""

    place: Place = Place.REHEARSALS

    async def erase(self, dossier: Dossier) -> int:
        """Both decisions lose the person."""
        person, session = dossier.person, dossier.edit.session
        ids = sorted(person.client_ids)
        naming = or_(mentions(RehearsalDifference.before, ids), mentions(RehearsalDifference.after, ids))
        query = select(RehearsalDifference).where(RehearsalDifference.tenant_id == person.tenant_id, naming)
        found = (await session.scalars(query)).all()
        for one in found:
            for name in ("before", "after"):
                setattr(one, name, without_client(getattr(one, name), ids, person.traces))
        await session.flush()
        return len(found)


OF_REHEARSALS: Final = (
    Rows(Place.REHEARSALS, RehearsalDifference, of_their_calls(RehearsalDifference.call_id)),
    RehearsedCallsOfOthers(),
)
