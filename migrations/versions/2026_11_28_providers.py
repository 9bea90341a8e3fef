"""Several providers: a line's provider, and the space of an account that has one.

Revision ID: 2026_11_28_providers
Revises: 2026_11_23_d_client_merges
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_providers"
down_revision = "2026_11_23_d_client_merges"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("provider_account", sa.Column("space", sa.String(), nullable=True))
    op.add_column("line", sa.Column("provider", sa.String(), server_default="twilio", nullable=False))


def downgrade() -> None:
    op.drop_column("line", "provider")
    op.drop_column("provider_account", "space")
