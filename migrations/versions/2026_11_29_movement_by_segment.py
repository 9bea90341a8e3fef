"""Movement between stages by category, class and stage.

Revision ID: 2026_11_29_movement_by_segment
Revises: 2026_11_29_look_ups
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_movement_by_segment"
down_revision = "2026_11_29_look_ups"
branch_labels = None
depends_on = None

ADDED = ("abc", "stage", "category_id")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.drop_constraint("pk_segment_movement", "segment_movement")
    for name in ADDED:
        op.add_column("segment_movement", sa.Column(name, sa.String(), server_default="", nullable=False))
        op.alter_column("segment_movement", name, server_default=None)
    op.create_primary_key("pk_segment_movement", "segment_movement", ["month", "before", "after", *ADDED, "tenant_id"])
    # What is there knows no category: it is computed again at once.
    op.execute(
        "INSERT INTO segment_wish (tenant_id, id) SELECT tenant_id, 'movement' FROM segment_state ON CONFLICT DO NOTHING"
    )


def downgrade() -> None:
    op.execute("DELETE FROM segment_movement")
    op.drop_constraint("pk_segment_movement", "segment_movement")
    for name in ADDED:
        op.drop_column("segment_movement", name)
    op.create_primary_key("pk_segment_movement", "segment_movement", ["month", "before", "after", "tenant_id"])
