"""Queues for operators."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text1000


class QueueRecord(Identified, Base):
    """``announcement`` is said while callers wait; empty for the standard sentence."""

    __tablename__ = "queue"
    resource = "queues"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    announcement: Mapped[str] = mapped_column(Text1000, default="", server_default="")
