"""Attempts to sign in, of all workers."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class SignInAttempt(Base):
    """One attempt of the last minute. ``key`` is a hash of what it counts for: an account, an address, both, or a device."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_key", "key", "at"), Index("ix_sign_in_attempt_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    at: Mapped[datetime]
