"""After which wait a queue offers its callers to be called back.

Revision ID: 2026_11_28_queue_call_backs
Revises: 2026_11_28_wall_links
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_queue_call_backs"
down_revision = "2026_11_28_wall_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("queue", sa.Column("offer_callback_after_seconds", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("queue", "offer_callback_after_seconds")
