"""Lines that somebody has opened or closed by hand.

Revision ID: 2026_11_29_by_hand
Revises: 2026_11_28_callback_facts
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_by_hand"
down_revision = "2026_11_28_callback_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("line", sa.Column("by_hand", sa.String(), nullable=True))
    op.add_column("line", sa.Column("by_hand_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("line", "by_hand_until")
    op.drop_column("line", "by_hand")
