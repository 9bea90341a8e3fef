"""Messages that a person has left, with their sounds."""

from typing import Final

from sqlalchemy import select

from app.calls.personal_data import of_their_calls
from app.edits.personal_data import Dossier, Held, Place, Rows, among
from app.voicemails.sound_files import sound_file
from models import VoicemailRecord


class Voicemails:
    """The records; the sounds go when the erasure is committed."""

    place: Place = Place.VOICEMAILS
    tables: frozenset[str] = frozenset({VoicemailRecord.__tablename__})
    _rows: Final = Rows(Place.VOICEMAILS, VoicemailRecord, of_their_calls(VoicemailRecord.call_id))

    async def held(self, dossier: Dossier) -> list[Held]:
        """The records; a sound is handed out by its own address."""
        return [one | {"audio": f"/api/v1/voicemails/{one['id']}/audio"} for one in await self._rows.held(dossier)]

    async def erase(self, dossier: Dossier) -> int:
        """Records and sounds."""
        person = dossier.person
        ids = await dossier.edit.session.scalars(
            select(VoicemailRecord.id).where(
                VoicemailRecord.tenant_id == person.tenant_id, among(VoicemailRecord.call_id, person.call_ids)
            )
        )
        dossier.files += [sound_file(dossier.board.settings, person.tenant_id, one) for one in ids]
        return await self._rows.erase(dossier)


OF_VOICEMAILS: Final = (Voicemails(),)
