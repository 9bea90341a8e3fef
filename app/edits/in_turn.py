"""Edits whose checks look at other rows wait for each other: what was checked is still true when it is committed."""

from typing import Any, Final, TypeVar

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import selectinload

from app.base.errors import ImportUnderWay, NotFound
from app.base.problems.edits import EditFault
from app.base.problems.requests import RequestFault
from app.base.text import is_storable, refuse_unstorable
from app.edits.edit import Edit
from app.edits.recordings_named import refuse_unknown_recordings
from app.plan.rows import Row, as_row
from models import Base, ClientCard, PlanVersion

Record = TypeVar("Record", bound=Base)

_PATIENCE: Final = "7s"  # less than a statement may take, so that the reason can be told
_TURN: Final = "hashtextextended('antichambre turn of ' || :tenant_id, 0)"


async def take_turn(edit: Edit) -> None:
    """Wait until no other edit of any worker is under way and hold the next one up until this one ends.

    It is the lock under which versions are given (see :class:`models.PlanVersion`), taken before the first look instead
    of with the first change; and before it the company's own, which an import holds for as long as it lasts. Taking it
    twice in one edit costs nothing. Raises :class:`ImportUnderWay` when it is not had in some seconds.
    """
    turn = {"tenant_id": edit.tenant_id}
    if not await edit.session.scalar(text(f"SELECT pg_try_advisory_xact_lock({_TURN})"), turn):
        await edit.session.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
        try:
            await edit.session.execute(text(f"SELECT pg_advisory_xact_lock({_TURN})"), turn)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == "55P03":  # lock_not_available
                raise ImportUnderWay(EditFault.LIST_IMPORT_UNDER_WAY) from error
            raise
        await edit.session.execute(text("SET LOCAL lock_timeout = 0"))
    await edit.session.execute(select(PlanVersion.version).with_for_update())


async def take_companys_turn(edit: Edit) -> None:
    """For edits that take long: hold up those of the same company only. The lock under which versions are given is taken
    with the first change that is recorded, so that one has to come last."""
    await edit.session.execute(text(f"SELECT pg_advisory_xact_lock({_TURN})"), {"tenant_id": edit.tenant_id})


async def find_or_404(edit: Edit, model: type[Record], row_id: str) -> Record:
    """The tenant's row with this id. Raises :class:`NotFound`, in the same words whether there is none or it is
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
        raise NotFound(RequestFault.NOT_FOUND)
    return record


async def save(edit: Edit, model: type[Record], fields: Row, record: Record | None) -> Row:
    """Add a row with ``fields``, or put them into ``record``; return the row as it is now. Raises
    :class:`Unprocessable` for text that cannot be stored."""
    for name, value in fields.items():
        refuse_unstorable(value, name)
    await refuse_unknown_recordings(edit, model, fields)
    if record is None:
        return await edit.record_added(model(tenant_id=edit.tenant_id, **fields))
    before = as_row(record)
    for name, value in fields.items():
        setattr(record, name, value)
    return await edit.record_changed(record, before)


def pick_value(fields: Row, record: Any, name: str) -> Any:
    """The value that ``name`` will have: as given, else as it stands in ``record``."""
    return fields[name] if name in fields else getattr(record, name, None)
