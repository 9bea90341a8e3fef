"""What programs were told of a person and their calls, and are still to be told."""

from typing import Final

from sqlalchemy import ColumnElement, select

from app.edits.personal_data import Person, Place, Rows, among
from app.event_log.records import client_subject
from models import CallEvent, WebhookDelivery


def _of_them(person: Person) -> ColumnElement[bool]:
    subjects = person.call_ids | {client_subject(one) for one in person.client_ids}
    positions = select(CallEvent.position).where(
        CallEvent.tenant_id == person.tenant_id, among(CallEvent.call_id, subjects)
    )
    return WebhookDelivery.position.in_(positions)


OF_WEBHOOKS: Final = (Rows(Place.DELIVERIES, WebhookDelivery, _of_them),)
