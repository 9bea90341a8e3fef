"""Imports: what was uploaded, what would become of each line, and what an undo needs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, deferred, mapped_column

from models.base import Base, Identified, Owned, Text200


def _of_an_import() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant_id", "import_id"], ["list_import.tenant_id", "list_import.id"], ondelete="CASCADE"
    )


class StoredImport(Identified, Base):
    """One import. ``target`` is ``vip``, ``blacklist`` or ``clients``; ``state`` one of
    :class:`app.lists.imports.import_state.ImportState`; ``file`` the text, packed, that the lines are read from.

    ``options`` are those of :class:`app.lists.import_options.ImportOptions`, ``recognised`` what was found out about the
    file, ``counts`` how many lines become what, and ``outcome`` a digest by which one sees that another application would
    do something else. ``first_id`` and ``last_id`` hold the ids of the entries that it added between them. ``undone`` says
    what an undo has done, and what it left; ``refused`` why the last attempt to apply it came to nothing."""

    __tablename__ = "list_import"
    __table_args__ = (Index("ix_list_import_target", "tenant_id", "target", "id"),)

    target: Mapped[str]
    state: Mapped[str]
    file_name: Mapped[str] = mapped_column(Text200, default="", server_default="")
    created_by: Mapped[str] = mapped_column(default="", server_default="")
    file: Mapped[bytes] = deferred(mapped_column(LargeBinary, default=b"", server_default=""))
    options: Mapped[dict[str, Any]]
    recognised: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    outcome: Mapped[str] = mapped_column(default="", server_default="")
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[str] = mapped_column(default="", server_default="")
    first_id: Mapped[str] = mapped_column(default="", server_default="")
    last_id: Mapped[str] = mapped_column(default="", server_default="")
    undone_at: Mapped[datetime | None]
    undone: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    refused: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class ImportProgress(Owned, Base):
    """How far somebody has come who applies or undoes an import. Nobody does when ``alive_at`` is some seconds ago."""

    __tablename__ = "list_import_progress"
    __table_args__ = (_of_an_import(),)

    import_id: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str]
    phase: Mapped[str] = mapped_column(default="", server_default="")
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int | None]
    alive_at: Mapped[datetime]


class ImportRow(Owned, Base):
    """What becomes of one line. ``about`` depends on ``why``; ``problem`` is the cause as JSON, ``before`` what a change
    would replace."""

    __tablename__ = "list_import_row"
    __table_args__ = (_of_an_import(), Index("ix_list_import_row_kind", "tenant_id", "import_id", "kind", "line"))

    import_id: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(default="", server_default="")
    match: Mapped[str] = mapped_column(default="", server_default="")
    to: Mapped[str | None]
    label: Mapped[str] = mapped_column(default="", server_default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    why: Mapped[str] = mapped_column(default="", server_default="")
    about: Mapped[str] = mapped_column(default="", server_default="")
    field: Mapped[str] = mapped_column(default="", server_default="")
    problem: Mapped[dict[str, Any] | None]
    before: Mapped[dict[str, Any] | None]


class ImportReplaced(Owned, Base):
    """A row that an import has changed (``after`` is what it made of it), or has taken off (``after`` is null)."""

    __tablename__ = "list_import_replaced"
    __table_args__ = (_of_an_import(), Index("ix_list_import_replaced_row", "tenant_id", "row_id"))

    import_id: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[str] = mapped_column(primary_key=True)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
