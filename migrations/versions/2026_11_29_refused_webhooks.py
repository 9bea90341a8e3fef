"""Requests of providers that were not rightly signed, for whoever looks for the reason.

Revision ID: 2026_11_29_refused_webhooks
Revises: 2026_11_29_by_hand
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_refused_webhooks"
down_revision = "2026_11_29_by_hand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_webhook",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("computed", sa.String(), nullable=False),
        sa.Column("signed", sa.String(), server_default="", nullable=False),
        sa.Column("count", sa.Integer(), server_default="1", nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name="fk_refused_webhook_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_refused_webhook"),
        sa.UniqueConstraint(
            "tenant_id", "provider", "fault", "computed", "signed",
            name="uq_refused_webhook_tenant_id_provider_fault_computed_signed",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("refused_webhook")
