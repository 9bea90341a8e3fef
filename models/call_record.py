"""Calls and everything that was recorded about them. Both tables are written by the journal's shipper, but
for whose call it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned

_TOLD_BY_REPORTS = (
    "provider", "state", "action", "reason_code", "queue_id", "client_id", "answered_by", "answered_at", "ended_at",
)  # fmt: skip
"""What reports are made of stands in an index: they read all calls of a year, and a row is mostly its decision."""


class CallRecord(Owned, Base):
    """One incoming call. ``call_id`` is the provider's id; ``decision`` is stored as decided, with its whole trace.

    ``caller_number`` is the number that the lists were asked for; ``caller_address`` what identifies the caller whatever
    it is: that number, a SIP address, a browser client, digits that are no number; empty for callers without identity.
    ``client_id`` is whose call it is: who used the number when it came in, until somebody says who it was
    (:mod:`app.calls.whose_call`)."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_started", "tenant_id", "started_at", postgresql_include=_TOLD_BY_REPORTS),
        Index("ix_call_caller", "tenant_id", "caller_number", "started_at"),
        Index("ix_call_client", "tenant_id", "client_id", "started_at"),
        Index("ix_call_open", "state", "started_at", postgresql_where="state <> 'ended'"),
    )

    call_id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str]
    state: Mapped[str]
    outcome: Mapped[str | None]
    caller_kind: Mapped[str]
    caller_number: Mapped[str | None]
    caller_name: Mapped[str]
    caller_address: Mapped[str] = mapped_column(server_default="")
    attestation: Mapped[str] = mapped_column(server_default="none")
    forwarded_from: Mapped[str] = mapped_column(server_default="")
    line_id: Mapped[str | None]
    line_number: Mapped[str]
    client_id: Mapped[str | None]
    action: Mapped[str]
    reason_code: Mapped[str]
    decision: Mapped[dict[str, Any]]
    menu_choice: Mapped[str | None]
    queue_id: Mapped[str | None]
    answered_by: Mapped[str | None]
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime]


class CallEvent(Base):
    """The event log: the truth behind every live channel. ``position`` is given under a lock that is held until commit,
    so it grows in the order in which readers see the rows. ``event_id`` is the same whenever the same thing is
    reported again."""

    __tablename__ = "call_event"
    __table_args__ = (
        Index("ix_call_event_call", "tenant_id", "call_id", "position"),
        Index(
            "ix_call_event_callback",
            "at",
            postgresql_where="kind IN ('callback.opened', 'callback.changed', 'callback.done')",
        ),
        Index("ix_call_event_pin_wrong", "at", postgresql_where="kind = 'call.pin_wrong'"),
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event_id: Mapped[str] = mapped_column(unique=True)
    tenant_id: Mapped[str]
    call_id: Mapped[str]
    kind: Mapped[str]
    at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    stored_at: Mapped[datetime] = mapped_column(server_default=func.now())


class FakeQueueStay(Base):
    """One stay of a call in the fake queue, which is billed; ``ended_at`` is None while it lasts. Folded from the event log
    like the call's record: a call that was let out and blocked again has two. ``entry_id`` is the entry, the client or the
    rule that holds it. What is billed of it, and what the caps
    count, is found here without reading decisions."""

    __tablename__ = "fake_queue_stay"
    __table_args__ = (
        Index("ix_fake_queue_stay_month", "tenant_id", "began_at"),
        Index("ix_fake_queue_stay_now", "tenant_id", postgresql_where="ended_at IS NULL"),
    )

    tenant_id: Mapped[str] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), primary_key=True)
    call_id: Mapped[str] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime | None]
    line_number: Mapped[str]
    line_id: Mapped[str | None]
    caller_number: Mapped[str | None]
    entry_id: Mapped[str]


class FeedEpoch(Base):
    """One row that names this database's event log, so that readers of a restored or new one start afresh."""

    __tablename__ = "feed_epoch"

    epoch: Mapped[str] = mapped_column(primary_key=True)
