"""Merges of clients that can be undone.

Revision ID: 2026_11_23_d_client_merges
Revises: 2026_11_23_c_list_hits
"""

from alembic import op

revision = "2026_11_23_d_client_merges"
down_revision = "2026_11_23_c_list_hits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")


def downgrade() -> None:
    pass
