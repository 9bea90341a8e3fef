"""What sales say about clients: segments, the borders between them, and what they suggest."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Owned, within_tenant


class LifeCycle(StrEnum):
    """The stages of a client, in the order in which they come."""

    POTENTIAL = "potential"
    NEW = "new"
    REGULAR = "regular"
    LOST = "lost"
    RESTORED = "restored"


class Loyalty(StrEnum):
    """In how many of the months somebody bought."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ProductStanding(StrEnum):
    """How a client stands to a product."""

    HAS = "has"
    OFFERED = "offered"
    REFUSED = "refused"
    NOT_YET = "not_yet"


class Suggested(StrEnum):
    """What has become of a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class SegmentBorders(Identified, Base):
    """What a company has decided about its segments; one row, whose id is ``borders``. See
    :class:`app.sales.borders.Borders` for the meaning of the columns."""

    __tablename__ = "segment_borders"

    months: Mapped[int]
    abc_a: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    abc_b: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    xyz_x: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    xyz_y: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    new_months: Mapped[int]
    lost_months: Mapped[int]
    loyal_high: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    loyal_medium: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    rates: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    suggests: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class SegmentWish(Identified, Base):
    """Somebody has changed what segments follow from. Whoever computes them takes the wishes away that came before."""

    __tablename__ = "segment_wish"


class SegmentState(Owned, Base):
    """When a company's segments were computed last. ``day`` is the day for which, in the company's time zone, ``since`` the
    first that counts for revenue. ``sales`` were looked at, of which ``not_counted`` are in a currency without a rate.
    ``revenue`` is what all clients with more sales than returns brought; of what was ``paid``, before returns, the part
    ``repeated`` did not come with a first purchase. ``seconds`` is how long it took."""

    __tablename__ = "segment_state"

    computed_at: Mapped[datetime]
    day: Mapped[date]
    since: Mapped[date]
    currency: Mapped[str]
    clients: Mapped[int]
    sales: Mapped[int]
    not_counted: Mapped[int]
    revenue: Mapped[Decimal] = mapped_column(Numeric)
    paid: Mapped[Decimal] = mapped_column(Numeric)
    repeated: Mapped[Decimal] = mapped_column(Numeric)
    seconds: Mapped[float]


class ClientSegment(Owned, Base):
    """The segments of one client who has sales, and the numbers by which. Amounts are in the company's currency; ``share``,
    ``cumulated``, ``variation``, ``loyalty_share`` and ``repeat_share`` are percentages."""

    __tablename__ = "client_segment"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "client_id"], ["client.tenant_id", "client.id"], ondelete="CASCADE"),
        Index("ix_client_segment_revenue", "tenant_id", "revenue"),
    )

    client_id: Mapped[str] = mapped_column(primary_key=True)
    abc: Mapped[str | None] = mapped_column(String(1))
    xyz: Mapped[str | None] = mapped_column(String(1))
    life_cycle: Mapped[str]
    loyalty: Mapped[str | None]
    revenue: Mapped[Decimal | None] = mapped_column(Numeric)
    share: Mapped[Decimal | None] = mapped_column(Numeric)
    cumulated: Mapped[Decimal | None] = mapped_column(Numeric)
    place: Mapped[int | None]
    months: Mapped[int]
    monthly: Mapped[Decimal | None] = mapped_column(Numeric)
    variation: Mapped[Decimal | None] = mapped_column(Numeric)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    back_day: Mapped[date | None]
    settlements: Mapped[int]
    returns: Mapped[int]
    active_months: Mapped[int]
    loyalty_months: Mapped[int]
    loyalty_share: Mapped[Decimal | None] = mapped_column(Numeric)
    repeat_share: Mapped[Decimal | None] = mapped_column(Numeric)
    relation_days: Mapped[int | None]
    products_used: Mapped[int] = mapped_column(default=0, server_default="0")
    products_meant: Mapped[int] = mapped_column(default=0, server_default="0")


class ProductSold(Owned, Base):
    """That a client has bought a product, and when first and last: as the segments were computed. Rows of clients who are
    gone go with the next computation; foreign keys would be looked at a million times by it."""

    __tablename__ = "product_sold"
    __table_args__ = (Index("ix_product_sold_product", "tenant_id", "product_id"),)

    client_id: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(primary_key=True)
    first_day: Mapped[date]
    last_day: Mapped[date]


class ProductState(Owned, Base):
    """What was said about a product and a client: ``has``, ``offered``, ``refused`` or ``not_yet``, since ``at``. Like a
    note it outlives the card."""

    __tablename__ = "product_state"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "product_id"], ["product.tenant_id", "product.id"], ondelete="CASCADE"),
        Index("ix_product_state_product", "tenant_id", "product_id"),
    )

    client_id: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]


class SegmentMovement(Owned, Base):
    """How many clients came from one stage of the life cycle into another during ``month`` (its first day), or stayed: those
    who were of the class ``abc``, at the ``stage`` and of the category (empty: of none) when it was computed."""

    __tablename__ = "segment_movement"

    month: Mapped[date] = mapped_column(primary_key=True)
    before: Mapped[str] = mapped_column(primary_key=True)
    after: Mapped[str] = mapped_column(primary_key=True)
    abc: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    category_id: Mapped[str] = mapped_column(primary_key=True)
    clients: Mapped[int]


class SegmentSuggestion(Identified, Base):
    """That a client should be of another category, because of a ``segment``. ``state`` is ``open``, ``accepted`` or
    ``dismissed``; the numbers are those of the moment at which it was made, and ``own_category_id`` is the category, if any,
    of which the client was then: it has no foreign key, since that category may go."""

    __tablename__ = "segment_suggestion"
    __table_args__ = (
        within_tenant("client_id", "client", ondelete="CASCADE"),
        within_tenant("category_id", "category", ondelete="CASCADE"),
        Index("uq_segment_suggestion", "tenant_id", "client_id", "category_id", "segment", unique=True),
        Index("ix_segment_suggestion_state", "tenant_id", "state", "id"),
    )

    client_id: Mapped[str]
    category_id: Mapped[str]
    own_category_id: Mapped[str | None]
    segment: Mapped[str]
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    revenue: Mapped[Decimal | None] = mapped_column(Numeric)
    share: Mapped[Decimal | None] = mapped_column(Numeric)
    cumulated: Mapped[Decimal | None] = mapped_column(Numeric)
    variation: Mapped[Decimal | None] = mapped_column(Numeric)
    last_day: Mapped[date | None]
    decided_by: Mapped[str] = mapped_column(default="", server_default="")
    decided_at: Mapped[datetime | None]
