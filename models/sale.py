"""What clients have bought: products, and sales as files bring them."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Owned, Text200


class Product(Identified, Base):
    """Something that is sold. ``segments`` are the codes of the clients for whom it is meant."""

    __tablename__ = "product"
    resource = "products"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text200)
    segments: Mapped[list[str]] = mapped_column(default=list, server_default="[]")


class Sale(Owned, Base):
    """One line of an imported file; a return has a negative ``amount``. ``client_id`` is who it was when the file came: of
    those who were merged into another since then it is the other's, and it outlives a card that is deleted, so that a client
    who comes back has it. ``product_id`` has no foreign key, which would be looked at a million times by an import."""

    __tablename__ = "sale"
    __table_args__ = (
        Index("ix_sale_client", "tenant_id", "client_id", "day"),
        Index("ix_sale_product", "tenant_id", "product_id"),
    )

    import_id: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str]
    day: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    currency: Mapped[str] = mapped_column(String(3))
    product_id: Mapped[str | None]
    reference: Mapped[str] = mapped_column(Text200, default="", server_default="")
