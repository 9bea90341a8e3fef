"""Queues for operators."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text1000


class QueueRecord(Identified, Base):
    """``announcement`` is said while callers wait; empty for the standard sentence. It is in the
    company's language, ``announcements`` has others by theirs."""

    __tablename__ = "queue"
    resource = "queues"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    announcement: Mapped[str] = mapped_column(Text1000, default="", server_default="")
    announcements: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
