"""Light or dark, as a person likes it.

Revision ID: 2026_11_23_a_theme
Revises: 2026_11_23_fallback_exports
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_a_theme"
down_revision = "2026_11_23_fallback_exports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("user_account", sa.Column("theme", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("user_account", "theme")
