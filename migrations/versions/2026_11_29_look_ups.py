"""Programs that are asked who calls, and what they have answered.

Revision ID: 2026_11_29_look_ups
Revises: 2026_11_29_card_fields
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_29_look_ups"
down_revision = "2026_11_29_card_fields"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "look_up",
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("description", sa.String(length=200), server_default="", nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("sealed_token", sa.String(), nullable=True),
        sa.Column("timeout_seconds", sa.Integer(), server_default="2", nullable=False),
        sa.Column("cache_seconds", sa.Integer(), server_default="300", nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_fault", sa.String(), nullable=True),
        sa.Column("last_milliseconds", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_look_up_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_look_up")),
    )
    op.create_table(
        "look_up_answer",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("look_up_id", sa.String(), nullable=False),
        sa.Column("fields", JSONB(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_look_up_answer_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "look_up_id"], ["look_up.tenant_id", "look_up.id"],
            name=op.f("fk_look_up_answer_tenant_id_look_up_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "number", "look_up_id", name=op.f("pk_look_up_answer")),
    )  # fmt: skip
    op.create_index("ix_look_up_answer_asked", "look_up_answer", ["asked_at"])


def downgrade() -> None:
    op.drop_table("look_up_answer")
    op.drop_table("look_up")
