"""People who take calls."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200, passing, refers_to
from routing.presence import PresenceState


class OperatorRecord(Identified, Base):
    """``address`` is E.164, ``sip:user@host`` or ``client:identity``; ``queue_ids`` are the queues that they serve.
    ``management`` people form the VIP chain in the order of ``position``, but for their ``quiet_hours``
    (``22:00-07:00``), in which ``quiet_unless_urgent`` lets VIPs ring who say that it is urgent. ``presence`` is a
    :class:`routing.presence.PresenceState`, and what begins with it the rest of their presence."""

    __tablename__ = "operator"
    resource = "operators"
    __table_args__ = (UniqueConstraint("tenant_id", "address"),)

    name: Mapped[str] = mapped_column(Text200)
    address: Mapped[str]
    queue_ids: Mapped[list[str]] = mapped_column(default=list, server_default="[]", info=refers_to("queue"))
    management: Mapped[bool] = mapped_column(default=False, server_default="false")
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    ring_seconds: Mapped[int] = mapped_column(default=20, server_default="20")
    quiet_hours: Mapped[str | None]
    quiet_unless_urgent: Mapped[bool] = mapped_column(default=False, server_default="false")
    confirm: Mapped[bool] = mapped_column(default=False, server_default="false")
    presence: Mapped[str] = mapped_column(default="available", server_default="available", info=passing())
    presence_reason: Mapped[str] = mapped_column(Text200, default="", server_default="", info=passing())
    presence_until: Mapped[datetime | None] = mapped_column(info=passing())
    presence_since: Mapped[datetime | None] = mapped_column(info=passing())
    presence_left: Mapped[bool] = mapped_column(default=False, server_default="false", info=passing())

    @property
    def available(self) -> bool:
        """Presence in one bit: whether calls may come."""
        return self.presence == PresenceState.AVAILABLE

    @available.setter
    def available(self, value: bool) -> None:
        self.presence = PresenceState.AVAILABLE if value else PresenceState.BREAK
