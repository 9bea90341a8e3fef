"""``/client-fields``: fields of the company's own on its clients' cards."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import func, select

from app.base import limits
from app.base.errors import Conflict, NameTaken, Unprocessable
from app.base.problems.clients import ClientFault, FieldHasValues, TooManyFields
from app.base.problems.edits import EditFault
from app.clients.own_fields import FieldKind
from app.edits.edit import Edit
from app.edits.in_turn import pick_value
from app.plan.rows import Row
from app.web.resource import Resource
from app.web.schema import Input, Name
from models import ClientCard, ClientField

Choice = Annotated[str, Field(min_length=1, max_length=limits.OWN_FIELD, pattern=r"\S")]


class ClientFieldIn(Input):
    """A client field."""

    name: Name = Field(examples=["Contract"])
    kind: FieldKind = Field(FieldKind.TEXT, description="What it holds. A `date` is a day like 2026-12-24.")
    choices: list[Choice] = Field([], max_length=limits.CHOICES, description="What a `choice` is chosen from.")
    position: int = Field(0, ge=0, le=10_000, description="Its place on the card, the smallest first.")


class ClientFields(Resource[ClientField]):
    """What clients have in a field is not lost by a change of the field."""

    async def check(self, edit: Edit, fields: Row, record: ClientField | None) -> None:
        """Raises :class:`Unprocessable` and :class:`Conflict` naming the field."""
        others = select(func.count()).where(
            ClientField.tenant_id == edit.tenant_id, ClientField.id != (record.id if record else "")
        )
        if (await edit.session.scalar(others) or 0) >= limits.OWN_FIELDS:
            raise Conflict(TooManyFields(limits.OWN_FIELDS))
        if "name" in fields:
            fields["name"] = fields["name"].strip()
            await _refuse_same_name(edit, fields["name"], record)
        if "choices" in fields:
            fields["choices"] = list(dict.fromkeys(one.strip() for one in fields["choices"]))
        kind, choices = FieldKind(pick_value(fields, record, "kind")), pick_value(fields, record, "choices")
        if kind is FieldKind.CHOICE and not choices:
            raise Unprocessable(ClientFault.FIELD_NEEDS_CHOICES, field="choices")
        if kind is not FieldKind.CHOICE and choices:
            raise Unprocessable(ClientFault.FIELD_TAKES_NO_CHOICES, field="choices")
        if "kind" in fields:
            fields["kind"] = kind.value
        if record is not None:
            await _refuse_losing_values(edit, record, kind, choices)


async def _refuse_same_name(edit: Edit, name: str, record: ClientField | None) -> None:
    """Two fields that differ in capitals only: nobody, and no column of a file, tells them apart."""
    if record is not None and name.casefold() == record.name.casefold():
        return
    names = await edit.session.scalars(select(ClientField.name).where(ClientField.tenant_id == edit.tenant_id))
    if any(name.casefold() == one.casefold() for one in names):
        raise NameTaken(EditFault.NAME_TAKEN, field="name")


async def _refuse_losing_values(edit: Edit, record: ClientField, kind: FieldKind, choices: list[str]) -> None:
    having = [ClientCard.tenant_id == edit.tenant_id, ClientCard.fields.has_key(record.id)]
    is_same_kind = kind.value == record.kind
    if is_same_kind and kind is not FieldKind.CHOICE:
        return
    if is_same_kind:
        having.append(ClientCard.fields[record.id].astext.not_in(choices))
    if count := await edit.session.scalar(select(func.count()).select_from(ClientCard).where(*having)):
        raise Conflict(FieldHasValues(count), field="choices" if is_same_kind else "kind")


CLIENT_FIELDS = ClientFields(
    ClientField, ClientFieldIn, "client_field", "client_fields", finds=[ClientField.name],
    about="Fields of the company's own on its clients' cards.", lists="All client fields.", reads="One client field.",
    adds="Add a field to every client's card.",
    changes="Change the fields that are given. What clients have there stays: a change that would lose it is a conflict.",
    deletes="Delete a field in which no client has anything.",
)  # fmt: skip
