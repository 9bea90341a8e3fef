"""Webhooks out: whom we tell of events, and what was told."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Identified, Text200, Text1000, within_tenant


class DeliveryState(StrEnum):
    """Whether an event is still to be told."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class WhyOff(StrEnum):
    """Why we switched a webhook off by ourselves."""

    FAILING = "failing"
    GONE = "gone"


class WebhookRecord(Identified):
    """``events`` are names of the live channel's, or ``*`` alone. ``sealed`` is the secret that signs, encrypted.
    ``noted_position`` is how far the event log was looked through for it. ``failing_since`` is when the first of the
    attempts that fail now was made; ``off_because`` a :class:`WhyOff`, None where it is on or somebody switched it off."""

    __tablename__ = "webhook"
    resource = "webhooks"

    url: Mapped[str] = mapped_column(Text1000)
    events: Mapped[list[str]]
    description: Mapped[str] = mapped_column(Text200, default="", server_default="")
    sealed: Mapped[str]
    enabled: Mapped[bool] = mapped_column(default=True, server_default="true")
    noted_position: Mapped[int] = mapped_column(BigInteger)
    failing_since: Mapped[datetime | None]
    off_because: Mapped[str | None]


class WebhookDelivery(Identified):
    """One event for one webhook: ``position`` in the event log, and the ``body`` that is sent, the same at every attempt.
    ``state`` is a :class:`DeliveryState`; while it waits, it is sent at ``next_try_at``. ``last_*`` are of the last
    attempt: the answer's status, or what went wrong without one."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        within_tenant("webhook_id", "webhook", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "webhook_id", "position"),
        Index("ix_webhook_delivery_waiting", "next_try_at", postgresql_where="state = 'waiting'"),
        Index("ix_webhook_delivery_created", "created_at"),
    )

    webhook_id: Mapped[str]
    position: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(default=DeliveryState.WAITING.value, server_default="waiting")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    next_try_at: Mapped[datetime]
    last_try_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    last_error: Mapped[str | None] = mapped_column(Text200)
    last_milliseconds: Mapped[int | None]
