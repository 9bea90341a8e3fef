"""How satisfied a caller was, in the note about a call.

Revision ID: 2026_11_28_satisfaction
Revises: 2026_11_28_queue_call_backs
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_satisfaction"
down_revision = "2026_11_28_queue_call_backs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("call_note", sa.Column("satisfaction", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("call_note", "satisfaction")
