"""What callers of a closed line get.

Revision ID: 2026_11_28_closed_treatment
Revises: 2026_11_28_applications
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_closed_treatment"
down_revision = "2026_11_28_applications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("line", sa.Column("closed_treatment", sa.String(), server_default="message", nullable=False))


def downgrade() -> None:
    op.drop_column("line", "closed_treatment")
