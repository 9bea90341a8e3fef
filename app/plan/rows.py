"""A tenant's rows as plain JSON values: the form in which they are loaded, sent to other workers as changes, written to
the audit trail and answered by the API."""

from collections.abc import Sequence
from copy import copy
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, inspect

from models import (
    AudioRecord,
    Base,
    BlacklistEntry,
    CategoryRule,
    ClientCard,
    ClientField,
    Company,
    HolidayRecord,
    LineRecord,
    MenuRecord,
    OpeningHours,
    OperatorRecord,
    PhraseRecord,
    ProviderAccount,
    QueueRecord,
    RuleRecord,
    ScriptRecord,
    SubscriptionRecord,
    VipEntry,
    VipPin,
)

Row = dict[str, Any]

SUBJECTS: Final[dict[str, type[Base]]] = {
    model.__tablename__: model
    for model in (
        Company,
        ProviderAccount,
        LineRecord,
        VipEntry,
        VipPin,
        BlacklistEntry,
        ScriptRecord,
        CategoryRule,
        ClientField,
        ClientCard,
        OpeningHours,
        HolidayRecord,
        MenuRecord,
        QueueRecord,
        OperatorRecord,
        PhraseRecord,
        RuleRecord,
        AudioRecord,
        SubscriptionRecord,
    )
}
"""Every table that a routing plan is made of, by name."""

SET_UP: Final = frozenset(
    model.__tablename__
    for model in (
        Company, LineRecord, OpeningHours, HolidayRecord, MenuRecord, QueueRecord, OperatorRecord, CategoryRule,
        RuleRecord, PhraseRecord, ClientField, ScriptRecord,
    )
)  # fmt: skip
"""The tables of what a company is set up with, whose edits are versions of its configuration. Lists and clients are data,
and accounts are secrets."""
_EMPTY: Final[dict[str, Row]] = {
    subject: {column.name: column.info["empty"] for column in model.__table__.columns if "empty" in column.info}
    for subject, model in SUBJECTS.items()
}
"""The columns that :func:`as_row` leaves out while they have this value: by table and name."""
_OF_EVERY_ROW: Final = frozenset({"tenant_id", "created_at"})


def as_row(record: Base) -> Row:
    """The record's columns, with times as RFC 3339 text; a client also with its ``numbers``. Columns with the ``info`` of
    :func:`models.base.sparse` are left out while they are empty: :func:`whole_row` has them.

    The record must have been flushed, so that defaults given by the database are there.
    """
    names = names_of(type(record))
    row = row_of(record.__tablename__, names, [getattr(record, name) for name in names])
    if isinstance(record, ClientCard):
        row["numbers"] = [
            {"number": number.number, "shared": number.shared}
            for number in sorted(record.numbers, key=lambda number: number.position)
        ]
    return row


@cache
def names_of(model: type[Base]) -> tuple[str, ...]:
    """What the columns of a table are called in a row."""
    return tuple(column.key for column in inspect(model).column_attrs)


@cache
def columns_of(model: type[Base]) -> tuple[ColumnElement[Any], ...]:
    """The columns themselves, in the order of :func:`names_of`."""
    return tuple(column.columns[0] for column in inspect(model).column_attrs)


def row_of(subject: str, names: Sequence[str], values: Sequence[Any]) -> Row:
    """The row of which these are the columns' values, as :func:`as_row` says. Whoever reads many takes the values as they
    come: a record of each would cost five times as much."""
    row = {name: _plain(value) for name, value in zip(names, values, strict=True)}
    for name, empty in _EMPTY.get(subject, {}).items():
        if row[name] == empty:
            del row[name]
    return row


def whole_row(subject: str, row: Row) -> Row:
    """``row`` with the columns that :func:`as_row` leaves out. What an earlier version has stored lacks them too."""
    return {name: copy(empty) for name, empty in _EMPTY[subject].items()} | row


def record_of(subject: str, row: Row) -> Row:
    """The columns of ``row`` as the table takes them: moments and days are no text there."""
    columns = SUBJECTS[subject].__table__.columns
    values: Row = {}
    for name, value in row.items():
        if name in columns:
            kind = columns[name].type.python_type
            is_time = isinstance(value, str) and issubclass(kind, date)
            values[name] = kind.fromisoformat(value) if is_time else value
    return values


def set_up_part(subject: str, row: Row) -> Row:
    """Of a row of a table of :data:`SET_UP` what somebody has chosen: not what only holds for the moment (columns with the
    ``info`` of :func:`models.base.passing`)."""
    columns = SUBJECTS[subject].__table__.columns
    return {
        name: value
        for name, value in row.items()
        if name not in _OF_EVERY_ROW and not columns[name].info.get("passing")
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
