"""The history of a company's set-up."""

from typing import Any

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified


class ConfigurationVersion(Identified, Base):
    """One confirmed edit of what a company is set up with. ``number`` counts the company's own from 1; ``actor`` and
    ``occasion`` are as in the audit trail. ``changes`` are the rows as they were and became: objects of ``subject`` (a
    table's name), ``id``, ``before`` and ``after``, null where there was or is none. An older set-up is the present one
    with the changes since then taken back. ``plan_version`` is the version of the plan that the edit ended with."""

    __tablename__ = "configuration_version"
    __table_args__ = (UniqueConstraint("tenant_id", "number"),)

    number: Mapped[int]
    actor: Mapped[str]
    occasion: Mapped[str] = mapped_column(default="", server_default="")
    plan_version: Mapped[int] = mapped_column(BigInteger)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
