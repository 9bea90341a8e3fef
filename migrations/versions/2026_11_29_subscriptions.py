"""Subscriptions to lists that others keep.

Revision ID: 2026_11_29_subscriptions
Revises: 2026_11_29_rehearsed_forms
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_subscriptions"
down_revision = "2026_11_29_rehearsed_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "subscription",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("list", sa.String(), server_default="blacklist", nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("sealed", sa.String(), nullable=True),
        sa.Column("min_votes", sa.Integer(), server_default="4", nullable=False),
        sa.Column("state", sa.String(), server_default="shadow", nullable=False),
        sa.Column("treatment", sa.String(), nullable=True),
        sa.Column("entries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("skipped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("generation", sa.String(), server_default="", nullable=False),
        sa.Column("etag", sa.String(length=200), server_default="", nullable=False),
        sa.Column("last_modified", sa.String(length=200), server_default="", nullable=False),
        sa.Column("source_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("whole_at", moment, nullable=True),
        sa.Column("tried_at", moment, nullable=True),
        sa.Column("renewed_at", moment, nullable=True),
        sa.Column("next_try_at", moment, nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("fault_status", sa.Integer(), nullable=True),
        sa.Column("fault_entries", sa.Integer(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_subscription_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_subscription")),
    )
    op.create_index(
        "ix_subscription_next_try_at", "subscription", ["next_try_at"],
        postgresql_where=sa.text("next_try_at IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "subscription_part",
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("generation", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_subscription_part_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"], ["subscription.tenant_id", "subscription.id"],
            name=op.f("fk_subscription_part_tenant_id_subscription_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "subscription_id", "generation", "part", name=op.f("pk_subscription_part")
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("subscription_part")
    op.drop_table("subscription")
