"""Call-backs of a person."""

from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select

from app.callbacks.derive_callbacks import about
from app.edits.personal_data import Dossier, Held, Person, Place, Rows, among
from app.event_log.records import FactKind
from models import Callback
from models.callback import CallbackState


def _theirs(person: Person) -> ColumnElement[bool]:
    return or_(
        among(Callback.number, person.numbers), among(Callback.client_id, person.client_ids),
        and_(Callback.client_id.is_(None), among(Callback.call_id, person.call_ids)),
    )  # fmt: skip


class Callbacks:
    """Nobody is called back any more."""

    place: Place = Place.CALLBACKS
    tables: frozenset[str] = frozenset({Callback.__tablename__})
    _rows: Final = Rows(Place.CALLBACKS, Callback, _theirs)

    async def held(self, dossier: Dossier) -> list[Held]:
        """Open and closed ones."""
        return await self._rows.held(dossier)

    async def erase(self, dossier: Dossier) -> int:
        """All of them; who is about to ring one hears of it."""
        person, now = dossier.person, dossier.board.clock()
        still_open = select(Callback.id, Callback.call_id).where(
            Callback.tenant_id == person.tenant_id, _theirs(person), Callback.state == CallbackState.OPEN.value
        )
        dossier.facts += [
            about(FactKind.CALLBACK_DONE, person.tenant_id, id_, call_id, now, "erased")
            for id_, call_id in (await dossier.edit.session.execute(still_open)).all()
        ]
        return await self._rows.erase(dossier)


OF_CALLBACKS: Final = (Callbacks(),)
