"""What callers hear, in every language of the company.

Revision ID: 2026_11_28_texts_by_language
Revises: 2026_11_28_identity
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_28_texts_by_language"
down_revision = "2026_11_28_identity"
branch_labels = None
depends_on = None

_COLUMNS = (("line", "greetings"), ("line", "closed_texts"), ("category", "greetings"), ("queue", "announcements"))


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    for table, column in _COLUMNS:
        op.add_column(
            table, sa.Column(column, postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False)
        )


def downgrade() -> None:
    for table, column in reversed(_COLUMNS):
        op.drop_column(table, column)
