"""What is held about a person, and where: each room says what it holds, so that all of it can be handed out or erased.

A room has its :class:`Holding` in ``personal_data.py``, and :mod:`app.holdings` names them all. Every table is one of a
holding's or is named there as one that holds nobody: a test compares.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from sqlalchemy import ColumnElement, Text, and_, any_, cast, delete, inspect, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from app.edits.edit import Edit
from app.edits.without_person import Traces
from app.event_log.records import CallFact
from app.switchboard import Switchboard
from models import Base

Held = dict[str, object]
"""One record, as it is handed out: column by column."""


class Place(StrEnum):
    """Where something is held about a person."""

    CARD = "card"
    NUMBERS = "numbers"
    NOTES = "notes"
    EARLIER_CARDS = "earlier_cards"
    CALLS = "calls"
    CALL_EVENTS = "call_events"
    FAKE_QUEUE = "fake_queue"
    CALL_NOTES = "call_notes"
    MEMORIES = "memories"
    DRAFTS = "drafts"
    CARD_FIELDS = "card_fields"
    LOOKED_UP = "looked_up"
    CALLBACKS = "callbacks"
    MATTERS = "matters"
    VOICEMAILS = "voicemails"
    LIST_ENTRIES = "list_entries"
    IMPORTS = "imports"
    SALES = "sales"
    SEGMENTS = "segments"
    REHEARSALS = "rehearsals"
    DELIVERIES = "deliveries"
    REQUESTS = "requests"
    AUDIT = "audit"
    PLAN = "plan"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Person:
    """``client_ids`` are the client's and those of the cards that were merged into it. ``numbers`` (E.164) are or were
    theirs, and are no other client's; ``shared_numbers`` were theirs too. ``call_ids`` are the calls that were theirs.
    ``traces`` finds them in what was written down elsewhere."""

    tenant_id: str
    client_ids: frozenset[str]
    numbers: frozenset[str]
    shared_numbers: frozenset[str]
    call_ids: frozenset[str]
    traces: Traces


@dataclass(slots=True)
class Dossier:
    """``person`` as the transaction of ``edit`` finds them. Once it is committed ``files`` are to be removed, and ``facts``
    to be told."""

    board: Switchboard
    edit: Edit
    person: Person
    files: list[Path] = field(default_factory=list)
    facts: list[CallFact] = field(default_factory=list)


class Holding(Protocol):
    """What one room holds at one place."""

    @property
    def place(self) -> Place:
        """What the report calls it."""
        ...

    @property
    def tables(self) -> frozenset[str]:
        """The names of the tables that it answers for."""
        ...

    async def held(self, dossier: Dossier) -> list[Held]:
        """All of it, to be handed out."""
        ...

    async def erase(self, dossier: Dossier) -> int:
        """Erase it in the dossier's transaction; how many records lost something. Names stay nowhere, records only where
        they are counted."""
        ...


class OfOthers:
    """What is about others and names the person: it stays, loses the person, and none of it is handed out. A table of its
    own it has none."""

    tables: frozenset[str] = frozenset()

    async def held(self, dossier: Dossier) -> list[Held]:
        """None."""
        return []


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of ``model`` that are about one person. They are deleted, or with ``left`` they stay with these values, because
    they are counted. ``hidden`` are columns that are nobody's business."""

    place: Place
    model: type[Base]
    about: Callable[[Person], ColumnElement[bool]]
    left: Mapping[str, object] | None = None
    hidden: tuple[str, ...] = ()

    @property
    def tables(self) -> frozenset[str]:
        """The one."""
        return frozenset({self.model.__tablename__})

    async def held(self, dossier: Dossier) -> list[Held]:
        """The rows."""
        rows = await dossier.edit.session.scalars(select(self.model).where(self._mine(dossier.person)))
        return [as_held(row, *self.hidden) for row in rows]

    async def erase(self, dossier: Dossier) -> int:
        """They are deleted, or lose what is the person's."""
        mine, tenant = self._mine(dossier.person), self.model.__table__.c["tenant_id"]
        act = delete(self.model) if self.left is None else update(self.model).values(dict(self.left))
        done = await dossier.edit.session.execute(
            act.where(mine).returning(tenant).execution_options(synchronize_session=False)
        )
        return len(done.all())

    def _mine(self, person: Person) -> ColumnElement[bool]:
        return and_(self.model.__table__.c["tenant_id"] == person.tenant_id, self.about(person))


def among(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], values: Collection[str]
) -> ColumnElement[bool]:
    """Whether the column has one of ``values``, however many there are."""
    found: ColumnElement[bool] = column == any_(cast(sorted(values), ARRAY(Text)))
    return found


def as_held(row: Base, *without: str) -> Held:
    """The columns of ``row`` but for those that are nobody's business."""
    names = [one.key for one in inspect(type(row)).column_attrs if one.key not in {"tenant_id", *without}]
    return {name: getattr(row, name) for name in names}


def mentions(column: InstrumentedAttribute[dict[str, object] | None], marks: Sequence[str]) -> ColumnElement[bool]:
    """Whether the JSON of ``column`` has one of ``marks`` in it, at whatever depth."""
    text = cast(column, Text)
    return or_(False, *(text.contains(mark, autoescape=True) for mark in marks))
