"""The sections of a document, in its order. A resource becomes a section by one line; what it holds, the resource's own
schema says, and what it refers to, its fields: ``queue_id`` is written ``queue`` with a name, and ``id`` beside a ``kind``
or ``do`` is written ``to``."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Final, Generic, TypeVar, get_args

from pydantic import ValidationError
from sqlalchemy import Table

from app.company.categories import CATEGORIES
from app.company.client_fields import CLIENT_FIELDS
from app.company.configuration.read_document import Value
from app.company.holidays import HOLIDAYS
from app.company.hours import HOURS
from app.company.lines import LINES
from app.company.menus import MENUS
from app.company.operators import OPERATORS
from app.company.queues import QUEUES
from app.company.rules import RULES
from app.company.scripts import SCRIPTS
from app.edits.edit import Edit
from app.edits.in_use import refuse_if_in_use
from app.edits.recordings_named import refuse_unknown_recordings
from app.plan.build_plan import WEEKDAYS
from app.plan.rows import Row, as_row
from app.web.resource import Resource
from app.web.schema import Input
from filters.texts import REFERENCE, recording_named
from models import AudioRecord
from models.base import Identified

Record = TypeVar("Record", bound=Identified)
Rows = Mapping[str, Mapping[str, Row]]
"""What a company is set up with: rows by table and id."""
Labels = Mapping[str, Mapping[str, str]]
"""What the document calls the rows: by table and id."""


class Section(ABC):
    """Rows of one table. ``key`` is the column that names a row in the document, empty for a list; ``apart`` a further one
    that tells rows of one name apart, and that no two rows share. ``place`` is the column that puts the rows in order, from
    1, where they have one; the document has them in that order. ``noun`` is what other rows call one of these."""

    name: str
    noun: str
    table: str
    key: str
    apart: str
    place: str
    form: type[Input]

    @property
    @abstractmethod
    def columns(self) -> Table:
        """The table with its columns."""

    @abstractmethod
    async def add_stub(self, edit: Edit, row_id: str, columns: Row) -> None:
        """Put a row there, so that others can refer to it; nothing is checked or recorded."""

    @abstractmethod
    async def give(self, edit: Edit, row_id: str, columns: Row) -> None:
        """Give a row values; nothing is checked or recorded."""

    @abstractmethod
    async def save(self, edit: Edit, row_id: str, fields: Row, before: Row | None) -> None:
        """Check ``fields`` and record the row with them; it was ``before``, None for a new one. Raises
        :class:`app.base.errors.Problem`."""

    @abstractmethod
    async def check_saved(self, edit: Edit, row_id: str) -> None:
        """What can only be seen when everything is there. Raises :class:`app.base.errors.Problem`."""

    @abstractmethod
    async def delete(self, edit: Edit, row_id: str, before: Row) -> None:
        """Raises :class:`app.base.errors.InUse`."""

    def refers_at(self) -> Iterator[tuple[str, frozenset[str]]]:
        """The columns that refer to other rows, with the tables in question."""
        for column in self.columns.columns:
            keys = {key.column.table.name for key in column.foreign_keys if column.name != "tenant_id"}
            if tables := keys | set(column.info.get("refers_to", ())):
                yield column.name, frozenset(tables)

    def labels(self, rows: Mapping[str, Row]) -> dict[str, str]:
        """What the document calls each row, by id, the oldest first: its ``key``, and where several share it, also what
        is ``apart``."""
        in_order = sorted(rows.values(), key=lambda row: (row[self.place] if self.place else 0, row["id"]))
        if not self.key:
            return {row["id"]: str(place) for place, row in enumerate(in_order)}
        labels = {row["id"]: str(row[self.key]) for row in in_order}
        while self.apart:
            seen: dict[str, list[str]] = {}
            for row_id, label in labels.items():
                seen.setdefault(label, []).append(row_id)
            unclear = [one for ids in seen.values() if len(ids) > 1 for one in ids]
            plain = [one for one in unclear if labels[one] == rows[one][self.key]]
            if not plain:
                break
            labels |= {one: f"{rows[one][self.key]} ({rows[one][self.apart]})" for one in plain}
        return labels

    def fields(self, row: Row) -> Row:
        """Those of ``row`` that the document can hold."""
        return {name: row[name] for name in self.form.model_fields if name in row and name != self.place}


class ResourceSection(Section, Generic[Record]):
    """A section of the rows of ``resource``."""

    def __init__(self, resource: Resource[Record], key: str = "name", apart: str = "", place: str = "") -> None:
        self.resource, self.key, self.apart, self.place = resource, key, apart, place
        self.name, self.noun, self.table = resource.many, resource.one, resource.model.__tablename__
        self.form = resource.form

    @property
    def columns(self) -> Table:
        """The table with its columns."""
        table = self.resource.model.__table__
        assert isinstance(table, Table)  # noqa: S101  all of ours are
        return table

    async def _record(self, edit: Edit, row_id: str) -> Record:
        return await edit.session.get_one(self.resource.model, {"tenant_id": edit.tenant_id, "id": row_id})

    async def add_stub(self, edit: Edit, row_id: str, columns: Row) -> None:
        """Put a row there, so that others can refer to it; nothing is checked or recorded."""
        edit.session.add(self.resource.model(tenant_id=edit.tenant_id, id=row_id, **columns))
        await edit.session.flush()

    async def give(self, edit: Edit, row_id: str, columns: Row) -> None:
        """Give a row values; nothing is checked or recorded."""
        record = await self._record(edit, row_id)
        for name, value in columns.items():
            setattr(record, name, value)
        await edit.session.flush()

    async def save(self, edit: Edit, row_id: str, fields: Row, before: Row | None) -> None:
        """Check ``fields`` and record the row with them. Raises :class:`app.base.errors.Problem`."""
        record = await self._record(edit, row_id)
        await self.resource.check(edit, fields, record)
        await refuse_unknown_recordings(edit, self.resource.model, fields)
        for name, value in fields.items():
            setattr(record, name, value)
        await edit.session.flush()
        if before is None:
            await edit.record_changed(record, None, "add")
        elif as_row(record) != before:
            await edit.record_changed(record, before)

    async def check_saved(self, edit: Edit, row_id: str) -> None:
        """What can only be seen when everything is there. Raises :class:`app.base.errors.Problem`."""
        await self.resource.check_saved(edit, as_row(await self._record(edit, row_id)))

    async def delete(self, edit: Edit, row_id: str, before: Row) -> None:
        """Raises :class:`app.base.errors.InUse`."""
        record = await self._record(edit, row_id)
        await refuse_if_in_use(edit, record)
        await edit.record_deleted(record, before=before)


SECTIONS: Final[tuple[Section, ...]] = (
    ResourceSection(LINES, "number"),
    ResourceSection(HOURS),
    ResourceSection(HOLIDAYS, ""),
    ResourceSection(MENUS),
    ResourceSection(QUEUES),
    ResourceSection(OPERATORS, apart="address"),
    ResourceSection(SCRIPTS),
    ResourceSection(CATEGORIES),
    ResourceSection(CLIENT_FIELDS),
    ResourceSection(RULES, place="position"),
)
"""What a document holds besides the company and its texts. They are saved in this order, which matters only for what they
check of each other: the countries that may be rung are those of the lines."""

RECORDINGS: Final = AudioRecord.__tablename__
"""Recordings are files, and so in no section; a text names one by ``audio:`` and its name."""
_BY_NOUN: Final = {section.noun: section for section in SECTIONS}


def in_leaving_order() -> list[Section]:
    """The sections so that rows which refer to others come before those."""
    by_table = {section.table: section for section in SECTIONS}
    needs = {
        section.table: {table for _, tables in section.refers_at() for table in tables}
        & (by_table.keys() - {section.table})
        for section in SECTIONS
    }
    return [by_table[table] for table in reversed([*TopologicalSorter(needs).static_order()])]


def labels_of(rows: Rows) -> dict[str, dict[str, str]]:
    """What the document calls every row, and every recording."""
    labels = {section.table: section.labels(rows.get(section.table, {})) for section in SECTIONS}
    return labels | {RECORDINGS: {row_id: row["name"] for row_id, row in rows.get(RECORDINGS, {}).items()}}


# What stands in a document in place of ids.


def body_of(form: type[Input], fields: Row) -> dict[str, Value]:
    """``fields`` of a schema as JSON, without those that have their defaults. What the schema would not take any more is
    written as it is."""
    try:
        body: dict[str, Value] = form.model_validate(fields).model_dump(mode="json", exclude_defaults=True)
    except ValidationError:
        return {name: value for name, value in fields.items() if value is not None}
    return {name: value for name, value in body.items() if value != {} or form.model_fields[name].is_required()}


def with_names(value: Value, labels: Labels) -> Value:
    """``value`` with names in place of ids."""
    if isinstance(value, list):
        return [with_names(one, labels) for one in value]
    if isinstance(value, str) and (recording := recording_named(value)) is not None:
        return REFERENCE + labels.get(RECORDINGS, {}).get(recording, recording)
    if not isinstance(value, dict):
        return value
    shown: dict[str, Value] = {}
    for key, one in in_order(value):
        reference = _reference(key, value)
        if reference is None:
            shown[key] = with_names(one, labels)
        elif isinstance(one, list):
            names = labels.get(reference.section.table, {})
            shown[reference.shown] = [names[str(row_id)] for row_id in one if str(row_id) in names]
        elif isinstance(one, str) and (name := labels.get(reference.section.table, {}).get(one)) is not None:
            shown[reference.shown] = name
    return shown


def in_order(value: dict[str, Value]) -> list[tuple[str, Value]]:
    """The members as a reader looks for them, whatever order the database has them in: days as they follow each other;
    the fields of a schema are in its order already."""
    if value and set(value) <= set(WEEKDAYS):
        return [(day, value[day]) for day in WEEKDAYS if day in value]
    return list(value.items())


@dataclass(frozen=True, slots=True)
class _Reference:
    section: Section
    shown: str


def _reference(key: str, inside: Mapping[str, Value]) -> _Reference | None:
    """Which rows the field ``key`` refers to by id, and what it is called where it refers to them by name."""
    if key == "id":
        noun = inside.get("kind") or inside.get("do")
        return _Reference(_BY_NOUN[noun], "to") if isinstance(noun, str) and noun in _BY_NOUN else None
    for ending, more in (("_id", ""), ("_ids", "s")):
        noun = key.removesuffix(ending)
        if noun != key and noun in _BY_NOUN:
            return _Reference(_BY_NOUN[noun], noun + more)
    return _Reference(_BY_NOUN["line"], "lines") if key == "lines" else None


def shown_key(key: str) -> str:
    """What a field that refers to rows is called in a document."""
    if key == "id":
        return "to"
    for ending, more in (("_id", ""), ("_ids", "s")):
        if key.endswith(ending) and key.removesuffix(ending) in _BY_NOUN:
            return key.removesuffix(ending) + more
    return key


def form_inside(form: type[Input] | None, key: str) -> type[Input] | None:
    """The schema of what stands in a field, where it has one of its own."""
    if form is None or key not in form.model_fields:
        return None
    annotation = form.model_fields[key].annotation
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, Input):
            return part
    return None


def reference_read(key: str, inside: Mapping[str, Value], form: type[Input] | None) -> tuple[str, Section] | None:
    """The other way round: the field that ``key`` of a document stands for, and which rows it names. ``form`` is the schema
    of a row, None further inside."""
    if key == "to":
        noun = inside.get("kind") or inside.get("do")
        return ("id", _BY_NOUN[noun]) if isinstance(noun, str) and noun in _BY_NOUN else None
    if key == "lines":
        return "lines", _BY_NOUN["line"]
    if form is not None and key in form.model_fields:
        return None
    for field, noun in ((f"{key}_id", key), (f"{key.removesuffix('s')}_ids", key.removesuffix("s"))):
        if noun in _BY_NOUN and (form is None or field in form.model_fields):
            return field, _BY_NOUN[noun]
    return None
