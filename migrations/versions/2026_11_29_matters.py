"""Complaints, questions and orders; marks by the caller's key.

Revision ID: 2026_11_29_matters
Revises: 2026_11_29_erasures
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_matters"
down_revision = "2026_11_29_erasures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("queue", sa.Column("asks_satisfaction", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("call_note", sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "matter",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="registered", nullable=False),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(1000), server_default="", nullable=False),
        sa.Column("lesson", sa.String(1000), server_default="", nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_matter_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name="pk_matter"),
    )
    op.create_index("ix_matter_due", "matter", ["tenant_id", "state", "due_at"])
    op.create_index("ix_matter_client", "matter", ["tenant_id", "client_id"])
    op.create_index("ix_matter_call", "matter", ["tenant_id", "call_id"])
    op.create_index(
        "uq_matter_rated", "matter", ["tenant_id", "call_id"], unique=True,
        postgresql_where=sa.text("satisfaction IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("matter")
    op.drop_column("call_note", "rated_at")
    op.drop_column("queue", "asks_satisfaction")
