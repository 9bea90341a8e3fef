"""Call-backs: callers who are still to be called."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text1000


class CallbackState(StrEnum):
    """Whether somebody is still to be called."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class CallbackReason(StrEnum):
    """Why somebody is to be called: it was promised by whoever took the call, or to a caller who waited in a queue; or the
    caller, perhaps a VIP, met nobody."""

    PROMISED = "promised"
    QUEUE = "queue"
    MISSED = "missed"
    MISSED_VIP = "missed_vip"


class Callback(Identified, Base):
    """One open call-back for each number (E.164) of a company; those that are closed stay as its history.

    ``call_id`` is the call that led to it, ``line_id`` the line that was called, ``client_id`` who it is, as far as the
    number tells; none of them has a foreign key, since calls and clients may go. ``owner_id`` is the operator who is to
    call, ``taken_by`` who took it on (``user:…``, ``key:…``), who need not be an operator. ``attempts`` counts how often
    the number was rung from here. ``closed_by`` is a person too, or :data:`CLOSED_BY_A_CALL`.
    """

    __tablename__ = "callback"
    resource = "callbacks"
    __table_args__ = (
        Index("uq_callback_open", "tenant_id", "number", unique=True, postgresql_where="state = 'open'"),
        Index("ix_callback_client", "tenant_id", "client_id"),
        Index("ix_callback_due", "tenant_id", "state", "due_at"),
        Index("ix_callback_number", "tenant_id", "number", "opened_at"),
        Index("ix_callback_call", "tenant_id", "call_id"),
    )

    number: Mapped[str]
    client_id: Mapped[str | None]
    call_id: Mapped[str | None]
    line_id: Mapped[str | None]
    queue_id: Mapped[str | None]
    reason: Mapped[str]
    due_at: Mapped[datetime]
    owner_id: Mapped[str | None]
    taken_by: Mapped[str | None]
    note: Mapped[str] = mapped_column(Text1000, default="", server_default="")
    state: Mapped[str] = mapped_column(default=CallbackState.OPEN.value, server_default="open")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]


CLOSED_BY_A_CALL = "call"
"""In ``closed_by``: the caller has called again and was answered, or was reached from here."""
