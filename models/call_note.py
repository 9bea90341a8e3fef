"""What people noted about calls and callers: after the call, while they typed, and who of several it was."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, false, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, Text1000


def _of_the_call() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "call_id"], ["call.tenant_id", "call.call_id"], ondelete="CASCADE")


class CallNote(Owned, Base):
    """One call. ``outcome`` is one of :class:`app.calls.call_notes.NotedOutcome`. ``client_id`` is who it was, where the
    number alone does not tell; a client that is gone is as good as none. ``somebody_else`` says that it was none of the
    clients who use the number. ``satisfaction`` is that of the caller, from 1 (not at all) to 5;
    ``rated_at`` is when they have keyed it in themselves. ``called_back_at`` is when
    a missed caller, or one who was promised it, was called back."""

    __tablename__ = "call_note"
    __table_args__ = (_of_the_call(),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str | None]
    somebody_else: Mapped[bool] = mapped_column(default=False, server_default=false())
    outcome: Mapped[str | None]
    note: Mapped[str] = mapped_column(Text1000, default="", server_default="")
    satisfaction: Mapped[int | None]
    rated_at: Mapped[datetime | None]
    noted_by: Mapped[str | None]
    noted_at: Mapped[datetime | None]
    called_back_by: Mapped[str | None]
    called_back_at: Mapped[datetime | None]


class CardFields(Owned, Base):
    """What a program shows on the card of a running call: ``fields`` in their order, each with ``label``, ``value`` and
    ``link`` (empty: none)."""

    __tablename__ = "card_fields"
    __table_args__ = (_of_the_call(),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    put_by: Mapped[str]
    put_at: Mapped[datetime]


class CallDraft(Owned, Base):
    """What somebody has typed into a card's form and not saved yet: theirs alone, on whatever computer. ``fields`` by
    name."""

    __tablename__ = "call_draft"
    __table_args__ = (
        _of_the_call(),
        ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["user_account.tenant_id", "user_account.id"], ondelete="CASCADE"
        ),
    )

    user_id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class CallerMemory(Owned, Base):
    """What was said about who calls from ``number`` (E.164): that it was this client the last time, or (``is_caller`` is
    false) that it is not."""

    __tablename__ = "caller_memory"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "client_id"], ["client.tenant_id", "client.id"], ondelete="CASCADE"),
    )

    number: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(primary_key=True)
    is_caller: Mapped[bool]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
