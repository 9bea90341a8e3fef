"""What programs were told of a person and their calls, and are still to be told."""

from typing import Final

from sqlalchemy import ColumnElement, or_, select

from app.edits.personal_data import Dossier, Held, Person, Place, Rows, among
from app.event_log.records import client_subject
from models import CallEvent, WebhookDelivery, WebhookRecord


def _of_them(person: Person) -> ColumnElement[bool]:
    """By the event, and by what is said in it: a call-back may have no call, and a client's number may have become theirs
    while somebody else was told of."""
    subjects = person.call_ids | {client_subject(one) for one in person.client_ids}
    positions = select(CallEvent.position).where(
        CallEvent.tenant_id == person.tenant_id, among(CallEvent.call_id, subjects)
    )
    named = (*person.traces.marks, *sorted(person.client_ids))
    return or_(
        WebhookDelivery.position.in_(positions),
        *(WebhookDelivery.body.contains(one, autoescape=True) for one in named),
    )


class Deliveries:
    """Whoever notes or sends them at this moment waits, and looks again (:mod:`app.webhooks.note_deliveries`)."""

    place: Place = Place.DELIVERIES
    tables: frozenset[str] = frozenset({WebhookDelivery.__tablename__})
    _rows: Final = Rows(Place.DELIVERIES, WebhookDelivery, _of_them)

    async def held(self, dossier: Dossier) -> list[Held]:
        """Of the last days."""
        return await self._rows.held(dossier)

    async def erase(self, dossier: Dossier) -> int:
        """Under the lock under which they are noted, and what came of them is written down."""
        mine = WebhookRecord.tenant_id == dossier.person.tenant_id
        await dossier.edit.session.execute(
            select(WebhookRecord.id).where(mine).order_by(WebhookRecord.id).with_for_update()
        )
        return await self._rows.erase(dossier)


OF_WEBHOOKS: Final = (Deliveries(),)
