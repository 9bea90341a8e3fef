"""How a queue rings, how long it lets callers wait, and where they go otherwise.

Revision ID: 2026_11_28_queue_rules
Revises: 2026_11_28_api_token
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_28_queue_rules"
down_revision = "2026_11_28_api_token"
branch_labels = None
depends_on = None


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("ring", sa.String(), server_default="all", nullable=False),
        sa.Column("ring_seconds", sa.Integer(), nullable=True),
        sa.Column("wrap_up_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("max_wait_seconds", sa.Integer(), nullable=True),
        sa.Column("max_waiting", sa.Integer(), nullable=True),
        sa.Column("otherwise", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    for column in _columns():
        op.add_column("queue", column)


def downgrade() -> None:
    for column in _columns():
        op.drop_column("queue", column.name)
