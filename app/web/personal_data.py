"""Answers that are kept for repeated requests and tell of a person."""

from typing import Final

from sqlalchemy import delete, select

from app.base.secrets_at_rest import SecretUnreadable
from app.edits.personal_data import Dossier, Held, Place, among
from models import IdempotentRequest


class Requests:
    """They are sealed, so each is opened. A repetition of such a request is carried out like a new one."""

    place: Place = Place.REQUESTS
    tables: frozenset[str] = frozenset({IdempotentRequest.__tablename__})

    async def held(self, dossier: Dossier) -> list[Held]:
        """Nothing that is not elsewhere."""
        return []

    async def erase(self, dossier: Dossier) -> int:
        """Those that tell of the person."""
        person, session = dossier.person, dossier.edit.session
        mine = IdempotentRequest.tenant_id == person.tenant_id
        kept = (await session.execute(select(IdempotentRequest.key, IdempotentRequest.body).where(mine))).all()
        theirs = [key for key, body in kept if body is None or self._tells_of(dossier, str(body.get("sealed", "")))]
        await session.execute(
            delete(IdempotentRequest)
            .where(mine, among(IdempotentRequest.key, theirs))
            .execution_options(synchronize_session=False)
        )
        return len(theirs)

    def _tells_of(self, dossier: Dossier, sealed: str) -> bool:
        try:
            answer = dossier.board.secret_box.decrypt(sealed)
        except SecretUnreadable:
            return True  # nobody can be answered by it any more
        return dossier.person.traces.is_in(answer) or any(one in answer for one in dossier.person.client_ids)


OF_REQUESTS: Final = (Requests(),)
