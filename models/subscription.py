"""Subscriptions to lists that others keep."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Owned, Text200, Text1000


class SubscriptionSource(StrEnum):
    """Where a list comes from."""

    FILE = "file"
    URL = "url"
    ARCEP = "arcep"
    PHONEBLOCK = "phoneblock"


class RenewalFault(StrEnum):
    """Why the last renewal has changed nothing."""

    NO_CONNECTION = "no_connection"
    TIMEOUT = "timeout"
    PRIVATE_TARGET = "private_target"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    KEY_REFUSED = "key_refused"
    TOO_OFTEN = "too_often"
    SECRET_UNREADABLE = "secret_unreadable"  # noqa: S105  a name
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    SHRUNK = "shrunk"
    GROWN = "grown"
    FAILED = "failed"


class SubscriptionRecord(Identified, Base):
    """One list, put on our ``list`` of that name: see :class:`filters.subscription.Subscription`. ``source`` is a
    :class:`SubscriptionSource`, ``country`` (ISO 3166 alpha-2) reads national forms, None for the company's; ``sealed`` is
    the key of the source's API, encrypted, and ``min_votes`` what PhoneBlock's numbers need.

    ``generation`` names the content that counts (:class:`SubscriptionPart`), empty before there is any, with ``entries``
    numbers and patterns. ``etag`` and ``last_modified`` are what the server said of it, ``source_version`` PhoneBlock's, and
    ``whole_at`` when it last came as a whole. ``skipped`` are its lines that nobody could use.

    ``tried_at`` and ``renewed_at`` are of the last attempt and of the last that succeeded, also if nothing was new; of an
    attempt that failed, ``fault`` is a :class:`RenewalFault`, with the server's ``fault_status`` or the ``fault_entries``
    that came. After ``failures`` in a row the next one is due at ``next_try_at``; None: never by itself."""

    __tablename__ = "subscription"
    resource = "subscriptions"
    __table_args__ = (Index("ix_subscription_next_try_at", "next_try_at", postgresql_where="next_try_at IS NOT NULL"),)

    name: Mapped[str] = mapped_column(Text200)
    list: Mapped[str] = mapped_column(default="blacklist", server_default="blacklist")
    source: Mapped[str]
    url: Mapped[str | None] = mapped_column(Text1000)
    country: Mapped[str | None]
    sealed: Mapped[str | None]
    min_votes: Mapped[int] = mapped_column(default=4, server_default="4")
    state: Mapped[str] = mapped_column(default="shadow", server_default="shadow")
    treatment: Mapped[str | None]
    entries: Mapped[int] = mapped_column(default=0, server_default="0")
    skipped: Mapped[int] = mapped_column(default=0, server_default="0")
    generation: Mapped[str] = mapped_column(default="", server_default="")
    etag: Mapped[str] = mapped_column(Text200, default="", server_default="")
    last_modified: Mapped[str] = mapped_column(Text200, default="", server_default="")
    source_version: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    whole_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    renewed_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    fault: Mapped[str | None]
    fault_status: Mapped[int | None]
    fault_entries: Mapped[int | None]


class SubscriptionPart(Owned, Base):
    """A piece of a subscription's content, in the form of :mod:`filters.subscribed_numbers`: every worker reads it once. In
    pieces, so that no statement takes long."""

    __tablename__ = "subscription_part"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "subscription_id"], ["subscription.tenant_id", "subscription.id"], ondelete="CASCADE"
        ),
    )

    subscription_id: Mapped[str] = mapped_column(primary_key=True)
    generation: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


def shadow_hits_of(subscription_id: str) -> str:
    """The entry in :class:`models.ListHit` that counts the calls which a list would have blocked while it was only watched;
    its own id counts those that it has blocked."""
    return f"{subscription_id}:shadow"
