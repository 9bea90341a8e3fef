"""Rehearsals: what a change would have done with the calls of the last days."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Owned, within_tenant


class Rehearsal(Identified, Base):
    """One rehearsal, kept for a day. ``state`` is running, done or failed; ``calls`` of ``of`` have been decided again, of
    which ``different`` would have gone elsewhere and ``not_recorded`` cannot be decided: nobody knows what was said of them.
    ``heard_at`` is when its process was last heard of. One that a form began has its ``page``, the ``act`` (add, change or
    delete), what the changed row is called, and the fields ``typed`` into the form; the others have none of these."""

    __tablename__ = "rehearsal"
    __table_args__ = (Index("ix_rehearsal_running", "tenant_id", unique=True, postgresql_where="state = 'running'"),)

    actor: Mapped[str]
    days: Mapped[int]
    state: Mapped[str] = mapped_column(default="running")
    calls: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    different: Mapped[int] = mapped_column(default=0)
    not_recorded: Mapped[int] = mapped_column(default=0)
    page: Mapped[str] = mapped_column(default="")
    act: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    typed: Mapped[dict[str, list[str]] | None] = mapped_column(JSONB(none_as_null=True))
    heard_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RehearsalDifference(Owned, Base):
    """A call that would have gone elsewhere, with both decisions as they are stored with calls."""

    __tablename__ = "rehearsal_difference"
    __table_args__ = (within_tenant("rehearsal_id", "rehearsal", ondelete="CASCADE"),)

    rehearsal_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
