"""Fields of a company's own on its clients' cards."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200


class ClientField(Identified, Base):
    """One field; ``kind`` is what it holds (see :class:`app.company.client_fields.FieldKind`), ``choices`` what is chosen
    from, ``position`` its place on the card, from 1."""

    __tablename__ = "client_field"
    resource = "client-fields"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text200)
    kind: Mapped[str]
    choices: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    position: Mapped[int]
