"""Of a call: that it was none of the clients who use the number.

Revision ID: 2026_11_28_somebody_else
Revises: 2026_11_28_texts_by_language
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_somebody_else"
down_revision = "2026_11_28_texts_by_language"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("call_note", sa.Column("somebody_else", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("call_note", "somebody_else")
