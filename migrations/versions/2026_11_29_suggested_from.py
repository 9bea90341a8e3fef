"""Suggestions remember the category from which they would take a client.

Revision ID: 2026_11_29_suggested_from
Revises: 2026_11_29_whose_calls
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_suggested_from"
down_revision = "2026_11_29_whose_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("segment_suggestion", sa.Column("own_category_id", sa.String(), nullable=True))
    op.execute(
        "UPDATE segment_suggestion s SET own_category_id = c.category_id FROM client c"
        " WHERE c.tenant_id = s.tenant_id AND c.id = s.client_id AND s.state = 'open'"
    )


def downgrade() -> None:
    op.drop_column("segment_suggestion", "own_category_id")
