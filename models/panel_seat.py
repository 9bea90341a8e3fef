"""Operators at whose panels somebody looks."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned


class PanelSeat(Owned, Base):
    """An operator has the panel open somewhere: ``seen_at`` is renewed by every worker that has one of their streams. A row
    that is not renewed is an empty chair."""

    __tablename__ = "panel_seat"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "operator_id"], ["operator.tenant_id", "operator.id"], ondelete="CASCADE"),
    )

    operator_id: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
