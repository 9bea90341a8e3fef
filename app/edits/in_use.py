"""What is in use is not deleted; the refusal says who uses it. The tables themselves say what they refer to, by their
foreign keys and by :func:`models.base.refers_to`, so a new one is looked at here without being named."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Table, Text, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.errors import InUse
from app.base.problems.edits import StillUsedBy, User
from app.edits.edit import Edit
from models import Base
from models.base import Identified

_NAMED_AT_MOST: Final = 5
_NAMES: Final = ("label", "name", "phrase", "number", "email", "country", "day")
"""By what people know a row: the first of these columns that is not empty."""
_ANYWHERE: Final = "$.** ? (@ == $id)"


async def refuse_if_in_use(edit: Edit, record: Identified) -> None:
    """Raises :class:`InUse`, whose answer lists the first users under ``used_by``, while other rows refer to ``record``."""
    users = users_of(edit.session, edit.tenant_id, type(record), record.id)
    refuse_used([user async for user in users])


def refuse_used(users: Sequence[User]) -> None:
    """Raises :class:`InUse` if there are ``users`` of what is to be deleted."""
    if users:
        raise InUse(StillUsedBy(tuple(users[:_NAMED_AT_MOST]), max(0, len(users) - _NAMED_AT_MOST)))


async def users_of(session: AsyncSession, tenant_id: str, used: type[Identified], row_id: str) -> AsyncIterator[User]:
    """The tenant's rows that refer to the row ``row_id`` of ``used``."""
    for model, refers in references(used.__tablename__, used.reference_to(row_id)):
        mine = and_(model.tenant_id == tenant_id, refers)
        if issubclass(used, model):
            mine = mine & (model.id != row_id)  # a menu may lead to itself
        query = select(model.id, _name_of(model)).where(mine).order_by(model.id)
        for id_, name in (await session.execute(query)).all():
            yield User(model.resource, id_, name)


def references(table: str, reference: str) -> Iterator[tuple[type[Identified], ColumnElement[bool]]]:
    """The tables with rows that may refer to rows of ``table``, each with the condition that they hold its
    ``reference``, the id but where :meth:`models.base.Identified.reference_to` says otherwise."""
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__):
        model = mapper.class_
        if issubclass(model, Identified) and model.resource:
            conditions = list(_conditions(mapper.local_table, table, reference))
            if conditions:
                yield model, or_(*conditions)


def _conditions(model_table: object, table: str, reference: str) -> Iterator[ColumnElement[bool]]:
    assert isinstance(model_table, Table)  # noqa: S101  all of ours are tables
    for column in model_table.columns:
        if column.name != "tenant_id" and any(
            key.column.table.name == table and key.ondelete == "RESTRICT" for key in column.foreign_keys
        ):
            yield column == reference
        if table in column.info.get("refers_to", ()):
            if isinstance(column.type, JSONB):
                values = func.jsonb_build_object("id", reference)
                yield func.jsonb_path_exists(column, cast(_ANYWHERE, JSONPATH), values)
            else:
                yield column == reference
        if table in column.info.get("keyed_by", ()):
            yield column.has_key(reference)


def _name_of(model: type[Identified]) -> ColumnElement[str]:
    columns = model.__table__.columns
    return func.coalesce(*(func.nullif(cast(columns[one], Text), "") for one in _NAMES if one in columns), "")
