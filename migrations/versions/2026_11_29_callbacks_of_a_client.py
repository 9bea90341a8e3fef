"""Call-backs are found by client as they are by number.

Revision ID: 2026_11_29_callbacks_of_a_client
Revises: 2026_11_29_category_hours
"""

from alembic import op

revision = "2026_11_29_callbacks_of_a_client"
down_revision = "2026_11_29_category_hours"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_index("ix_callback_client", "callback", ["tenant_id", "client_id"])


def downgrade() -> None:
    op.drop_index("ix_callback_client", "callback")
