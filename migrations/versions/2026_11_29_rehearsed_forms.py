"""A rehearsal that a form began keeps the form, so that nothing that was typed is lost.

Revision ID: 2026_11_29_rehearsed_forms
Revises: 2026_11_28_webhooks
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_rehearsed_forms"
down_revision = "2026_11_28_webhooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    for name in ("page", "act", "name"):
        op.add_column("rehearsal", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("rehearsal", sa.Column("typed", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    for name in ("typed", "name", "act", "page"):
        op.drop_column("rehearsal", name)
