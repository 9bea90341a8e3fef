"""Answers kept for ``Idempotency-Key``."""

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned


class IdempotentRequest(Owned, Base):
    """The first answer to a key; a repetition gets it again, and the key with other content is a conflict."""

    __tablename__ = "idempotent_request"

    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    body: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
