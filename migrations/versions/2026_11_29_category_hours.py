"""Categories with opening hours of their own.

Revision ID: 2026_11_29_category_hours
Revises: 2026_11_29_movement_by_segment
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_category_hours"
down_revision = "2026_11_29_movement_by_segment"
branch_labels = None
depends_on = None

KEY = "fk_category_tenant_id_hours_id"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("category", sa.Column("hours_id", sa.String(), nullable=True))
    op.create_foreign_key(
        KEY, "category", "opening_hours", ["tenant_id", "hours_id"], ["tenant_id", "id"], ondelete="RESTRICT"
    )


def downgrade() -> None:
    op.drop_constraint(KEY, "category")
    op.drop_column("category", "hours_id")
