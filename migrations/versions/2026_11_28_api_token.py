"""The credential for a provider's REST API, where it is not the secret that signs webhooks.

Revision ID: 2026_11_28_api_token
Revises: 2026_11_28_somebody_else
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_api_token"
down_revision = "2026_11_28_somebody_else"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("provider_account", sa.Column("api_token", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("provider_account", "api_token")
