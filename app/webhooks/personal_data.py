"""What programs were told of a person's calls, and are still to be told."""

from typing import Final

from sqlalchemy import ColumnElement, select

from app.edits.personal_data import Person, Place, Rows, among
from models import CallEvent, WebhookDelivery


def _of_their_calls(person: Person) -> ColumnElement[bool]:
    positions = select(CallEvent.position).where(
        CallEvent.tenant_id == person.tenant_id, among(CallEvent.call_id, person.call_ids)
    )
    return WebhookDelivery.position.in_(positions)


OF_WEBHOOKS: Final = (Rows(Place.DELIVERIES, WebhookDelivery, _of_their_calls),)
