"""Edits whose checks look at other rows wait for each other: what was checked is still true when it is committed."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.errors import NotFound
from app.plan.edit import Edit
from app.plan.edit_text import is_storable, refuse_unstorable
from app.plan.rows import Row, as_row
from models import Base, ClientCard, PlanVersion

Record = TypeVar("Record", bound=Base)


async def take_turn(edit: Edit) -> None:
    """Wait until no other edit of any worker is under way and hold the next one up until this one ends.

    It is the lock under which versions are given (see :class:`models.PlanVersion`), taken before the first look instead
    of with the first change. Taking it twice in one edit costs nothing.
    """
    await edit.session.execute(select(PlanVersion.version).with_for_update())


async def found(edit: Edit, model: type[Record], row_id: str) -> Record:
    """The tenant's row of this id. Raises :class:`app.errors.NotFound`, in the same words whether there is none or it is
    somebody else's."""
    options = [selectinload(ClientCard.numbers)] if model is ClientCard else []
    record = (
        await edit.session.get(
            model, {"tenant_id": edit.tenant_id, "id": row_id}, options=options, populate_existing=True
        )
        if is_storable(row_id)
        else None
    )
    if record is None:
        raise NotFound("There is nothing of this id.")
    return record


async def save(edit: Edit, model: type[Record], fields: Row, record: Record | None) -> Row:
    """Add a row with ``fields``, or put them into ``record``; return the row as it is now. Raises
    :class:`app.errors.Unprocessable` for text that cannot be stored."""
    for name, value in fields.items():
        refuse_unstorable(value, name)
    if record is None:
        return await edit.record_added(model(tenant_id=edit.tenant_id, **fields))
    before = as_row(record)
    for name, value in fields.items():
        setattr(record, name, value)
    return await edit.record_changed(record, before)


def given(fields: Row, record: Any, name: str) -> Any:
    """The value that ``name`` will have: as given, else as it stands in ``record``."""
    return fields[name] if name in fields else getattr(record, name, None)
