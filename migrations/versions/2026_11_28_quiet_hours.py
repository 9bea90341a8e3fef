"""Quiet hours of whoever is rung for VIPs.

Revision ID: 2026_11_28_quiet_hours
Revises: 2026_11_28_voicemails
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_quiet_hours"
down_revision = "2026_11_28_voicemails"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("operator", sa.Column("quiet_hours", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("operator", "quiet_hours")
