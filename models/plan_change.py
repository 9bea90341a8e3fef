"""Versioned changes of routing plans, and which worker serves which version."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class PlanVersion(Base):
    """One row. An edit raises it under its row lock inside its own transaction: a plain sequence would let a lower
    version commit after a higher one, and readers would skip it."""

    __tablename__ = "plan_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


class PlanChange(Base):
    """What an edit did: ``row`` is the whole new row of ``subject`` (a table's name), None when it was deleted."""

    __tablename__ = "plan_change"

    version: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    tenant_id: Mapped[str]
    subject: Mapped[str]
    row_id: Mapped[str]
    row: Mapped[dict[str, Any] | None]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Worker(Base):
    """A running process that answers calls; it counts as living while ``seen_at`` is fresh."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(primary_key=True)
    serves_version: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
