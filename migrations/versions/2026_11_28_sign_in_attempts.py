"""Attempts to sign in are counted for all workers, and not forgotten when one is replaced.

Revision ID: 2026_11_28_sign_in_attempts
Revises: 2026_11_28_holiday_lines
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_sign_in_attempts"
down_revision = "2026_11_28_holiday_lines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_key", "sign_in_attempt", ["key", "at"])
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"])


def downgrade() -> None:
    op.drop_table("sign_in_attempt")
