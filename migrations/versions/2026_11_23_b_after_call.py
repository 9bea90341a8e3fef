"""What operators note after a call.

Revision ID: 2026_11_23_b_after_call
Revises: 2026_11_23_a_theme
"""

from alembic import op

revision = "2026_11_23_b_after_call"
down_revision = "2026_11_23_a_theme"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")


def downgrade() -> None:
    pass
