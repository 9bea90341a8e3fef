"""Matters: what is still to be seen to for a client."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text1000


class MatterKind(StrEnum):
    """What the client has come with."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    ORDER = "order"


class MatterState(StrEnum):
    """How far it has come, in this order; a step may be left out or taken back."""

    REGISTERED = "registered"
    EXAMINED = "examined"
    CAUSE_REMOVED = "cause_removed"
    CLOSED = "closed"


class Matter(Identified, Base):
    """``client_id`` is whose it is and ``call_id`` the call that led to it; neither has a foreign key: clients and calls may
    go, and a client who was merged into another keeps the id under which this was written. ``owner_id`` is the operator who
    sees to it, ``taken_by`` who took it on (``user:…``, ``key:…``), who need not be an operator. ``lesson`` is what was
    learned. ``satisfaction`` is the caller's mark, from 1 to 5, that has opened it by itself: once for a call.
    ``opened_by`` is a person, or :data:`OPENED_BY_CALLER`."""

    __tablename__ = "matter"
    resource = "matters"
    __table_args__ = (
        Index("ix_matter_due", "tenant_id", "state", "due_at"),
        Index("ix_matter_client", "tenant_id", "client_id"),
        Index("ix_matter_call", "tenant_id", "call_id"),
        Index("uq_matter_rated", "tenant_id", "call_id", unique=True, postgresql_where="satisfaction IS NOT NULL"),
    )

    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=MatterState.REGISTERED.value, server_default="registered")
    client_id: Mapped[str | None]
    call_id: Mapped[str | None]
    owner_id: Mapped[str | None]
    taken_by: Mapped[str | None]
    due_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text1000, default="", server_default="")
    lesson: Mapped[str] = mapped_column(Text1000, default="", server_default="")
    satisfaction: Mapped[int | None]
    opened_by: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    closed_at: Mapped[datetime | None]


OPENED_BY_CALLER = "caller"
"""In ``opened_by``: the caller has given a mark by a key."""
