"""The PINs of VIP entries."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, within_tenant


class VipPin(Identified, Base):
    """The PIN of the VIP entry with the same ``id``, ``sealed`` by the installation's key (:mod:`filters.vip_pin`): it can
    be compared and never read."""

    __tablename__ = "vip_pin"
    __table_args__ = (within_tenant("id", "vip_entry", ondelete="CASCADE"),)

    sealed: Mapped[str] = mapped_column()
