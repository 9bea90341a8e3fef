"""Recordings that are made by telephone.

Revision ID: 2026_11_29_dictations
Revises: 2026_11_29_entry_reviews
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_dictations"
down_revision = "2026_11_29_entry_reviews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "dictation",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("fault", sa.String(), server_default="", nullable=False),
        sa.Column("audio_id", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_dictation_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name="pk_dictation"),
    )
    op.create_index("ix_dictation_waiting", "dictation", ["next_try_at"], postgresql_where="state = 'waiting'")


def downgrade() -> None:
    op.drop_table("dictation")
