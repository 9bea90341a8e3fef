"""The tenant: a company with its lines, lists, clients and operators."""

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Text200, new_id


class Company(Base):
    """``treatments`` are the choices of :class:`routing.plan.Treatments`; what is missing has its default there.
    ``second_factor`` says who needs one (optional, admins, everybody), ``second_factor_since`` when that was decided."""

    __tablename__ = "company"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Text200)
    country: Mapped[str]
    time_zone: Mapped[str]
    language: Mapped[str]
    treatments: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    second_factor: Mapped[str] = mapped_column(default="optional", server_default="optional")
    second_factor_since: Mapped[datetime | None]
    protected: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
