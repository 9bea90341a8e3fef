"""Clients and their numbers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Identified, Owned, Text200, Text1000, keyed_by, sparse, within_tenant


class ClientCard(Identified, Base):
    """What an operator knows about a client. ``pinned_note`` is written for the moment when the phone rings. ``fields`` has
    values of the company's own fields, by the id of :class:`models.ClientField`; ``consent`` says what was agreed about
    keeping all this, ``consented_at`` when, and ``keep_until`` is the last day for which it was."""

    __tablename__ = "client"
    resource = "clients"
    __table_args__ = (within_tenant("category_id", "category"), within_tenant("responsible_operator_id", "operator"))

    name: Mapped[str] = mapped_column(Text200)
    company: Mapped[str] = mapped_column(Text200, default="", server_default="")
    category_id: Mapped[str | None]
    standing: Mapped[str] = mapped_column(default="ordinary", server_default="ordinary")
    language: Mapped[str | None]
    about: Mapped[str] = mapped_column(Text1000, default="", server_default="")
    pinned_note: Mapped[str] = mapped_column(Text200, default="", server_default="")
    kind: Mapped[str] = mapped_column(default="person", server_default="person", info=sparse("person"))
    emails: Mapped[list[str]] = mapped_column(default=list, server_default="[]", info=sparse([]))
    addresses: Mapped[list[str]] = mapped_column(default=list, server_default="[]", info=sparse([]))
    card_number: Mapped[str] = mapped_column(Text200, default="", server_default="", info=sparse(""))
    responsible_operator_id: Mapped[str | None] = mapped_column(info=sparse())
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="[]", info=sparse([]))
    fields: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default="{}", info=sparse({}) | keyed_by("client_field")
    )
    consent: Mapped[str] = mapped_column(Text1000, default="", server_default="", info=sparse(""))
    consented_at: Mapped[date | None] = mapped_column(info=sparse())
    keep_until: Mapped[date | None] = mapped_column(info=sparse())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
    numbers: Mapped[list["ClientNumber"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ClientNumber.position", passive_deletes=True
    )


class ClientNumber(Owned, Base):
    """A client's number (E.164). ``shared``: others use it too, so no status of the client spreads to it."""

    __tablename__ = "client_number"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "client_id"], ["client.tenant_id", "client.id"], ondelete="CASCADE"),
        Index("ix_client_number_number", "tenant_id", "number"),
        Index("ix_client_number_tail", "tenant_id", text('"right"(number, 9)')),
    )

    client_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    shared: Mapped[bool] = mapped_column(default=False, server_default="false")
    position: Mapped[int] = mapped_column(default=0, server_default="0")
