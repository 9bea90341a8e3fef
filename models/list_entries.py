"""The VIP list and the blacklist."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Owned, Text200, Text1000, refers_to


class NumberEntry(Identified):
    """One entry: ``match`` and ``number`` as in :class:`filters.pattern.Pattern`; ``lines`` are line ids, empty for all.

    ``review_at`` is when somebody ought to look at it again, None: never; ``owner`` (an e-mail address) who answers for it,
    and ``evidence_call_id`` the call that led to it. A person and a call may go, so neither has a foreign key."""

    __abstract__ = True

    match: Mapped[str]
    number: Mapped[str]
    to: Mapped[str | None]
    label: Mapped[str] = mapped_column(Text200, default="", server_default="")
    reason: Mapped[str] = mapped_column(Text1000, default="", server_default="")
    expires_at: Mapped[datetime | None]
    lines: Mapped[list[str]] = mapped_column(default=list, server_default="[]", info=refers_to("line"))
    created_by: Mapped[str] = mapped_column(default="", server_default="")
    review_at: Mapped[datetime | None]
    owner: Mapped[str | None]
    evidence_call_id: Mapped[str | None]


class VipEntry(NumberEntry, Base):
    """Somebody who walks straight in."""

    __tablename__ = "vip_entry"
    resource = "vip"
    __table_args__ = (
        Index(
            "uq_vip_entry_names", "tenant_id", "match", "number", "to", unique=True, postgresql_nulls_not_distinct=True
        ),
        Index("ix_vip_entry_label", "tenant_id", "label", "id", postgresql_where="label <> ''"),
        Index("ix_vip_entry_review", "tenant_id", "review_at", "id", postgresql_where="review_at IS NOT NULL"),
    )


class BlacklistEntry(NumberEntry, Base):
    """Somebody who waits for ever; ``treatment`` is one of :class:`filters.entries.Treatment`, None for the company's."""

    __tablename__ = "blacklist_entry"
    resource = "blacklist"
    __table_args__ = (
        Index(
            "uq_blacklist_entry_names", "tenant_id", "match", "number", "to",
            unique=True, postgresql_nulls_not_distinct=True,
        ),
        Index("ix_blacklist_entry_label", "tenant_id", "label", "id", postgresql_where="label <> ''"),
        Index("ix_blacklist_entry_review", "tenant_id", "review_at", "id", postgresql_where="review_at IS NOT NULL"),
    )  # fmt: skip

    treatment: Mapped[str | None]


class ListHit(Owned, Base):
    """How many calls an entry has decided, and the last of them. Written with the calls themselves, each call once;
    ``entry_id`` has no foreign key, so that an entry that comes back still knows."""

    __tablename__ = "list_hit"
    __table_args__ = (Index("ix_list_hit_last", "tenant_id", "last_hit_at", "entry_id"),)

    entry_id: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int] = mapped_column(BigInteger)
    last_hit_at: Mapped[datetime]
