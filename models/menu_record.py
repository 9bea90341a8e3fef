"""IVR menus."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200, refers_to

_TARGETS = refers_to("menu", "queue", "operator", "audio")


class MenuRecord(Identified, Base):
    """``prompts`` by language; ``keys`` by digit and ``otherwise`` hold targets as :class:`routing.menu.MenuTarget`."""

    __tablename__ = "menu"
    resource = "menus"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text200)
    prompts: Mapped[dict[str, Any]] = mapped_column(info=refers_to("audio"))
    keys: Mapped[dict[str, Any]] = mapped_column(info=_TARGETS)
    otherwise: Mapped[dict[str, Any] | None] = mapped_column(info=_TARGETS)
    tries: Mapped[int] = mapped_column(default=3, server_default="3")
    timeout_seconds: Mapped[int] = mapped_column(default=5, server_default="5")
