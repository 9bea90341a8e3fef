"""A company's own rules."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200, refers_to


class RuleRecord(Identified, Base):
    """See :class:`routing.rules.Rule`. ``when`` has the conditions that are set, ``do`` the ``action`` with what it needs,
    as the API writes both. ``position`` counts from 1 without gaps."""

    __tablename__ = "rule"
    resource = "rules"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text200)
    when: Mapped[dict[str, Any]] = mapped_column(info=refers_to("category", "line"))
    do: Mapped[dict[str, Any]] = mapped_column(info=refers_to("queue", "menu", "audio"))
    state: Mapped[str]
    position: Mapped[int]
