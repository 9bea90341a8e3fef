"""Sales, products, and the segments of clients that follow from them.

Revision ID: 2026_11_29_segments
Revises: 2026_11_29_client_guidance
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_segments"
down_revision = "2026_11_29_client_guidance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "product",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("segments", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_product_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name="pk_product"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_product_tenant_id_name"),
    )
    op.create_table(
        "sale",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("product_id", sa.String(), nullable=True),
        sa.Column("reference", sa.String(200), server_default="", nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_sale_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "line", "tenant_id", name="pk_sale"),
    )
    op.create_index("ix_sale_client", "sale", ["tenant_id", "client_id", "day"])
    op.create_index("ix_sale_product", "sale", ["tenant_id", "product_id"])
    op.create_table(
        "segment_borders",
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("abc_a", sa.Numeric(5, 2), nullable=False),
        sa.Column("abc_b", sa.Numeric(5, 2), nullable=False),
        sa.Column("xyz_x", sa.Numeric(6, 2), nullable=False),
        sa.Column("xyz_y", sa.Numeric(6, 2), nullable=False),
        sa.Column("new_months", sa.Integer(), nullable=False),
        sa.Column("lost_months", sa.Integer(), nullable=False),
        sa.Column("loyal_high", sa.Numeric(5, 2), nullable=False),
        sa.Column("loyal_medium", sa.Numeric(5, 2), nullable=False),
        sa.Column("rates", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("suggests", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_segment_borders_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name="pk_segment_borders"),
    )
    op.create_table(
        "segment_wish",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_segment_wish_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name="pk_segment_wish"),
    )
    op.create_table(
        "segment_state",
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("clients", sa.Integer(), nullable=False),
        sa.Column("sales", sa.Integer(), nullable=False),
        sa.Column("not_counted", sa.Integer(), nullable=False),
        sa.Column("revenue", sa.Numeric(), nullable=False),
        sa.Column("paid", sa.Numeric(), nullable=False),
        sa.Column("repeated", sa.Numeric(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_segment_state_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_segment_state"),
    )
    op.create_table(
        "client_segment",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("abc", sa.String(1), nullable=True),
        sa.Column("xyz", sa.String(1), nullable=True),
        sa.Column("life_cycle", sa.String(), nullable=False),
        sa.Column("loyalty", sa.String(), nullable=True),
        sa.Column("revenue", sa.Numeric(), nullable=True),
        sa.Column("share", sa.Numeric(), nullable=True),
        sa.Column("cumulated", sa.Numeric(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("monthly", sa.Numeric(), nullable=True),
        sa.Column("variation", sa.Numeric(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("back_day", sa.Date(), nullable=True),
        sa.Column("settlements", sa.Integer(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("active_months", sa.Integer(), nullable=False),
        sa.Column("loyalty_months", sa.Integer(), nullable=False),
        sa.Column("loyalty_share", sa.Numeric(), nullable=True),
        sa.Column("repeat_share", sa.Numeric(), nullable=True),
        sa.Column("relation_days", sa.Integer(), nullable=True),
        sa.Column("products_used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("products_meant", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name="fk_client_segment_tenant_id_client_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_client_segment_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "tenant_id", name="pk_client_segment"),
    )
    op.create_index("ix_client_segment_revenue", "client_segment", ["tenant_id", "revenue"])
    op.create_table(
        "product_sold",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_product_sold_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "product_id", "tenant_id", name="pk_product_sold"),
    )
    op.create_index("ix_product_sold_product", "product_sold", ["tenant_id", "product_id"])
    op.create_table(
        "product_state",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["product.tenant_id", "product.id"],
            name="fk_product_state_tenant_id_product_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_product_state_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "product_id", "tenant_id", name="pk_product_state"),
    )
    op.create_index("ix_product_state_product", "product_state", ["tenant_id", "product_id"])
    op.create_table(
        "segment_movement",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("clients", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name="fk_segment_movement_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("month", "before", "after", "tenant_id", name="pk_segment_movement"),
    )
    op.create_table(
        "segment_suggestion",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("category_id", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("revenue", sa.Numeric(), nullable=True),
        sa.Column("share", sa.Numeric(), nullable=True),
        sa.Column("cumulated", sa.Numeric(), nullable=True),
        sa.Column("variation", sa.Numeric(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "category_id"],
            ["category.tenant_id", "category.id"],
            name="fk_segment_suggestion_tenant_id_category_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name="fk_segment_suggestion_tenant_id_client_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name="fk_segment_suggestion_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "tenant_id", name="pk_segment_suggestion"),
    )
    op.create_index("ix_segment_suggestion_state", "segment_suggestion", ["tenant_id", "state", "id"])
    op.create_index(
        "uq_segment_suggestion", "segment_suggestion", ["tenant_id", "client_id", "category_id", "segment"], unique=True
    )


def downgrade() -> None:
    op.drop_table("segment_suggestion")
    op.drop_table("segment_movement")
    op.drop_table("product_state")
    op.drop_table("product_sold")
    op.drop_table("client_segment")
    op.drop_table("segment_state")
    op.drop_table("segment_wish")
    op.drop_table("segment_borders")
    op.drop_table("sale")
    op.drop_table("product")
