"""People who take calls."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200, refers_to


class OperatorRecord(Identified, Base):
    """``address`` is E.164, ``sip:user@host`` or ``client:identity``; ``queue_ids`` are the queues that they serve.
    ``management`` people form the VIP chain in the order of ``position``."""

    __tablename__ = "operator"
    resource = "operators"
    __table_args__ = (UniqueConstraint("tenant_id", "address"),)

    name: Mapped[str] = mapped_column(Text200)
    address: Mapped[str]
    queue_ids: Mapped[list[str]] = mapped_column(default=list, server_default="[]", info=refers_to("queue"))
    management: Mapped[bool] = mapped_column(default=False, server_default="false")
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    ring_seconds: Mapped[int] = mapped_column(default=20, server_default="20")
    confirm: Mapped[bool] = mapped_column(default=False, server_default="false")
    available: Mapped[bool] = mapped_column(default=True, server_default="true")
