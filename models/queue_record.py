"""Queues for operators."""

from typing import Any

from sqlalchemy import UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text1000, refers_to


class QueueRecord(Identified, Base):
    """``announcement`` is said while callers wait; empty for the standard sentence. It is in the
    company's language, ``announcements`` has others by theirs. ``ring`` is a
    :class:`routing.call_queue.RingStrategy`, ``otherwise`` a :class:`routing.overflow.Overflow` with ``do`` for its way;
    what is null has no limit of its own. ``asks_satisfaction``: callers are asked for a mark after a talk."""

    __tablename__ = "queue"
    resource = "queues"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    announcement: Mapped[str] = mapped_column(Text1000, default="", server_default="", info=refers_to("audio"))
    announcements: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}", info=refers_to("audio"))
    ring: Mapped[str] = mapped_column(default="all", server_default="all")
    ring_seconds: Mapped[int | None]
    wrap_up_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    max_wait_seconds: Mapped[int | None]
    max_waiting: Mapped[int | None]
    offer_callback_after_seconds: Mapped[int | None]
    asks_satisfaction: Mapped[bool] = mapped_column(default=False, server_default=false())
    otherwise: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default="{}", info=refers_to("queue", "audio")
    )
