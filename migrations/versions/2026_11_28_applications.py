"""The application by which an account's new calls are placed.

Revision ID: 2026_11_28_applications
Revises: 2026_11_28_fake_queue_rates
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_applications"
down_revision = "2026_11_28_fake_queue_rates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("provider_account", sa.Column("application", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("provider_account", "application")
