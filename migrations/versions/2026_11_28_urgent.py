"""Who may be rung in quiet hours when it is urgent.

Revision ID: 2026_11_28_urgent
Revises: 2026_11_28_vip_pins
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_urgent"
down_revision = "2026_11_28_vip_pins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("operator", sa.Column("quiet_unless_urgent", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("operator", "quiet_unless_urgent")
