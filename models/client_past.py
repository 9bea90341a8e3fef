"""What is written about clients, and clients who are gone but can come back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text1000


class ClientNote(Identified, Base):
    """A dated note about a client by ``author`` (see :class:`models.AuditEntry`). It is no part of the plan and outlives the
    card, so that a client who comes back has it; one that was removed can come back too."""

    __tablename__ = "client_note"
    __table_args__ = (Index("ix_client_note_client", "tenant_id", "client_id", "created_at"),)

    client_id: Mapped[str]
    author: Mapped[str]
    text: Mapped[str] = mapped_column(Text1000)
    removed_at: Mapped[datetime | None]


class GoneClient(Identified, Base):
    """A client's card that was deleted or, with ``into_id``, merged into that client's. ``card`` is its whole row as it
    was; ``kept_before`` and ``kept_after`` are the other client's rows around the merge. The three are forgotten when
    it cannot be undone any more; a merge itself stays known, so that earlier calls and notes are found."""

    __tablename__ = "gone_client"
    __table_args__ = (
        Index("ix_gone_client_client", "tenant_id", "client_id"),
        Index("ix_gone_client_into", "tenant_id", "into_id"),
    )

    client_id: Mapped[str]
    into_id: Mapped[str | None]
    actor: Mapped[str]
    card: Mapped[dict[str, Any] | None]
    kept_before: Mapped[dict[str, Any] | None]
    kept_after: Mapped[dict[str, Any] | None]
